"""`kohl samples`: something to try it on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kohl.cli.app import AROUND, app
from kohl.cli.options import Force
from kohl.cli.verb import verb
from kohl.cli.voice import Voice

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write; made if need be.")]


@verb(app, panel=AROUND, example="kohl samples try")
def samples(voice: Voice, folder: Folder = Path("kohl-samples"), force: Force = False) -> None:
    """Write a portrait, a look and a made-up reference to try kohl on.

    The portrait is NASA's of Eileen Collins (public domain, from scikit-image). The reference is the same portrait mirrored, wearing
    the look in look.json.
    """
    from kohl.api.samples import SAMPLE_LOOK, write_samples  # noqa: PLC0415  heavy

    paths = [str(path) for path in write_samples(folder, force=force)]
    voice.note(f"the reference is the portrait mirrored, wearing the preset {SAMPLE_LOOK!r}")
    voice.result("\n".join(paths), {"files": paths, "look": SAMPLE_LOOK})
