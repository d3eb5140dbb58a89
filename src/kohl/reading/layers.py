"""Colour on the chart → layers of a look."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kohl.color.srgb import srgb_from_linear
from kohl.core.arrays import Image
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.looks.layers import AnyLayer, Blush, Eyeshadow, Lipstick, Pan
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.bare import load_bare_prior, zone_mean, zone_weight
from kohl.reading.unrolled import Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LIPS
from kohl.rendering.film import solve_opaque


def read_layers(image: Image, face: Face, unrolled: Unrolled, presence: Mapping[Region, float]) -> tuple[Look, dict[str, float]]:
    """Return the look and, per product, how sure it is."""
    layers: list[AnyLayer] = []
    confidence = {"lipstick": presence[Region.LIPS], "eyeshadow": presence[Region.EYES], "blush": presence[Region.CHEEKS]}
    if confidence["lipstick"] > 0.5:
        layers.append(Lipstick(pigment=_pigment(unrolled, LIPS, 0.8), coverage=0.8))
    if confidence["eyeshadow"] > 0.5:
        layers.append(Eyeshadow(pans=(Pan(zone="lid", pigment=_pigment(unrolled, LIDS, 0.6), coverage=0.6),)))
    if confidence["blush"] > 0.5:
        layers.append(Blush(pigment=_pigment(unrolled, CHEEKS, 0.35), coverage=0.35))
    return Look(schema_version=1, name="read", layers=tuple(layers)), confidence


def _pigment(unrolled: Unrolled, zone: str, coverage: float) -> Pigment:
    """The pigment whose film at `coverage` turns the expected bare zone into what is seen."""
    weight = zone_weight(unrolled, zone)
    bare = np.exp(zone_mean(load_bare_prior().expected(unrolled.skin), weight)) * unrolled.skin
    painted = np.exp(zone_mean(unrolled.ratio, weight)) * unrolled.skin
    opaque = solve_opaque(np.clip(bare, 1e-3, 1)[None], np.clip(painted, 1e-3, 1)[None], np.full(1, coverage, np.float32))[0]
    red, green, blue = (float(value) for value in srgb_from_linear(opaque))
    return Pigment.from_rgb((red, green, blue))
