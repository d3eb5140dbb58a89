"""Crops as files: one `.npz` a picture, with the face or with the reason why there is none. Never pickle."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np

from kohl.core.arrays import AnyArray
from kohl.core.atomic import write_atomically
from kohl.core.errors import OutputError
from kohl.data.crops import FaceCrop

_VERSION = 2
"""Grows when analysis or layout changes, so that old files are not taken for new ones."""


def write_crop(path: Path, crop: FaceCrop | str) -> None:
    """Write a crop, or why there is none, whole or not at all. Raises OutputError."""
    buffer = io.BytesIO()
    if isinstance(crop, str):
        np.savez_compressed(buffer, version=_VERSION, fault=crop)
    else:
        extra = {"window": np.array(crop.window), "score": np.array(crop.score)}
        arrays: dict[str, AnyArray] = {"image": crop.image, "crop_from_image": crop.crop_from_image, "points": crop.points, "masks": crop.masks}
        np.savez_compressed(buffer, version=_VERSION, **arrays, **extra)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the cache folder {path.parent}: {error.strerror or error}; name another one") from error
    write_atomically(path, buffer.getvalue(), force=True)


def read_crop(path: Path) -> FaceCrop | str | None:
    """A crop, why there is none, or None where the file is missing, damaged or of another version."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            if int(data["version"]) != _VERSION:
                return None
            if "fault" in data:
                return str(data["fault"])
            y0, y1, x0, x1 = (int(value) for value in data["window"])
            return FaceCrop(data["image"], data["crop_from_image"], data["points"], float(data["score"]), (y0, y1, x0, x1), data["masks"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
