"""A face cut out upright, small enough to keep thousands of, with all that painting it needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Image, Matrix, Points3
from kohl.core.checks import check_image
from kohl.faces.analyzer import describe_face
from kohl.faces.chart import Window, build_field
from kohl.faces.face import Face, Masks
from kohl.faces.mesh import Mesh
from kohl.faces.pose import estimate_pose
from kohl.geometry.affine import compose, scale_of, scaling, translation
from kohl.geometry.warp import Interpolation, warp_image
from kohl.methods.tinybeauty.crop import CROP_SIDE, crop_from_image

SIDE = 384
"""Pixels: height and width of a crop."""
LOOSE = 1.5
"""Side of a crop, in sides of the network's own (`kohl.methods.tinybeauty.crop`): turned, shifted and looser squares can be cut from it."""
_MASKS = tuple(Masks.__dataclass_fields__)

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class FaceCrop:
    """One face. `image` (S, S, 3) uint8 sRGB; `crop_from_image` (2, 3), from the photo's pixels to the crop's; `points` (478, 3) of the mesh in
    pixels of the crop; `window` and `masks`, (6, h, w) uint8 in the order of `Masks`, what `face` makes its masks of.
    """

    image: Bytes
    crop_from_image: Matrix
    points: Points3
    score: float
    window: Window
    masks: Bytes

    @property
    def pixels(self) -> Image:
        """(S, S, 3) float32 sRGB in [0, 1]: a new array at each call."""
        return self.image.astype(np.float32) / np.float32(255)

    def face(self) -> Face:
        """The analysed face of the crop, built anew at each call: kept, it would be six times as large as the crop."""
        low, high = self.points[:, :2].min(0), self.points[:, :2].max(0)
        box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        masks = Masks(*self.masks.astype(np.float32) / np.float32(255))
        size = self.image.shape[0], self.image.shape[1]
        return Face(size, box, self.points, estimate_pose(self.points), self.score, self.window, build_field(self.points, self.window), masks)


def cut_crop(image: Image, face: Face, *, side: int = SIDE) -> FaceCrop:
    """Cut `face` out of `image`, (H, W, 3) sRGB [0, 1], upright, as a square of `side` pixels that is `LOOSE` times the network's.

    Raises UsageError where `image` is no such array.
    """
    check_image(image)
    crop_from_photo = loose_crop_from_image(face, side=side)
    pixels = cut_pixels(image, crop_from_photo, side)
    crop = pixels.astype(np.float32) / np.float32(255)
    points = carry_mesh(face.points, crop_from_photo)
    found = describe_face(crop, Mesh(points, face.score, face.doubt))
    masks = np.stack([np.rint(getattr(found.masks, name) * 255).astype(np.uint8) for name in _MASKS])
    return FaceCrop(pixels, crop_from_photo, points, face.score, found.window, masks)


def loose_crop_from_image(face: Face, *, side: int = SIDE, loose: float = LOOSE) -> Matrix:
    """`crop_from_image`, (2, 3), of a square of `side` pixels that is `loose` times the network's; by default the one that `cut_crop` cuts."""
    network_from_image = crop_from_image(face.box, roll=face.pose.roll)
    middle = CROP_SIDE / 2
    about_middle = compose(translation(side / 2, side / 2), scaling(side / (CROP_SIDE * loose)), translation(-middle, -middle))
    return compose(about_middle, network_from_image)


def cut_pixels(image: Image, crop_from_photo: Matrix, side: int) -> Bytes:
    """(side, side, 3) uint8 of `image` (H, W, 3) sRGB [0, 1], carried by a (2, 3) matrix; beyond the photo its edge is repeated."""
    enlarges = scale_of(crop_from_photo) > 1
    crop = warp_image(image, crop_from_photo, (side, side), interpolation=Interpolation.CUBIC if enlarges else Interpolation.LINEAR)
    return np.asarray(np.rint(np.clip(crop, 0, 1) * 255), np.uint8)


def carry_mesh(points: Points3, target_from_source: Matrix) -> Points3:
    """(N, 3) mesh points through a (2, 3) matrix; depth grows and shrinks with the picture."""
    flat = points[:, :2] @ target_from_source[:, :2].T + target_from_source[:, 2]
    depth: FloatArray = points[:, 2:] * np.float32(scale_of(target_from_source))
    return np.asarray(np.concatenate([flat, depth], 1), np.float32)
