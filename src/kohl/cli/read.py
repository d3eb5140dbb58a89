"""`kohl read`: which makeup a face wears."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kohl.cli.app import ONE_PHOTO, app
from kohl.cli.delivery import read_photo
from kohl.cli.options import Force, Photo
from kohl.cli.verb import verb
from kohl.cli.voice import Voice

Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write the look; without it: stdout.")]
AsShown = Annotated[
    bool, typer.Option("--as-shown", help="Lips and lids in colours that give what the photo shows, to be put on others; not the likeliest products.")
]
FaceNumber = Annotated[int, typer.Option("--face", min=0, help="Which face, counted from the largest, which is 0.")]


@verb(app, panel=ONE_PHOTO, example="kohl read reference.jpg -o look.json")
def read(photo: Photo, voice: Voice, output: Output = None, face: FaceNumber = 0, as_shown: AsShown = False, force: Force = False) -> None:
    """Read the makeup in a photo as a look: JSON that can be edited and put on others."""
    from kohl.api.explain import doubts_about  # noqa: PLC0415  brings the look models
    from kohl.api.studio import Studio  # noqa: PLC0415  heavy
    from kohl.core.atomic import check_writable  # noqa: PLC0415
    from kohl.looks.files import json_from_look, save_look  # noqa: PLC0415

    path = None if output in (None, "-") else Path(str(output))
    if path is not None:
        check_writable(path, force=force)
    reading = Studio().read_details(read_photo(photo), face=face)
    look = reading.as_shown if as_shown else reading.look
    if path is not None:
        save_look(look, path, force=force)
    if not look.layers:
        voice.note("note: no makeup was found; the look is empty, and putting it on changes nothing")
    doubts = doubts_about((), [reading])
    for doubt in doubts:
        voice.note(f"note: {doubt}")
    data = {
        "output": str(path) if path else None,
        "look": look.model_dump(mode="json"),
        "confidence": dict(reading.confidence),
        "doubts": list(doubts),
    }
    voice.result(str(path) if path else json_from_look(look).rstrip(), data)
