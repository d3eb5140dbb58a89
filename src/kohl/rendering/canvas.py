"""Canvas: the window while it is being painted. Products change albedo and highlights; nobody else touches pixels."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kohl.color.srgb import linear_from_srgb, srgb_from_linear
from kohl.core.arrays import FloatArray, Image, LinearImage, Mask
from kohl.core.channels import times, to_channels
from kohl.core.side_by_side import side_by_side
from kohl.faces.face import Face
from kohl.rendering.shading import Shading, estimate_shading
from kohl.rendering.stencil import Stencil


@dataclass(eq=False)
class Canvas:
    """`pixels` (h, w, 3) is the window as it was, until `finish` paints it; `albedo`, the `highlight` that was added (h, w, 3) and the share of the
    photo's own `sheen` that is left (h, w) hold its painted state; `touched` (h, w) is 1 where anything was painted.

    Wherever a mask (h, w) of the window is asked for, its stencil does as well, and costs less.
    """

    face: Face
    pixels: Image
    linear: LinearImage
    shading: Shading
    albedo: LinearImage
    highlight: FloatArray
    sheen: Mask
    touched: Mask

    @classmethod
    def of(cls, image: Image, face: Face) -> Canvas:
        """Prepare the window of `face` in `image`, the whole picture (H, W, 3)."""
        pixels = image[face.window_slices].copy()
        linear = linear_from_srgb(pixels)
        shading = estimate_shading(linear, face)
        shine, sheen = np.zeros(pixels.shape, np.float32), np.ones(pixels.shape[:2], np.float32)
        return cls(face, pixels, linear, shading, shading.albedo.copy(), shine, sheen, np.zeros_like(sheen))

    @property
    def size(self) -> tuple[int, int]:
        """(h, w) of the window."""
        return self.touched.shape[0], self.touched.shape[1]

    @property
    def face_room(self) -> Mask:
        """(h, w) what is seen of the face: not turned away, not covered, no eyeball or mouth."""
        masks = self.face.masks
        return np.asarray(self.face.field.facing * masks.clear * (1 - np.maximum(masks.eyes, masks.mouth)), np.float32)

    @property
    def skin_room(self) -> Mask:
        """(h, w) the skin that is seen: `face_room` without lips and brow hair."""
        return self.face.masks.skin

    def on_skin(self, mask: Mask) -> Mask:
        """Cut a mask (h, w) to the skin that is seen."""
        return mask * self.skin_room

    def zone(self, texture: Mask, within: Mask | None = None) -> Stencil:
        """What lies under a mask (S, S) of the chart: the skin there, or what a mask (h, w) leaves of it."""
        box = self.face.field.reach(texture)
        if box is None:
            return Stencil.of(np.zeros(self.size, np.float32))
        room = self.skin_room if within is None else within
        return Stencil.within(box, self.face.field.sample(texture, box) * room[box], self.size)

    def scale_albedo(self, mask: Mask | Stencil, factor: FloatArray) -> None:
        """Multiply the albedo by `factor`, (h, w) or (h, w, 3) of the window, blended by `mask` (h, w)."""
        stencil = Stencil.of(mask)
        self.multiply_albedo(stencil, stencil.take(factor))

    def multiply_albedo(self, stencil: Stencil, factor: FloatArray) -> None:
        """As `scale_albedo`, for a list of factors, (1, N) or (1, N, 3)."""
        each = factor if factor.ndim == 3 else factor[..., None]
        self._lay(stencil, stencil.take(self.albedo) * (1 + (each - 1) * to_channels(stencil.mask)))

    def paint(self, mask: Mask | Stencil, film: Callable[[LinearImage, Mask], LinearImage]) -> None:
        """Replace the albedo under `mask` (h, w) by `film(albedo, mask)`, evaluated on the list of the pixels where there is any."""
        stencil = Stencil.of(mask)
        if not stencil.is_empty:
            self._lay(stencil, film(stencil.take(self.albedo), stencil.mask))

    def scale_highlight(self, mask: Mask | Stencil, factor: float) -> None:
        """Multiply the photo's own highlights under `mask` by `factor`, blended by the mask.

        Below 1 it is their smooth sheen that goes, of the glints on pores and lines no more than the root of it, or skin would be plastic; and
        always of what an earlier product left: two matte products on one another leave little, and never less than none.
        """
        stencil = Stencil.of(mask)
        if factor < 1:
            self.sheen.ravel()[stencil.pixels] *= (1 + (factor - 1) * stencil.mask)[0]
            self._touch(stencil)
        elif factor > 1:
            change = stencil.take(self.shading.highlight) * stencil.mask * np.float32(factor - 1)
            self._shine(stencil, times(to_channels(change), self.shading.light.white))

    def add_highlight(self, stencil: Stencil, light: FloatArray) -> None:
        """Add `light`, a list (1, N, 3), linear and in units of the photo's white."""
        self._shine(stencil, times(light, self.shading.light.color))

    def hide_highlight(self, stencil: Stencil) -> None:
        """Take away the light that was added so far, as far as the stencil covers."""
        stencil.put(self.highlight, stencil.take(self.highlight) * to_channels(1 - stencil.mask))

    def shown(self, stencil: Stencil) -> LinearImage:
        """The list (1, N, 3) of linear light as painted so far; what is brighter than white is above 1."""
        shade = times(to_channels(stencil.take(self.shading.shade)), self.shading.light.color)
        change = stencil.take(self.albedo) - stencil.take(self.shading.albedo)
        own = stencil.take(self.linear)
        left = stencil.take(self.sheen)
        if left.min(initial=1) < 1:
            sheen, glints = stencil.take(self.shading.sheen), np.sqrt(left)
            mirrored = (left - glints) * sheen + (glints - 1) * stencil.take(self.shading.highlight)
            own = own + times(to_channels(mirrored), self.shading.light.white)
        return np.asarray(change * shade + own + stencil.take(self.highlight), np.float32)

    def tint(self, stencil: Stencil, gain: FloatArray) -> None:
        """Multiply all that the stencil's pixels show, film and highlights alike, by `gain` (3,), blended by its mask."""
        change = times(to_channels(stencil.mask), gain - 1)
        albedo, shade = stencil.take(self.albedo), to_channels(stencil.take(self.shading.shade))
        mirrored = self.shown(stencil) - times(albedo * shade, self.shading.light.color)
        self._shine(stencil, change * mirrored)
        self._lay(stencil, albedo * (1 + change))

    def finish(self) -> Image:
        """Return `pixels`, painted, (h, w, 3) sRGB [0, 1]; those that nothing touched are the input's own, bit for bit."""

        def show(part: Stencil) -> None:
            part.put(self.pixels, srgb_from_linear(compress(self.shown(part))))

        side_by_side([functools.partial(show, part) for part in Stencil.of(self.touched).parts()])
        return self.pixels

    def _lay(self, stencil: Stencil, albedo: LinearImage) -> None:
        stencil.put(self.albedo, albedo)
        self._touch(stencil)

    def _shine(self, stencil: Stencil, light: LinearImage) -> None:
        stencil.put(self.highlight, stencil.take(self.highlight) + light)
        self._touch(stencil)

    def _touch(self, stencil: Stencil) -> None:
        self.touched.ravel()[stencil.pixels] = 1


def compress(linear: LinearImage) -> LinearImage:
    """Bring linear light (..., 3) into [0, 1]; what is brighter than white keeps its hue: it is scaled, then lightened."""
    result = np.maximum(linear, 0, dtype=np.float32)
    if result.max(initial=0) > 1:
        over = np.maximum(np.maximum(result[..., 0], result[..., 1]), result[..., 2])
        bright = over > 1
        over = over[bright][:, None]
        scaled = result[bright] / over
        result[bright] = scaled + (1 - scaled) * np.clip((over - 1) * 0.5, 0, 1)
    return result
