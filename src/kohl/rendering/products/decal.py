"""Decals: face paint, jewels, freckles as a picture on the UV chart."""

from __future__ import annotations

import base64
import functools
import io

import numpy as np
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from kohl.color.srgb import linear_from_srgb
from kohl.core.arrays import FloatArray, Mask
from kohl.core.errors import LookFormatError
from kohl.looks.layers import Decal
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import DARKEST, LIGHTEST, film_of
from kohl.rendering.finishes import apply_finish

MAX_SIDE = 2048
"""Pixels: a decal larger than the chart is ever sampled."""


def paint_decal(canvas: Canvas, layer: Decal, seed: int) -> None:
    """A film whose pigment and coverage come from the picture: its colour and its alpha."""
    texture, alpha = _decode(layer.picture)
    stencil = canvas.zone(alpha, canvas.face_room).scaled(layer.coverage * layer.intensity)
    if stencil.is_empty:
        return
    sampled = stencil.take_within(stencil.box, canvas.face.field.sample(texture, stencil.box))
    opaque = np.clip(sampled[..., :3] / np.maximum(sampled[..., 3:], 1e-3), DARKEST, LIGHTEST)
    canvas.paint(stencil, film_of(opaque))
    apply_finish(canvas, stencil, opaque, layer.finish, seed)


@functools.lru_cache(maxsize=4)
def _decode(picture: str) -> tuple[FloatArray, Mask]:
    """Return (S, S, 4): linear reflectance times alpha, and alpha; and (S, S) alpha by itself.

    Raises LookFormatError on a broken or oblong picture.
    """
    try:
        with PillowImage.open(io.BytesIO(base64.b64decode(picture)), formats=["PNG"]) as opened:
            if opened.width != opened.height or opened.width > MAX_SIDE:
                problem = f"expected a square of at most {MAX_SIDE} px, found {opened.width}×{opened.height}"
                raise LookFormatError("the decal's picture", [problem])
            pixels = np.asarray(opened.convert("RGBA"), np.float32) / 255
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise LookFormatError("the decal's picture", [f"expected a readable PNG: {error}"]) from error
    alpha = pixels[..., 3:]
    texture: FloatArray = np.concatenate([linear_from_srgb(pixels[..., :3]) * alpha, alpha], -1).astype(np.float32)
    plane = np.ascontiguousarray(texture[..., 3])
    for array in (texture, plane):
        array.flags.writeable = False
    return texture, plane
