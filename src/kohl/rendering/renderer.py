"""Photo + face + look → the made-up photo."""

from __future__ import annotations

from collections.abc import Sequence

from kohl.core.arrays import Image
from kohl.faces.face import Face
from kohl.looks.layers import LAYER_TYPES, Layer
from kohl.looks.look import Look
from kohl.rendering.canvas import Canvas
from kohl.rendering.products import paint_layer

_ORDER = {kind: number for number, kind in enumerate(LAYER_TYPES)}


def render(image: Image, face: Face, look: Look, *, seed: int = 0) -> Image:
    """Put `look` on `face` and return a new picture.

    image: (H, W, 3) sRGB [0, 1], the picture that `face` was found in. seed: glitter and lashes come from it.
    Pixels that no layer reaches are the input's own, bit for bit; a look whose layers all stand at intensity 0 changes none.
    """
    layers = [layer for layer in look.layers if layer.intensity > 0]
    # The canvas is let go of before the picture is copied: each is hundreds of megabytes of a large photo.
    return face.with_window(image, _painted(image, face, layers, seed)) if layers else image.copy()


def _painted(image: Image, face: Face, layers: Sequence[Layer], seed: int) -> Image:
    """The window (h, w, 3) of `face` with the products on."""
    canvas = Canvas.of(image, face)
    paint_layers(canvas, layers, seed)
    return canvas.finish()


def paint_layers(canvas: Canvas, layers: Sequence[Layer], seed: int) -> None:
    """Lay the products on the canvas in the order in which an artist puts them on."""
    for number, layer in enumerate(sorted(layers, key=lambda item: _ORDER[type(item)])):
        paint_layer(canvas, layer, seed * 1000 + number * 10)
