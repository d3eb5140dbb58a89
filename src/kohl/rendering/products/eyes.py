"""Eyeshadow, eyeliner and lashes."""

from __future__ import annotations

from kohl.core.arrays import Mask
from kohl.looks.layers import Eyeliner, Eyeshadow, Finish, Lashes, Pan
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.finishes import RECIPES, apply_finish
from kohl.rendering.lines.lashes import draw_lashes
from kohl.rendering.lines.liner import draw_liner, draw_lower_liner
from kohl.rendering.relief import lid_relief
from kohl.rendering.stencil import Stencil
from kohl.rendering.zones.eyes import eyeshadow_zone

_LINER_COATS = 1.6
"""Liner goes on wet and thick: the film of so many coats of its coverage, or skin would show grey through black."""
_LINER_SHINE = 0.02
"""The skin's own shine does not come through so thick a film: this much of it is the line's."""
_SMOKY_DEPTH = 1.15
"""A smoky eye is built up: more of every pan."""


def paint_eyeshadow(canvas: Canvas, layer: Eyeshadow, seed: int) -> None:
    """Pans in their order, each in its zone of the lid."""
    for number, pan in enumerate(layer.pans):
        _paint_pan(canvas, pan, layer.pattern, layer.intensity, seed + number)


def _paint_pan(canvas: Canvas, pan: Pan, pattern: str, intensity: float, seed: int) -> None:
    zone = canvas.zone(eyeshadow_zone(pan.zone, pattern))
    built = min(pan.coverage * (_SMOKY_DEPTH if pattern == "smoky" else 1.0), 1.0)
    thin = 0.6 if pan.finish is Finish.SHEER else 1.0
    film = Film.of(pan.pigment)
    canvas.paint(zone.scaled(built * thin * intensity * pan.intensity), film.over)
    apply_finish(canvas, zone.scaled(intensity * pan.intensity), film.opaque, pan.finish, seed, relief=lid_relief)


def paint_eyeliner(canvas: Canvas, layer: Eyeliner, seed: int) -> None:
    """The upper line with its wing, and the lower one where it is asked for."""
    line = draw_liner(canvas.face, layer.thickness, layer.wing, layer.wing_angle)
    _paint_line(canvas, line, layer, layer.coverage * layer.intensity, seed)
    if layer.lower > 0:
        _paint_line(canvas, draw_lower_liner(canvas.face, layer.thickness, layer.lower), layer, 0.8 * layer.coverage * layer.intensity, seed + 1)


def _paint_line(canvas: Canvas, mask: Mask, layer: Eyeliner, coverage: float, seed: int) -> None:
    drawn = _on_face(canvas, mask)
    line = drawn.scaled(1 - drawn.take(canvas.face.masks.eyes))
    film = Film.of(layer.pigment)
    laid = line.scaled(1 - (1 - coverage) ** _LINER_COATS)
    canvas.hide_highlight(laid)  # a black line over a metallic lid is black …
    canvas.scale_highlight(laid, _LINER_SHINE)  # … and over shining skin
    canvas.paint(laid, film.over)
    apply_finish(canvas, line.scaled(layer.intensity), film.opaque, layer.finish, seed)


def _on_face(canvas: Canvas, mask: Mask) -> Stencil:
    """What was drawn, without what lies over the face, and without tips that a turned head would hold against the background."""
    drawn, face = Stencil.of(mask), canvas.face
    return drawn.scaled(drawn.take(face.masks.clear) * (drawn.take(face.field.facing) > 0))


def paint_lashes(canvas: Canvas, layer: Lashes, seed: int) -> None:
    """Strokes from the lash lines, over whatever lies behind them."""
    strokes = _on_face(canvas, draw_lashes(canvas.face, layer, seed)).scaled(0.92 * layer.intensity)
    canvas.hide_highlight(strokes)
    canvas.scale_highlight(strokes, RECIPES[Finish.MATTE].own)
    canvas.paint(strokes, Film.of(layer.pigment).over)
