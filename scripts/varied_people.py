"""Faces that never were, by shape, light, skin and camera: a portrait varied as learning a look varies its pairs, see `kohl.data.variations`."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Image, Points3
from kohl.data.crops import cut_crop
from kohl.data.variations import Amounts, Person, draw_variation
from kohl.faces.face import Face

SIDE = 1024
"""Pixels of a varied picture: its face is about as wide as `paint_for_reading` shrinks larger ones to."""
BARE = Amounts(features=0.03, pose=6, light=0.35, lighter=8, deeper=15, exposure=0.2, blur=0.7, noise=0.008)
"""Less than learning from five pairs needs: there are hundreds of people here, and reading measures the very skin that is varied."""
WORN = Amounts(features=0.03, pose=6, light=0.35, lighter=0, deeper=0, exposure=0.2, blur=0.7, noise=0.008)
"""The same for who may wear something: makeup does not change as skin does."""


def varied(image: Image, face: Face, *, is_bare: bool, seed: int) -> tuple[Image, Points3]:
    """`face` of `image`, somewhat otherwise built and lit, by another camera; of a bare one the skin as well: (SIDE, SIDE, 3) sRGB, its mesh."""
    crop = cut_crop(image, face, side=SIDE)
    variation = draw_variation([Person.of(crop, crop.pixels)], np.random.default_rng(seed), BARE if is_bare else WORN)
    return variation.before, variation.points
