"""The procedural method: reading and rendering, no network of its own."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.looks.layers import Finish
from kohl.looks.look import Look
from kohl.methods.base import Capabilities, Controls, Worn
from kohl.reading.fitting import fit_films
from kohl.reading.reader import read_makeup
from kohl.reading.reading import Reading
from kohl.reading.texture import lay_texture
from kohl.reading.unrolled import unroll_window
from kohl.reading.wearer import Wearer
from kohl.rendering.canvas import Canvas
from kohl.rendering.chart_film import ChartFilm, ChartTint, paint_chart_films
from kohl.rendering.finishes import apply_finish
from kohl.rendering.renderer import paint_layers, render

LINE_PRODUCTS = ("eyeliner", "lashes", "brows")
"""What a film on the chart is too coarse for: drawn as layers in both kinds of transfer."""
SHINING = (Finish.GLOSS, Finish.METALLIC, Finish.SHIMMER, Finish.GLITTER, Finish.HOLOGRAPHIC)
"""Finishes that add light of their own."""


class Procedural:
    """Kubelka–Munk films over the person's own skin; see `kohl.rendering` and `kohl.reading`."""

    name = "procedural"
    capabilities = Capabilities(applies_looks=True, transfers=True, reads=True, controls_texture=True)

    def apply(self, image: Image, face: Face, look: Worn, controls: Controls) -> Image:
        """Paint `look`, each region at its strength. Raises UsageError for a look that a network learned."""
        if not isinstance(look, Look):
            raise UsageError(f"the method 'procedural' puts on looks that are data, got {type(look).__name__}; 'tinybeauty' wears learned ones")
        return render(image, face, look.with_strengths(_by_name(controls)), seed=controls.seed)

    def transfer(self, image: Image, face: Face, references: Mapping[Region, Reading], controls: Controls) -> Image:
        """Paint what the references wear: their colour point by point, or with `detail="layers"` the products of their looks, `as_shown`."""
        if controls.detail == "layers":
            return render(image, face, _joined_look(references, controls).with_strengths(_by_name(controls)), seed=controls.seed)
        # The canvas is let go of before the picture is copied: each is hundreds of megabytes of a large photo.
        return face.with_window(image, _transferred(image, face, references, controls))

    def read(self, image: Image, face: Face) -> Reading:
        """Say what `face` wears."""
        return read_makeup(image, face)


def _transferred(image: Image, face: Face, references: Mapping[Region, Reading], controls: Controls) -> Image:
    """The window (h, w, 3) of `face` in what the references wear, point by point."""
    # What the photo alone decides comes first: the references may still be being read.
    canvas = Canvas.of(image, face)
    unrolled = unroll_window(canvas.linear, face)
    if controls.texture > 0 and Region.SKIN in references:
        lay_texture(canvas, references[Region.SKIN].texture, controls.texture * controls.strength_of(Region.SKIN))
    wearer = Wearer.of(canvas, unrolled)
    look = _joined_look(references, controls).with_strengths(_by_name(controls))
    for reading in _unique(references):
        regions = [region for region, own in references.items() if own is reading]
        films = fit_films(reading.film.only(regions, controls.strengths), wearer)
        paint_chart_films(canvas, films)
        _shine_lips(canvas, films, look, controls.seed)
    lines = [layer for layer in look.layers if layer.product in LINE_PRODUCTS and layer.intensity > 0]
    paint_layers(canvas, lines, controls.seed)
    return canvas.finish()


def _shine_lips(canvas: Canvas, films: Mapping[Region, ChartFilm | ChartTint], look: Look, seed: int) -> None:
    """Give the lips' film the finish that was read: gloss and sparkle are light, which no film of pigment carries."""
    shining = [layer for layer in look.layers if layer.product == "lipstick" and layer.finish in SHINING and layer.intensity > 0]
    film = films.get(Region.LIPS)
    if isinstance(film, ChartFilm) and shining:
        opaque = np.median(film.opaque[film.coverage > 0.5], axis=0)
        mask = canvas.face.masks.lips * np.float32(shining[0].intensity)
        apply_finish(canvas, mask, np.asarray(opaque, np.float32), shining[0].finish, seed)


def _joined_look(references: Mapping[Region, Reading], controls: Controls) -> Look:
    """Each region's layers from its own reference."""
    look = Look(schema_version=1, name="transfer", layers=())
    for region, reading in references.items():
        look = look + controls.look_of(reading).only(region)
    return look


def _by_name(controls: Controls) -> dict[str, float]:
    return {region.value: controls.strength_of(region) for region in Region}


def _unique(references: Mapping[Region, Reading]) -> list[Reading]:
    """Every reference once, in order."""
    unique: list[Reading] = []
    for reading in references.values():
        if not any(reading is other for other in unique):
            unique.append(reading)
    return unique
