"""Finishes: what a film does to highlights and lightness, never to its hue.

Numbers are shares: `own` multiplies the photo's highlights, `body` the film's own lightness, `gloss` and `sheen` scale a
highlight made from the mesh's normals and the photo's light (narrow and wide lobe, Blinn & Phong 1977), `flakes` is the
share of shimmer or glitter cells that sparkle.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, LinearImage, Mask
from kohl.core.channels import to_channels
from kohl.core.ramps import eased
from kohl.looks.layers import Finish
from kohl.rendering.canvas import Canvas
from kohl.rendering.flakes import ChartSpot, Flakes, sparkle
from kohl.rendering.hue_guard import HueGuard, core_of
from kohl.rendering.light import luminance
from kohl.rendering.relief import Relief, mesh_relief
from kohl.rendering.shading import Shading
from kohl.rendering.stencil import Stencil


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
    Finish.GLOSS: Recipe(own=1.35, body=0.92, gloss=0.55, sheen=0.08, detail=1.15),
    Finish.METALLIC: Recipe(own=1.1, body=0.80, gloss=0.25, sheen=1.3, tinted=0.85, detail=1.25, flakes=Flakes(900, 0.25, 0.35)),
    Finish.SHIMMER: Recipe(own=1.1, sheen=0.42, tinted=0.5, flakes=Flakes(760, 0.40, 0.6)),
    Finish.GLITTER: Recipe(own=1.0, sheen=0.15, tinted=0.55, flakes=Flakes(520, 0.75, 1.9)),
    Finish.HOLOGRAPHIC: Recipe(own=1.1, sheen=0.60, tinted=0.6, two_tone=70.0, flakes=Flakes(700, 0.30, 0.7)),
}


@dataclass(frozen=True, eq=False)
class _Patch:
    """What light falls on, lists of its pixels: `normals` (1, N, 3), `detail` (1, N) the photo's relief, about 1, `lit` (1, N), `cosine`
    (1, N) between the normals and `half` (3,), the unit vector between the light and the viewer.
    """

    shading: Shading
    stencil: Stencil
    normals: FloatArray
    detail: Mask
    lit: Mask
    half: FloatArray
    cosine: Mask

    @classmethod
    def of(cls, canvas: Canvas, stencil: Stencil, detail: Mask, relief: Relief) -> _Patch:
        """The patch under a stencil whose relief is `detail` (1, N)."""
        lit = np.minimum(stencil.take(canvas.shading.illumination), 1.2)
        normals, half = relief(canvas, stencil), _half_way(canvas)
        return cls(canvas.shading, stencil, normals, detail, lit, half, np.clip(cv2.transform(normals, half[None]), 0, 1))


def apply_finish(canvas: Canvas, mask: Mask | Stencil, opaque: FloatArray, finish: Finish, seed: int, *, relief: Relief = mesh_relief) -> None:
    """Give the film under `mask` (h, w) its finish. opaque: (3,) reflectance of its pigment, linear, or a list (1, N, 3) of the mask's stencil.

    The mean hue where the mask is fullest stays satin's; holographic alone turns it, which is what it is for.
    """
    recipe, stencil = RECIPES[finish], Stencil.of(mask)
    if stencil.is_empty:
        return
    raw, detail = _detail(canvas, stencil)
    keeps_hue = finish is not Finish.SATIN and not recipe.two_tone
    guard = _guard(canvas, stencil, detail, relief) if keeps_hue else None
    canvas.scale_highlight(stencil, recipe.own)
    if recipe.body != 1 or recipe.detail != 1:
        canvas.multiply_albedo(stencil, recipe.body * raw ** (recipe.detail - 1))
    if recipe.gloss or recipe.sheen or recipe.flakes is not None:
        patch = _Patch.of(canvas, stencil, detail, relief)
        strength = _lobes(patch, recipe)
        if recipe.flakes is not None:
            strength += _glints(canvas, patch, recipe.flakes, seed)
        canvas.add_highlight(stencil, np.asarray(to_channels(strength * stencil.mask) * _highlight_colour(patch, opaque, recipe), np.float32))
    if guard is not None:
        guard.turn_back()


def _detail(canvas: Canvas, stencil: Stencil) -> tuple[Mask, Mask]:
    """The photo's relief under a stencil, lists (1, N): as it is, and against the film's own typical."""
    shading = canvas.shading
    detail = np.clip(stencil.take(shading.shade) / np.maximum(stencil.take(shading.illumination), 1e-4), 0.3, 1.8)
    # Lids lie deeper than the skin around them.
    usual = float((detail * stencil.mask).sum() / max(float(stencil.mask.sum()), 1e-6))
    return detail, detail / np.float32(np.clip(usual, 0.4, 1.0))


def _guard(canvas: Canvas, stencil: Stencil, detail: Mask, relief: Relief) -> HueGuard:
    """The guard of the hue that the film under a stencil has with a satin finish."""
    places = core_of(stencil)
    core = stencil.pick(places)
    satin = _lobes(_Patch.of(canvas, core, detail[:, places], relief), RECIPES[Finish.SATIN])
    return HueGuard(canvas, stencil, core, satin * core.mask)


def _half_way(canvas: Canvas) -> FloatArray:
    """(3,) unit vector between the light and the viewer."""
    half = canvas.shading.light.direction + np.array([0, 0, 1], np.float32)
    return np.asarray(half / np.linalg.norm(half), np.float32)


def _glints(canvas: Canvas, patch: _Patch, flakes: Flakes, seed: int) -> Mask:
    """(1, N): what flakes mirror. None flashes out of a fold or the seam between the lips, and few stray to the film's soft edge."""
    stencil = patch.stencil
    spot = ChartSpot.of(canvas.face.field.uv[stencil.box], functools.partial(stencil.take_within, stencil.box))
    open_to_light = stencil.mask * np.clip((patch.detail - 0.4) / 0.4, 0, 1) * np.maximum(patch.lit, 0) ** 1.5
    return np.asarray(sparkle(spot, patch.normals, patch.half, flakes, seed) * open_to_light, np.float32)


