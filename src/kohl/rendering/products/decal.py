"""Decals: face paint, jewels, freckles as a picture on the UV chart."""

from __future__ import annotations

import base64
import functools
import io

import numpy as np
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from kohl.color.srgb import linear_from_srgb
from kohl.core.arrays import FloatArray
from kohl.core.errors import LookFormatError
from kohl.looks.layers import Decal
from kohl.rendering.canvas import Canvas, box_of
from kohl.rendering.film import DARKEST, LIGHTEST, film_exponents, reflect
from kohl.rendering.finishes import apply_finish

MAX_SIDE = 2048
"""Pixels: a decal larger than the chart is ever sampled."""


def paint_decal(canvas: Canvas, layer: Decal, seed: int) -> None:
    """A film whose pigment and coverage come from the picture: its colour and its alpha."""
    texture = _decode(layer.picture)
    sampled = canvas.face.field.sample(texture)
    alpha = sampled[..., 3]
    opaque = np.clip(sampled[..., :3] / np.maximum(alpha, 1e-3)[..., None], DARKEST, LIGHTEST)
    mask = canvas.on_face(alpha) * np.float32(layer.coverage * layer.intensity)
    box = box_of(mask)
    if box is None:
        return
    exponents = film_exponents(opaque[box])
    canvas.paint(mask, lambda ground, coverage: reflect(ground, opaque[box], exponents, coverage))
    apply_finish(canvas, mask, np.asarray(opaque, np.float32), layer.finish, seed)


@functools.lru_cache(maxsize=4)
def _decode(picture: str) -> FloatArray:
    """Return (S, S, 4): linear reflectance times alpha, and alpha. Raises LookFormatError on a broken or oblong picture."""
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
    texture.flags.writeable = False
    return texture
