"""The pictures that are timed: one portrait at several sizes, and a picture of fixed size with more and more faces in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PillowImage

from kohl.api.samples import sample_photo
from kohl.api.studio import Studio
from kohl.core.arrays import AnyArray
from kohl.core.depth import as_bytes
from kohl.core.images import open_image
from kohl.looks.presets import load

LOOK = "plum-evening"
"""The preset that is put on, and that the reference wears: lips, lids, liner, cheeks and brows."""
_QUALITY = 95
_READ = 1024
"""Pixels: longest side at which the reference is painted before it is brought to the sizes that are timed."""


@dataclass(frozen=True)
class Pair:
    """Two JPEG files of one size: a photo, and the same face mirrored and made up."""

    photo: Path
    reference: Path


class Album:
    """Makes and keeps the pictures in `folder`, a temporary one. Every picture is square."""

    def __init__(self, folder: Path, photo: Path | None = None) -> None:
        """Take the portrait in the file `photo`, or the sample portrait.

        Raises MissingExtraError when there is no sample here, InputError when `photo` cannot be read, FaceError without a face in it.
        """
        self._folder = folder
        self._face = sample_photo() if photo is None else as_bytes(open_image(photo).pixels)
        painted = Studio().apply(np.ascontiguousarray(_resized(self._face, _READ)[:, ::-1]), load(LOOK))
        self._reference: AnyArray = painted

    def pair(self, side: int, faces: int = 1, slots: int = 1) -> Pair:
        """A photo of `side` × `side` pixels with `faces` of the `slots` places on it taken, and a reference of that size with one face.

        The places make a square grid, every other face mirrored; an empty one is a flat colour. So more faces mean no more pixels.
        """
        stem = f"{side}-{faces}-of-{slots}"
        photo, reference = self._folder / f"{stem}.jpg", self._folder / f"{side}-reference.jpg"
        for path, picture in ((photo, self._tiled(side, faces, slots)), (reference, _resized(self._reference, side))):
            if not path.exists():
                PillowImage.fromarray(picture).save(path, quality=_QUALITY)
        return Pair(photo, reference)

    def _tiled(self, side: int, faces: int, slots: int) -> AnyArray:
        across = math.ceil(math.sqrt(slots))
        tile = side // across
        face = _resized(self._face, tile)
        picture = np.full((side, side, 3), face.mean(axis=(0, 1)), np.uint8)
        for number in range(faces):
            y, x = tile * (number // across), tile * (number % across)
            picture[y : y + tile, x : x + tile] = face[:, ::-1] if number % 2 else face
        return picture


def _resized(picture: AnyArray, side: int) -> AnyArray:
    """The (side, side, 3) middle of a uint8 picture."""
    height, width = picture.shape[:2]
    short = min(height, width)
    y, x = (height - short) // 2, (width - short) // 2
    method = cv2.INTER_AREA if side < short else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture[y : y + short, x : x + short], (side, side), interpolation=method))
