"""What a person can turn: the keywords of `apply` and `transfer`, said once, and what they come down to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypedDict

import numpy as np

from kohl.core.checks import check_unit
from kohl.core.errors import UnknownNameError, UsageError
from kohl.core.region import Region, Regions, parse_regions
from kohl.methods.base import Controls, Detail

Strength: TypeAlias = float | Mapping[str, float]
"""One number for everything, or numbers per region; the key "all" stands for the regions that are not named."""

FaceChoice: TypeAlias = Literal["largest", "all"] | int
"""The largest face, all of them, or the N largest."""

_ALL = "all"
_SAVING = ("out", "force")
"""Keywords of `apply` and `transfer` that are about the file, not the face."""
_TEXTURES = {"keep": 0.0, "copy": 1.0}


class Knobs(TypedDict, total=False):
    """Keywords of `apply`; every one can be left out."""

    only: Regions | None
    """Make up these regions and leave the others as they are."""
    without: Regions | None
    """Leave these regions as they are."""
    strength: Strength
    """0 leaves the photo as it is, bit for bit; 1 (default) is the look as described."""
    faces: FaceChoice
    """Which faces are made up: "largest" (default), "all", or how many of the largest."""
    seed: int
    """Everything random comes from this number (default 0): same seed, same picture."""


class TransferKnobs(Knobs, total=False):
    """Keywords of `transfer`: those of `apply` and what concerns the reference."""

    reference_for: Mapping[str, Any] | None
    """Region → another reference (a photo or a Reading) that this region is taken from."""
    texture: float | Literal["keep", "copy"]
    """0 or "keep" (default) keeps the person's own skin texture, 1 or "copy" takes the reference's."""
    detail: Detail
    """"film" (default) carries the makeup over point by point, "layers" only what a look can say."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Knobs, resolved: which faces, and the controls that the method gets."""

    faces: FaceChoice
    controls: Controls


def plan_from(knobs: Knobs | TransferKnobs, kind: type) -> Plan:
    """Resolve `knobs`, which may hold the keys of `kind` (Knobs or TransferKnobs) and no other.

    Raises UsageError (UnknownNameError for a name) for what does not exist or is out of range.
    """
    check_names(knobs, kind)
    transfer: TransferKnobs = {**knobs}
    _check_references(transfer.get("reference_for"))
    controls = Controls(
        strengths=resolve_strengths(knobs.get("only"), knobs.get("without"), knobs.get("strength", 1.0)),
        texture=_texture(transfer.get("texture", 0.0)),
        detail=transfer.get("detail", "film"),
        seed=_seed(knobs.get("seed", 0)),
    )
    return Plan(_face_choice(knobs.get("faces", "largest")), controls)


def check_names(knobs: Iterable[str], kind: type, *, saves: bool = False) -> None:
    """Require names of `kind`'s knobs. `saves`: the call takes `out` and `force` too, so they are among the known ones.

    Raises UnknownNameError, or UsageError that says where saving is done instead.
    """
    known = (*kind.__annotations__, *(_SAVING if saves else ()))
    for name in knobs:
        if name in _SAVING and not saves:
            raise UsageError(f"expected {', '.join(known)}, got {name!r}; the outcome's own save(path, force=True) writes it")
        if name not in known:
            raise UnknownNameError("keyword", name, known)


def resolve_strengths(only: Regions | None, without: Regions | None, strength: Strength) -> dict[Region, float]:
    """Return every region's strength, 0 to 1: 0 where `only` and `without` leave it out."""
    strengths = _strength_per_region(strength)
    kept = frozenset(Region) if only is None else parse_regions(only)
    if without is not None:
        kept -= parse_regions(without)
    return {region: value if region in kept else 0.0 for region, value in strengths.items()}


def parse_strength(texts: Iterable[str]) -> dict[str, float]:
    """Read strengths as they are typed, `0.8` and `lips=1`, into what `strength` takes. Raises UsageError for anything else."""
    strengths: dict[str, float] = {}
    for text in texts:
        name, equals, number = text.rpartition("=")
        try:
            strengths[Region.parse(name).value if equals else _ALL] = float(number)
        except ValueError:
            raise UsageError(f"strength must be a number such as 0.8 or a region's such as lips=0.8, got {text!r}") from None
    return strengths


def parse_faces(text: str) -> FaceChoice:
    """Read "largest", "all" or a count as it is typed. Raises UsageError for anything else."""
    return _face_choice(int(text) if text.isdecimal() else text)


def parse_texture(text: str) -> float:
    """Read "keep", "copy" or a number as it is typed. Raises UsageError for anything else."""
    return _texture(text)


def _strength_per_region(strength: Strength) -> dict[Region, float]:
    if not isinstance(strength, Mapping):
        return dict.fromkeys(Region, check_unit(strength, name="strength"))
    if not all(isinstance(name, str) for name in strength):
        raise UsageError(f"strength must be a number or numbers per region such as {{'all': 0.8, 'lips': 1.0}}, got {strength!r}")
    named = {Region.parse(name): check_unit(value, name=f"strength of {name}") for name, value in strength.items() if name != _ALL}
    return dict.fromkeys(Region, check_unit(strength.get(_ALL, 1.0), name="strength")) | named


def _texture(texture: float | str) -> float:
    try:
        number = _TEXTURES[texture] if isinstance(texture, str) and texture in _TEXTURES else float(texture)
    except (TypeError, ValueError):
        raise UsageError(f"texture must be 'keep', 'copy' or a number from 0 to 1, got {texture!r}") from None
    return check_unit(number, name="texture")


def _check_references(references: object) -> None:
    if references is not None and not isinstance(references, Mapping):
        raise UsageError(f"reference_for must be references per region, such as {{'eyes': 'b.jpg'}}, got {type(references).__name__}")


def _seed(seed: object) -> int:
    if isinstance(seed, int | np.integer) and not isinstance(seed, bool) and seed >= 0:
        return int(seed)
    raise UsageError(f"seed must be a whole number from 0 up, got {seed!r}")


def _face_choice(faces: object) -> FaceChoice:
    if faces == "largest" or faces == "all":  # noqa: PLR1714  the type checker narrows this form only
        return faces
    if isinstance(faces, int) and not isinstance(faces, bool) and faces >= 1:
        return faces
    raise UsageError(f"faces must be 'largest', 'all' or a count from 1 up, got {faces!r}")
