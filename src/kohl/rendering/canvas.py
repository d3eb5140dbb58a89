"""Canvas: the window while it is being painted. Products change albedo and highlights; nobody else touches pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from kohl.color.srgb import linear_from_srgb, srgb_from_linear
from kohl.core.arrays import FloatArray, Image, LinearImage, Mask
from kohl.faces.face import Face
from kohl.rendering.shading import Shading, estimate_shading
from kohl.rendering.strips import strips, whole

_NOTHING = 1 / 1024
"""Coverage below this cannot change an 8-bit pixel; it is cut to 0 so that a soft mask ends somewhere."""


@dataclass(eq=False)
class Canvas:
    """`pixels` (h, w, 3) is the window as it was; `albedo` and `highlight` hold its painted state."""

    face: Face
    pixels: Image
    linear: LinearImage
    shading: Shading
    albedo: LinearImage
    highlight: FloatArray
    touched: Mask

    @classmethod
    def of(cls, image: Image, face: Face) -> Canvas:
        """Prepare the window of `face` in `image`, the whole picture (H, W, 3)."""
        pixels = np.ascontiguousarray(image[face.window_slices])
        linear = linear_from_srgb(pixels)
        shading = estimate_shading(linear, face)
        shine = np.zeros(pixels.shape, np.float32)
        return cls(face, pixels, linear, shading, shading.albedo.copy(), shine, np.zeros(pixels.shape[:2], np.float32))

    @property
    def size(self) -> tuple[int, int]:
        """(h, w) of the window."""
        return self.touched.shape[0], self.touched.shape[1]

    @cached_property
    def _face_room(self) -> Mask:
        masks, room = self.face.masks, np.empty(self.size, np.float32)
        for part in strips(whole(self.size)):
            room[part] = self.face.field.facing[part] * masks.clear[part] * (1 - np.maximum(masks.eyes[part], masks.mouth[part]))
        return room

    @cached_property
    def skin_room(self) -> Mask:
        """(h, w) what `on_skin` leaves of a mask."""
        masks, room = self.face.masks, np.empty(self.size, np.float32)
        for part in strips(whole(self.size)):
            room[part] = self._face_room[part] * (1 - masks.lips[part]) * (1 - masks.brows[part])
        return room

    def on_face(self, mask: Mask) -> Mask:
        """Cut a mask sampled from the chart to what is seen of the face: not turned away, not covered, no eyeball or mouth."""
        return mask * self._face_room

    def on_skin(self, mask: Mask) -> Mask:
        """As `on_face`, and neither lips nor brow hair."""
        return mask * self.skin_room

    def scale_albedo(self, mask: Mask, factor: FloatArray) -> None:
        """Multiply the albedo by `factor`, (h, w) or (h, w, 3), blended by `mask` (h, w)."""
        box = box_of(mask)
        if box is None:
            return
        part = factor[box] if factor.ndim == 3 else factor[box][..., None]
        coverage = without_traces(mask[box])
        self.albedo[box] *= 1 + (part - 1) * coverage[..., None]
        np.maximum(self.touched[box], coverage, out=self.touched[box])

    def paint(self, mask: Mask, film: Callable[[LinearImage, Mask], LinearImage]) -> None:
        """Replace the albedo under `mask` (h, w) by `film(albedo, mask)`, evaluated only where there is any."""
        box = box_of(mask)
        if box is None:
            return
        coverage = without_traces(mask[box])
        self.lay(box, film(self.albedo[box], coverage), coverage)

    def lay(self, box: tuple[slice, slice], painted: LinearImage, coverage: Mask) -> None:
        """Take `painted` (h, w, 3) as the albedo of `box` where `coverage` (h, w) is above 0."""
        covered = coverage > 0
        self.albedo[box][covered] = painted[covered]
        np.maximum(self.touched[box], coverage, out=self.touched[box])

    def scale_highlight(self, mask: Mask, factor: float) -> None:
        """Multiply the photo's own highlights under `mask` by `factor`, blended by the mask."""
        box = box_of(mask)
        if box is None or factor == 1.0:
            return
        change = self.shading.highlight[box] * mask[box] * (factor - 1)
        self.highlight[box] += change[..., None] * self.shading.light.white
        np.maximum(self.touched[box], mask[box], out=self.touched[box])

    def add_highlight(self, box: tuple[slice, slice], light: FloatArray) -> None:
        """Add (h, w, 3) `light`, linear and in units of the photo's white, inside `box`."""
        self.highlight[box] += light * self.shading.light.color
        np.maximum(self.touched[box], np.minimum(light.max(-1) * 64, 1), out=self.touched[box])

    def shown(self, box: tuple[slice, slice]) -> LinearImage:
        """(h, w, 3) linear light of `box` as painted so far; what is brighter than white is above 1."""
        # cv2's arithmetic: several times numpy's speed on three channels.
        change = cv2.subtract(self.albedo[box], self.shading.albedo[box])
        factor = cv2.merge([self.shading.shade[box] * level for level in self.shading.light.color])
        return np.asarray(cv2.add(cv2.add(cv2.multiply(change, factor), self.linear[box]), self.highlight[box]), np.float32)

    def tint(self, box: tuple[slice, slice], mask: Mask, gain: FloatArray) -> None:
        """Multiply all that `box` shows, film and highlights alike, by `gain` (3,), blended by `mask` (h, w) of the box."""
        change = (gain - 1) * mask[..., None]
        mirrored = self.shown(box) - self.albedo[box] * self.shading.shade[box][..., None] * self.shading.light.color
        self.highlight[box] += change * mirrored
        self.albedo[box] *= 1 + change
        np.maximum(self.touched[box], mask, out=self.touched[box])

    def finish(self) -> Image:
        """Return the painted window, (h, w, 3) sRGB [0, 1]; pixels that nothing touched are the input's own, bit for bit."""
        box = box_of(self.touched)
        result = self.pixels.copy()
        if box is None:
            return result
        for part in strips(box):
            touched = self.touched[part] > 0
            result[part][touched] = srgb_from_linear(compress(self.shown(part)[touched]))
        return result


def compress(linear: LinearImage) -> LinearImage:
    """Bring linear light into [0, 1]; what is brighter than white keeps its hue: it is scaled, then lightened."""
    result = np.clip(linear, 0, None).astype(np.float32)
    bright = (linear > 1).any(-1)
    if bright.any():
        over = result[bright].max(-1, keepdims=True)
        scaled = result[bright] / over
        result[bright] = scaled + (1 - scaled) * np.clip((over - 1) * 0.5, 0, 1)
    return result


def box_of(mask: Mask) -> tuple[slice, slice] | None:
    """Return the slices around all of `mask` that counts, or None."""
    rows = np.flatnonzero(mask.max(1) >= _NOTHING)
    if not rows.size:
        return None
    columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].max(0) >= _NOTHING)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def without_traces(mask: Mask) -> Mask:
    """Cut a mask (h, w) where it is too thin to change an 8-bit pixel, so that it ends somewhere."""
    return np.asarray(np.where(mask < _NOTHING, np.float32(0), mask), np.float32)
