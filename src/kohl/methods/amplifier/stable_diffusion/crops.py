"""The upright square around a face that the backbone sees."""

from __future__ import annotations

from kohl.core.arrays import Image, Matrix
from kohl.faces.face import Face
from kohl.geometry.affine import compose, crop_from_box, rotation
from kohl.geometry.warp import warp_image, warp_mask
from kohl.methods.amplifier.stable_diffusion.examples import BareFace, Example
from kohl.methods.amplifier.stable_diffusion.masks import build_masks

SCALE = 1.5
"""Side of the square, in the longer sides of the face's box: forehead, chin and ears are in it, as in FFHQ's crops."""


def crop_from_image(face: Face, *, side: int = 512) -> Matrix:
    """`crop_from_image`, (2, 3): the square of `side` pixels around a face, its head upright."""
    x0, y0, x1, y1 = face.box
    x, y, half = (x0 + x1) / 2, (y0 + y1) / 2, SCALE * max(x1 - x0, y1 - y0) / 2
    square = crop_from_box((x - half, y - half, x + half, y + half), (side, side))
    return compose(square, rotation(-face.pose.roll, about=(x, y)))


def crop_square(image: Image, face: Face, *, side: int = 512) -> BareFace:
    """Cut a face and its region masks out of a picture, (H, W, 3) float32 [0, 1]: a square of `side` pixels.

    Raises UsageError where `side` is under 1 or the picture is not one.
    """
    matrix = crop_from_image(face, side=side)
    masks = {region: warp_mask(mask, matrix, (side, side)) for region, mask in build_masks(face).items()}
    return BareFace(warp_image(image, matrix, (side, side)), masks)


def crop_pair(before: Image, after: Image, face: Face, *, side: int = 512) -> Example:
    """Cut an aligned pair, both (H, W, 3) float32 [0, 1], by the face found in `before`. Raises as `crop_square`."""
    cut = crop_square(before, face, side=side)
    made_up = warp_image(after, crop_from_image(face, side=side), (side, side))
    return Example(cut.image, made_up, cut.masks)
