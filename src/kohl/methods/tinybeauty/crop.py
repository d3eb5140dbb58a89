"""The square that a learned look's network sees: around the face's box, upright; no landmark is needed for it."""

from __future__ import annotations

from kohl.core.arrays import Matrix
from kohl.geometry.affine import compose, crop_from_box, rotation

CROP_SIDE = 256
"""Pixels: height and width of the network's input and output."""
CROP_SCALE = 1.4
"""Side of the square, in the longer sides of the face's box. The network is trained on squares up to a fifth larger or smaller."""


def crop_from_image(box: tuple[float, float, float, float], *, roll: float = 0.0, side: int = CROP_SIDE) -> Matrix:
    """`crop_from_image`, (2, 3): the square around a face, turned upright.

    Parameters
    ----------
    box
        xyxy of the face, in pixels of the image: mid-forehead to chin, cheek to cheek, as `Face.box`. A loose one will do.
    roll
        Degrees by which the head leans, counter-clockwise as seen (`Pose.roll`); the crop undoes it.
    side
        Height and width of the crop in pixels.

    Raises
    ------
    UsageError
        Where the box has no area.
    """
    x0, y0, x1, y1 = box
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    half = CROP_SCALE * max(x1 - x0, y1 - y0) / 2
    upright = rotation(-roll, about=(x, y))
    return compose(crop_from_box((x - half, y - half, x + half, y + half), (side, side)), upright)
