"""Blush, bronzer, contour and highlighter: broad, soft films."""

from __future__ import annotations

import numpy as np

from kohl.looks.layers import Blush, Bronzer, Contour, Finish, Highlighter
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.finishes import apply_finish
from kohl.rendering.light import luminance
from kohl.rendering.stencil import Stencil
from kohl.rendering.zones.face import face_zone

_UNLIT = 0.35
"""Illumination at which a highlighter has nothing to mirror: a light patch in the shade would be paint."""
_OWN_HUE = 0.6
"""Share of the skin's own hue in a highlighter's film: a bone-white one turns ashen on deep skin."""


def paint_blush(canvas: Canvas, layer: Blush, seed: int) -> None:
    """A film of the product's own pigment on the cheeks."""
    _lay(canvas, _zone(canvas, "blush", layer.pattern), Film.of(layer.pigment), layer, seed)


def paint_bronzer(canvas: Canvas, layer: Bronzer, seed: int) -> None:
    """A warm film, at most 0.72 times as light as the person's own skin."""
    _lay(canvas, _zone(canvas, "bronzer", layer.pattern), _shade_of(canvas, Film.of(layer.pigment), 0.0, 0.72), layer, seed)


def paint_contour(canvas: Canvas, layer: Contour, seed: int) -> None:
    """A shadow, at most 0.5 times as light as the person's own skin: never grey paint on deep skin."""
    _lay(canvas, _zone(canvas, "contour", layer.pattern), _shade_of(canvas, Film.of(layer.pigment), 0.0, 0.5), layer, seed)


def paint_highlighter(canvas: Canvas, layer: Highlighter, seed: int) -> None:
    """Light rather than paint: a thin film a little lighter than the skin, and its sheen, both only where light falls."""
    zone = _zone(canvas, "highlighter", layer.pattern)
    zone = zone.scaled(np.clip((zone.take(canvas.shading.illumination) - _UNLIT) / (1 - _UNLIT), 0, 1))
    film = _shade_of(canvas, _towards_skin(canvas, Film.of(layer.pigment)), 1.2, 1.8)
    canvas.paint(zone.scaled(0.4 * layer.coverage * layer.intensity), film.over)
    apply_finish(canvas, zone.scaled(min(1.15 * layer.coverage * layer.intensity, 1.0)), film.opaque, layer.finish, seed)


def _lay(canvas: Canvas, zone: Stencil, film: Film, layer: Blush | Bronzer | Contour, seed: int) -> None:
    canvas.paint(zone.scaled(layer.coverage * layer.intensity), film.over)
    if layer.finish is not Finish.SATIN:
        apply_finish(canvas, zone.scaled(layer.intensity), film.opaque, layer.finish, seed)


def _zone(canvas: Canvas, product: str, pattern: str) -> Stencil:
    return canvas.zone(face_zone(product, pattern))


def _towards_skin(canvas: Canvas, film: Film) -> Film:
    """The film with `_OWN_HUE` of the skin's chromaticity, at its own lightness."""
    skin, own = canvas.shading.skin_albedo, film.opaque
    matched = skin * (luminance(own) / np.maximum(luminance(skin), 1e-4))
    return Film.from_reflectance(own + _OWN_HUE * (matched - own))


def _shade_of(canvas: Canvas, film: Film, lowest: float, highest: float) -> Film:
    """The film with its lightness brought between `lowest` and `highest` times the person's own skin, as an artist picks a shade."""
    skin, own = float(luminance(canvas.shading.skin_albedo)), float(luminance(film.opaque))
    wanted = float(np.clip(own, lowest * skin, highest * skin))
    return Film.from_reflectance(film.opaque * (wanted / max(own, 1e-4)))
