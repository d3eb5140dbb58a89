"""Finishes: what a film does to highlights and lightness, never to its hue.

Numbers are shares: `own` multiplies the photo's highlights, `body` the film's own lightness, `gloss` and `sheen` scale a
highlight made from the mesh's normals and the photo's light (narrow and wide lobe, Blinn & Phong 1977), `flakes` is the
share of shimmer or glitter cells that sparkle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import FloatArray, LinearImage, Mask
from kohl.looks.layers import Finish
from kohl.rendering.canvas import Canvas, box_of
from kohl.rendering.flakes import Flakes, sparkle
from kohl.rendering.light import luminance


@dataclass(frozen=True)
class Recipe:
    """The numbers of one finish; see the module's docstring."""

    own: float = 1.0
    body: float = 1.0
    gloss: float = 0.0
    sheen: float = 0.0
    tinted: float = 0.0
    """0: highlights have the light's colour; 1: the pigment's."""
    detail: float = 1.0
    """Contrast of the fine detail under the film."""
    flakes: Flakes | None = None
    two_tone: float = 0.0
    """How far the hue turns with the angle of view (holographic), in degrees."""


RECIPES: dict[Finish, Recipe] = {
    Finish.MATTE: Recipe(own=0.25, detail=0.85),
    Finish.VELVET: Recipe(own=0.1, body=1.04, detail=0.75),
    Finish.SATIN: Recipe(own=1.0, sheen=0.06),
    Finish.SHEER: Recipe(own=1.15, sheen=0.05),
    Finish.DEWY: Recipe(own=1.35, sheen=0.22, gloss=0.05),
    Finish.GLOSS: Recipe(own=1.6, body=0.95, gloss=0.55, sheen=0.10, detail=1.15),
    Finish.METALLIC: Recipe(own=1.2, body=0.86, gloss=0.18, sheen=0.75, tinted=0.85, detail=1.25, flakes=Flakes(900, 0.10, 0.35)),
    Finish.SHIMMER: Recipe(own=1.1, sheen=0.32, tinted=0.5, flakes=Flakes(760, 0.16, 0.55)),
    Finish.GLITTER: Recipe(own=1.1, sheen=0.12, tinted=0.4, flakes=Flakes(420, 0.30, 1.6)),
    Finish.HOLOGRAPHIC: Recipe(own=1.1, sheen=0.45, tinted=0.6, two_tone=70.0, flakes=Flakes(700, 0.12, 0.6)),
}


def apply_finish(canvas: Canvas, mask: Mask, opaque: FloatArray, finish: Finish, seed: int) -> None:
    """Give the film under `mask` (h, w) its finish. opaque: (3,) or (h, w, 3) reflectance of its pigment, linear."""
    recipe = RECIPES[finish]
    box = box_of(mask)
    if box is None:
        return
    canvas.scale_highlight(mask, recipe.own)
    _scale_body(canvas, box, mask[box], recipe)
    added = _lobes(canvas, box, recipe) * mask[box]
    pigment = opaque[box] if opaque.ndim == 3 else opaque
    colour = _highlight_colour(canvas, box, pigment, recipe)
    light = added[..., None] * colour
    if recipe.flakes is not None:
        light = light + sparkle(canvas, box, recipe.flakes, seed)[..., None] * mask[box][..., None] * colour
    if recipe.gloss or recipe.sheen or recipe.flakes is not None:
        canvas.add_highlight(box, np.asarray(light, np.float32))


def _scale_body(canvas: Canvas, box: tuple[slice, slice], mask: Mask, recipe: Recipe) -> None:
    """Lightness of the film and contrast of the detail beneath it; a factor on all channels keeps the hue."""
    shading = canvas.shading
    detail = np.clip(shading.shade[box] / np.maximum(shading.illumination[box], 1e-4), 0.3, 1.8)
    factor = 1 + (recipe.body * detail ** (recipe.detail - 1) - 1) * mask
    canvas.albedo[box] *= factor[..., None]


def _lobes(canvas: Canvas, box: tuple[slice, slice], recipe: Recipe) -> Mask:
    """Highlight of a smooth film, in units of the photo's white: narrow and wide lobe around the mirror direction."""
    if not (recipe.gloss or recipe.sheen):
        return np.zeros(canvas.touched[box].shape, np.float32)
    shading = canvas.shading
    half = shading.light.direction + np.array([0, 0, 1], np.float32)
    cosine = np.clip(canvas.normals[box] @ (half / np.linalg.norm(half)), 0, 1)
    detail = np.clip(shading.shade[box] / np.maximum(shading.illumination[box], 1e-4), 0.4, 1.8)
    # The skin's own relief breaks a highlight up: where detail is bright the surface faces the light.
    relief = np.clip((detail - 0.8) / 0.45, 0, 1)
    narrow = cosine**48 * (0.15 + 0.85 * relief**1.5)
    wide = cosine**8 * (0.35 + 0.65 * relief)
    lit = np.minimum(shading.illumination[box], 1.2)
    return np.asarray((recipe.gloss * narrow + recipe.sheen * 0.4 * wide) * lit, np.float32)


def _highlight_colour(canvas: Canvas, box: tuple[slice, slice], opaque: FloatArray, recipe: Recipe) -> LinearImage:
    """(3,) or (h, w, 3): the light's white mixed with the pigment's own colour at luminance about 1."""
    tint = opaque / np.maximum(luminance(opaque)[..., None], 0.05)
    tint = np.minimum(tint, 2.2)
    colour = 1 + (tint - 1) * recipe.tinted
    if not recipe.two_tone:
        return np.asarray(colour, np.float32)
    return _turn_hue(np.broadcast_to(colour, (*canvas.touched[box].shape, 3)), canvas.normals[box], recipe.two_tone)


def _turn_hue(colour: LinearImage, normals: FloatArray, degrees: float) -> LinearImage:
    """Turn the highlight's hue with the angle between surface and view, around the grey axis."""
    angle = np.radians(degrees) * (np.clip(1 - normals[..., 2], 0, 1) * 3 - 0.5 + 0.8 * normals[..., 0])
    cosine, sine = np.cos(angle)[..., None], np.sin(angle)[..., None]
    axis = np.full(3, 1 / np.sqrt(3), np.float32)
    turned = colour * cosine + np.cross(axis, colour) * sine + axis * (colour @ axis)[..., None] * (1 - cosine)
    return np.asarray(np.maximum(turned, 0), np.float32)
