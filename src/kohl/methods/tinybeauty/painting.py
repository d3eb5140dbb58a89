"""A learned look on one face of a picture: cut, ask the network, bring its residual to full size, add."""

from __future__ import annotations

import math

import numpy as np

from kohl.core.arrays import AnyArray, Box, FloatArray, Image, Mask, Matrix
from kohl.core.checks import check_mask, check_unit
from kohl.geometry.affine import apply, compose, invert, translation
from kohl.geometry.warp import warp_image
from kohl.methods.tinybeauty.crop import CROP_SIDE, crop_from_image
from kohl.methods.tinybeauty.upsampling import fade_rim, upsample_residual
from kohl.methods.tinybeauty.worn import CropRegions, ResidualLook

_NOTHING = 1 / 1024
"""A residual under a quarter of an 8-bit step is the network's noise, not makeup: skin that wears none stays bit-identical."""


def paint_learned(
    image: Image,
    box: tuple[float, float, float, float],
    roll: float,
    look: ResidualLook,
    *,
    strength: float = 1.0,
    mask: Mask | None = None,
    regions: CropRegions | None = None,
) -> Image:
    """Put a learned look on one face; a face box is enough.

    Parameters
    ----------
    image
        (H, W, 3) float32 RGB, sRGB-encoded, [0, 1]; never changed.
    box
        xyxy of the face in pixels, as `Face.box`; a loose one will do.
    roll
        Degrees by which the head leans, counter-clockwise as seen.
    look
        The learned look.
    strength
        0 gives the picture back bit for bit, 1 is the look as learned; between them the residual is scaled.
    mask
        (H, W) in [0, 1]: where, and how much of it. None: wherever the look reaches.
    regions
        Where this face's regions lie in the crop, for a look that is joined from several; see `ResidualLook.residual`.

    Returns
    -------
    A new (H, W, 3) picture, [0, 1], bit-identical to `image` outside the crop and wherever the look puts nothing.

    Raises
    ------
    UsageError
        The box has no area; `strength`, the mask or the picture is out of shape or range.
    ModelFormatError
        The network gives no numbers.
    """
    painted, made_up = image.copy(), paint_piece(image, box, roll, look, strength=strength, mask=mask, regions=regions)
    if made_up is not None:
        place, piece = made_up
        painted[place] = piece
    return painted


def paint_piece(
    image: Image,
    box: tuple[float, float, float, float],
    roll: float,
    look: ResidualLook,
    *,
    strength: float = 1.0,
    mask: Mask | None = None,
    regions: CropRegions | None = None,
) -> tuple[Box, Image] | None:
    """Make up a face as `paint_learned` does, and return no more than what changes: its place in `image`, and (h, w, 3) what it shows, [0, 1].

    None where nothing changes. Parameters and errors are those of `paint_learned`.
    """
    check_unit(strength, name="strength")
    if mask is not None:
        check_mask(mask, size=(image.shape[0], image.shape[1]))
    if strength == 0:
        return None
    to_crop = crop_from_image(box, roll=roll)
    crop = np.clip(warp_image(image, to_crop, (CROP_SIDE, CROP_SIDE)), 0, 1)
    residual = fade_rim(_without_noise(look.residual(crop, regions))) * np.float32(strength)
    cells = _touched(residual)
    place = None if cells is None else _place_of(cells, invert(to_crop), image.shape[:2])
    if cells is None or place is None:
        return None
    part = image[place]
    part_from_cells = compose(translation(-place[1].start, -place[0].start), invert(to_crop), translation(cells[1].start, cells[0].start))
    piece = upsample_residual(residual[cells], crop[cells], part, part_from_cells)
    if mask is not None:
        piece *= mask[place][..., None]
    piece += part
    return place, np.clip(piece, 0, 1, out=piece)


def _without_noise(residual: FloatArray) -> FloatArray:
    """The residual, 0 where all three channels are as good as 0, with no step between."""
    kept: FloatArray = residual * np.clip(_largest(residual) / np.float32(_NOTHING) - 1, 0, 1)[..., None]
    return kept


def _largest(residual: FloatArray) -> FloatArray:
    """(h, w): the largest of the three channels, without sign. Written out, because numpy is slow along a short last axis."""
    red, green, blue = np.moveaxis(np.abs(residual), 2, 0)
    largest: FloatArray = np.maximum(np.maximum(red, green), blue)
    return largest


def _touched(residual: FloatArray) -> Box | None:
    """The piece of the crop that holds all of the residual and a margin of nothing; None where there is no residual."""
    there = _largest(residual) > 0
    rows, columns = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
    if not rows.size:
        return None
    return _around(rows, there.shape[0]), _around(columns, there.shape[1])


def _around(indices: AnyArray, side: int) -> slice:
    """From the first to the last of sorted indices and two more on each side: a line is fitted over one neighbour, and the next is 0."""
    return slice(max(int(indices[0]) - 2, 0), min(int(indices[-1]) + 3, side))


def _place_of(cells: Box, image_from_crop: Matrix, size: tuple[int, ...]) -> Box | None:
    """The piece of the picture, of `size` (h, w), that a piece of the crop lies on; None where it lies outside."""
    (top, bottom), (left, right) = ((cells[axis].start, cells[axis].stop) for axis in (0, 1))
    corners = apply(image_from_crop, np.array([[left, top], [right, top], [left, bottom], [right, bottom]], np.float32))
    # Whole pairs of pixels, as video has its chroma.
    x0, y0 = (max(math.floor(low / 2) * 2, 0) for low in corners.min(axis=0))
    x1, y1 = (min(math.ceil(high / 2) * 2, side) for high, side in zip(corners.max(axis=0), (size[1], size[0]), strict=True))
    return (slice(y0, y1), slice(x0, x1)) if x1 > x0 and y1 > y0 else None
