"""One painter per product: `paint(canvas, layer, seed)` lays it on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kohl.looks.layers import (
    Blush,
    Bronzer,
    Brows,
    Concealer,
    Contour,
    Decal,
    Eyeliner,
    Eyeshadow,
    Foundation,
    Highlighter,
    Lashes,
    Layer,
    LipLiner,
    Lipstick,
)
from kohl.rendering.canvas import Canvas
from kohl.rendering.products.brows import paint_brows
from kohl.rendering.products.cheeks import paint_blush, paint_bronzer, paint_contour, paint_highlighter
from kohl.rendering.products.complexion import paint_concealer, paint_foundation
from kohl.rendering.products.decal import paint_decal
from kohl.rendering.products.eyes import paint_eyeliner, paint_eyeshadow, paint_lashes
from kohl.rendering.products.lips import paint_lip_liner, paint_lipstick

_PAINTERS: dict[type[Layer], Callable[[Canvas, Any, int], None]] = {
    Foundation: paint_foundation,
    Concealer: paint_concealer,
    Bronzer: paint_bronzer,
    Contour: paint_contour,
    Blush: paint_blush,
    Decal: paint_decal,
    Highlighter: paint_highlighter,
    Brows: paint_brows,
    Eyeshadow: paint_eyeshadow,
    Eyeliner: paint_eyeliner,
    Lashes: paint_lashes,
    LipLiner: paint_lip_liner,
    Lipstick: paint_lipstick,
}


def paint_layer(canvas: Canvas, layer: Layer, seed: int) -> None:
    """Lay one product on the canvas; intensity 0 leaves it as it is."""
    if layer.intensity > 0:
        _PAINTERS[type(layer)](canvas, layer, seed)