def _lobes(patch: _Patch, recipe: Recipe) -> Mask:
    """Highlight of a smooth film, in units of the photo's white: narrow and wide lobe around the mirror direction."""
    # The skin's own relief breaks a highlight up: where detail is bright the surface faces the light.
    relief = np.clip((patch.detail - 0.8) / 0.45, 0, 1)
    eighth = np.square(np.square(np.square(patch.cosine)))  # thirty times the speed of the power
    wide = eighth * (0.35 + 0.65 * relief)
    strength = recipe.sheen * 0.4 * wide
    if recipe.gloss:
        strength = recipe.gloss * _wet(patch, eighth, relief) + strength
    return np.asarray(strength * patch.lit, np.float32)


def _wet(patch: _Patch, eighth: Mask, relief: Mask) -> Mask:
    """The narrow lobe: wet film has no soft one, its highlight is the light's own shape, with an edge, broken up by the creases below."""
    wet = np.clip((np.square(np.square(np.square(eighth))) * (0.1 + 0.9 * relief) - 0.08) / 0.8, 0, 1)
    grain = patch.stencil.take(patch.shading.grain)
    return np.asarray(eased(wet) * (0.25 + 0.75 * relief) * np.square(np.square(np.clip(grain, 0.5, 1.15))), np.float32)


def _highlight_colour(patch: _Patch, opaque: FloatArray, recipe: Recipe) -> LinearImage:
    """(3,) or (1, N, 3): the light's white mixed with the pigment's own colour at luminance about 1."""
    tint = opaque / np.maximum(luminance(opaque)[..., None], 0.05)
    tint = np.minimum(tint, 2.2)
    colour = 1 + (tint - 1) * recipe.tinted
    if not recipe.two_tone:
        return np.asarray(colour, np.float32)
    return _turn_hue(np.broadcast_to(colour, patch.normals.shape), patch.normals, recipe.two_tone)


def _turn_hue(colour: LinearImage, normals: FloatArray, degrees: float) -> LinearImage:
    """Turn the highlight's hue with the angle between surface and view, around the grey axis."""
    angle = np.radians(degrees) * (np.clip(1 - normals[..., 2], 0, 1) * 3 - 0.5 + 0.8 * normals[..., 0])
    cosine, sine = np.cos(angle)[..., None], np.sin(angle)[..., None]
    axis = np.full(3, 1 / np.sqrt(3), np.float32)
    turned = colour * cosine + np.cross(axis, colour) * sine + axis * (colour @ axis)[..., None] * (1 - cosine)
    return np.asarray(np.maximum(turned, 0), np.float32)
