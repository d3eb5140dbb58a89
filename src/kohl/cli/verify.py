"""`kohl verify`: how a picture or a video says it was made."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kohl.cli.app import AROUND, app
from kohl.cli.verb import verb
from kohl.cli.voice import Voice

Pictures = Annotated[list[Path], typer.Argument(metavar="PICTURE...", help="The pictures and videos to look into.", show_default=False)]


@verb(app, panel=AROUND, example="kohl verify out.png")
def verify(pictures: Pictures, voice: Voice) -> None:
    """Say what pictures and videos tell about how they were made: the mark that kohl writes, or another program's."""
    from kohl.core.images import Provenance, read_provenance  # noqa: PLC0415  brings numpy and Pillow
    from kohl.video.marking import is_video, read_video_provenance  # noqa: PLC0415

    def describe(provenance: Provenance) -> str:
        if provenance.is_marked_by_kohl:
            return f"made up with kohl {provenance.version} ({provenance.source_type})"
        if provenance.source_type:
            return f"marked {provenance.source_type} by {provenance.tool or 'an unnamed program'}"
        return "carries content credentials (C2PA), which kohl does not check" if provenance.has_c2pa else "carries no mark"

    found = [(picture, read_video_provenance(picture) if is_video(picture) else read_provenance(picture)) for picture in pictures]
    lines = [f"{picture}: {describe(provenance)}" for picture, provenance in found]
    data = [{"picture": str(picture), "made_by_kohl": provenance.is_marked_by_kohl, **asdict(provenance)} for picture, provenance in found]
    voice.result("\n".join(lines), {"pictures": data})
