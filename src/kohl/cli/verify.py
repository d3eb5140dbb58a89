"""`kohl verify`: how a picture or a video says it was made."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kohl.cli.app import AROUND, app
from kohl.cli.verb import verb
from kohl.cli.voice import Voice
from kohl.core.errors import KohlError

if TYPE_CHECKING:
    from kohl.core.images import Provenance

Pictures = Annotated[list[Path], typer.Argument(metavar="PICTURE...", help="The pictures and videos to look into.", show_default=False)]


@verb(app, panel=AROUND, example="kohl verify out.png")
def verify(pictures: Pictures, voice: Voice) -> None:
    """Say what pictures and videos tell about how they were made: the mark that kohl writes, or another program's.

    One that cannot be read does not keep the others from being told of; the exit code is the first such one's.
    """
    found = [(picture, _look_into(picture)) for picture in pictures]
    errors = [finding for _, finding in found if isinstance(finding, KohlError)]
    lines = [f"{picture}: {_describe(finding)}" for picture, finding in found if not isinstance(finding, KohlError)]
    data: dict[str, Any] = {"pictures": [{"picture": str(picture), **_told(finding)} for picture, finding in found]}
    if errors:
        data["error"] = voice.failure(errors[0])
    voice.result("\n".join(lines), data, ok=not errors)
    codes = [voice.fail(error) for error in errors]
    if codes:
        raise typer.Exit(codes[0])


def _look_into(picture: Path) -> Provenance | KohlError:
    from kohl.core.images import read_provenance  # noqa: PLC0415  brings numpy and Pillow
    from kohl.video.marking import is_video, read_video_provenance  # noqa: PLC0415

    try:
        return read_video_provenance(picture, whole=True) if is_video(picture) else read_provenance(picture)
    except KohlError as error:
        return error


def _describe(provenance: Provenance) -> str:
    if provenance.is_marked_by_kohl:
        return f"made up with kohl {provenance.version} ({provenance.source_type})"
    if provenance.source_type:
        return f"marked {provenance.source_type} by {provenance.tool or 'an unnamed program'}"
    return "carries content credentials (C2PA), which kohl does not check" if provenance.has_c2pa else "carries no mark"


def _told(finding: Provenance | KohlError) -> dict[str, Any]:
    if isinstance(finding, KohlError):
        return {"error": Voice.failure(finding)}
    return {"made_by_kohl": finding.is_marked_by_kohl, **asdict(finding)}
