"""The options that verbs share, each said once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import typer

from kohl.core.errors import UsageError

if TYPE_CHECKING:
    from kohl.api.knobs import Knobs, TransferKnobs

Photo = Annotated[str, typer.Argument(metavar="PHOTO", help="The photo of a face; - reads it from stdin.", show_default=False)]
Force = Annotated[bool, typer.Option("--force", "-f", help="Replace files that are already there.")]


@dataclass(frozen=True, slots=True)
class Painting:
    """What is painted and how strongly: the knobs of `apply`."""

    panel: ClassVar[str] = "Painting"

    only: Annotated[str | None, typer.Option(metavar="REGIONS", help="Make up these regions only: lips, eyes, brows, cheeks, skin.")] = None
    without: Annotated[str | None, typer.Option(metavar="REGIONS", help="Leave these regions as they are.")] = None
    strength: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER|REGION=NUMBER", help="0 (nothing) to 1 (as described, the default); for one region: lips=0.5. Repeatable."),
    ] = None
    faces: Annotated[str, typer.Option(metavar="largest|all|N", help="Which faces: the largest, all, or the N largest.")] = "largest"
    seed: Annotated[int, typer.Option(help="Where glitter and lashes fall; same seed, same picture.")] = 0

    def knobs(self) -> Knobs:
        """These options as keywords of `Studio.apply`. Raises UsageError for what cannot be read."""
        from kohl.api.knobs import Knobs, parse_faces, parse_strength  # noqa: PLC0415  brings numpy

        return Knobs(
            only=self.only, without=self.without, strength=parse_strength(self.strength or ()), faces=parse_faces(self.faces), seed=self.seed
        )


@dataclass(frozen=True, slots=True)
class FromReference:
    """What concerns the reference of a transfer."""

    panel: ClassVar[str] = "Reference"

    reference_for: Annotated[
        list[str] | None, typer.Option(metavar="REGION=PHOTO", help="Take one region from another photo, such as eyes=b.jpg. Repeatable.")
    ] = None
    texture: Annotated[str, typer.Option(metavar="keep|copy|0..1", help="Keep the person's own skin texture, or take the reference's.")] = "keep"
    detail: Annotated[
        Literal["film", "layers"], typer.Option(help="film carries the makeup over point by point, layers only what a look can say.")
    ] = "film"

    def knobs(self, painting: Painting) -> TransferKnobs:
        """These options and `painting` as keywords of `Studio.transfer`. Raises UsageError for what cannot be read."""
        from kohl.api.knobs import TransferKnobs, parse_texture  # noqa: PLC0415  brings numpy

        return TransferKnobs(
            **painting.knobs(), reference_for=_pairs(self.reference_for or ()), texture=parse_texture(self.texture), detail=self.detail
        )


@dataclass(frozen=True)
class Wearing:
    """The look that is put on."""

    panel: ClassVar[str] = "Look"

    look: Annotated[
        str | None,
        typer.Option(
            "--look",
            "-l",
            metavar="LOOK",
            help="A preset (kohl looks list), a look file, words ('matte red lips'), or a learned look: mine.onnx, eyes=a.onnx,lips=b.onnx.",
        ),
    ] = None
    allow_unknown: Annotated[bool, typer.Option("--allow-unknown", help="Go on when some of the words are not understood.")] = False


@dataclass(frozen=True, slots=True)
class Writing:
    """How results are written."""

    panel: ClassVar[str] = "Files"

    force: Force = False
    keep_metadata: Annotated[
        bool, typer.Option("--keep-metadata", help="Keep EXIF and its like, GPS position included; otherwise they are dropped.")
    ] = False


@dataclass(frozen=True, slots=True)
class Showing:
    """Where one result goes, and what is shown with it."""

    panel: ClassVar[str] = "Result"

    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is stdout. Without it: NAME.kohl.EXT beside the photo.")
    ] = None
    compare: Annotated[bool, typer.Option("--compare", help="Also write NAME.compare.EXT: before and after, side by side.")] = False
    explain: Annotated[bool, typer.Option("--explain", help="Say what was done, region by region, and how the words were understood.")] = False


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    """Read `REGION=PHOTO`s."""
    pairs = {}
    for text in texts:
        region, equals, photo = text.partition("=")
        if not (region and equals and photo):
            raise UsageError(f"reference-for must be REGION=PHOTO such as eyes=b.jpg, got {text!r}")
        pairs[region] = photo
    return pairs
