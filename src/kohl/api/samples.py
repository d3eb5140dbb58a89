"""Something to try kohl on: a free portrait, a look to edit, and a made-up reference."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from kohl.api.studio import Studio
from kohl.core.arrays import AnyArray
from kohl.core.atomic import check_writable, write_atomically
from kohl.core.errors import OutputError
from kohl.core.extras import require
from kohl.looks.files import save_look
from kohl.looks.presets import load

SAMPLE_LOOK = "plum-evening"
"""The preset that the reference wears and that the sample look file holds."""
_HEAD = (94, 0, 354, 260)
"""The cut, xyxy in pixels of the whole picture."""


def sample_photo() -> AnyArray:
    """Return the sample portrait, (520, 520, 3) uint8 RGB: the astronaut Eileen Collins, NASA, public domain.

    Cut to head and shoulders and enlarged twice, because in the whole picture her face is only 92 pixels wide.

    Raises MissingExtraError when scikit-image, which carries it, is not installed.
    """
    photo: AnyArray = require("skimage.data", extra="samples", purpose="the sample portrait").astronaut()
    cut = PillowImage.fromarray(photo).crop(_HEAD)
    return np.asarray(cut.resize((2 * cut.width, 2 * cut.height), PillowImage.Resampling.LANCZOS))


def write_samples(folder: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write `portrait.png`, `look.json` and `reference.png` into `folder` (made if need be) and return their paths.

    The reference is the portrait mirrored, wearing that look: a made-up face that is nobody else's and needs no download.

    Raises MissingExtraError without scikit-image, OutputExistsError unless `force`, OutputError when it cannot be written.
    """
    photo, look = sample_photo(), load(SAMPLE_LOOK)
    portrait, look_file, reference = paths = tuple(folder / name for name in ("portrait.png", "look.json", "reference.png"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror or error}") from error
    for path in paths:
        check_writable(path, force=force)
    write_atomically(portrait, _png(photo), force=force)
    save_look(look, look_file, force=force)
    Studio().apply_details(np.ascontiguousarray(photo[:, ::-1]), look).save(reference, force=force)
    return paths


def _png(photo: AnyArray) -> bytes:
    """A plain file: what comes through `core.images` says that kohl made it, and this picture is as its photographer left it."""
    buffer = io.BytesIO()
    PillowImage.fromarray(photo).save(buffer, "PNG")
    return buffer.getvalue()
