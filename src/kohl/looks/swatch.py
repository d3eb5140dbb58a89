"""A photo of a product to its pigments: the main colours that are neither background, nor highlight, nor deep shadow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kohl.color.lab import chroma_hue, lab_from_srgb, srgb_from_lab
from kohl.core.arrays import FloatArray, Image
from kohl.core.checks import check_image
from kohl.core.errors import UsageError
from kohl.looks.layers import PRODUCTS, AnyLayer
from kohl.looks.orders import Order, Tone
from kohl.looks.pigment import Pigment
from kohl.looks.recipes import build

_LONGEST_SIDE = 160
_BORDER = 0.04
_NEAR = 9.0
_PLAIN_BORDER = 0.45
_LEAST_LEFT = 0.02
_CELL = np.array([8.0, 6.0, 6.0], dtype=np.float32)
_ROUNDS = 8


@dataclass(frozen=True)
class Swatch:
    """A colour of a product photo and its share of the pixels that are product, in (0, 1]."""

    pigment: Pigment
    share: float


def find_swatches(image: Image, count: int = 1) -> tuple[Swatch, ...]:
    """The `count` main colours of a product photo, the largest first; fewer where the photo has fewer.

    `image`: (H, W, 3) float32, sRGB-encoded, [0, 1]: a smear, a pan, a bullet, on a background that reaches the border or
    on none at all. The background is the colour that most of the border shares; highlights are pixels that are much
    lighter and greyer than the product, shadows those that are nearly black. Raises UsageError for any other array and
    for a `count` under 1.
    """
    check_image(image)
    if count < 1:
        raise UsageError(f"expected to look for at least 1 colour, got {count}")
    step = max(1, -(-max(image.shape[:2]) // _LONGEST_SIDE))
    lab = lab_from_srgb(image[::step, ::step])
    product = _without_extremes(_without_background(lab))
    swatches: list[Swatch] = []
    left = product
    while len(swatches) < count and len(left) > _LEAST_LEFT * len(product):
        centre = _densest(left)
        near = _distance(left, centre) < 2 * _NEAR
        red, green, blue = srgb_from_lab(centre).tolist()
        swatches.append(Swatch(Pigment.from_rgb((red, green, blue)), float(near.sum()) / len(product)))
        left = left[~near]
    return tuple(sorted(swatches, key=lambda swatch: -swatch.share))


def layer_from_photo(image: Image, product: str = "lipstick") -> AnyLayer:
    """The layer of `product` in the main colour of a product photo; everything else is as usual for it.

    `image` as for `find_swatches`; `product` as in look files, such as "blush". Raises UsageError for a bad image or a
    product that has no pigment of its own.
    """
    if product not in PRODUCTS or product == "decal":
        raise UsageError(f"expected a product with a pigment, one of {', '.join(name for name in PRODUCTS if name != 'decal')}, got {product!r}")
    return build(Order(product, (Tone(find_swatches(image)[0].pigment),)))


def _without_background(lab: FloatArray) -> FloatArray:
    """The pixels that are not of the border's main colour, as rows; all of them where the border has none, or fills the photo."""
    pixels = lab.reshape(-1, 3)
    margin = max(1, round(_BORDER * min(lab.shape[:2])))
    is_border = np.ones(lab.shape[:2], dtype=np.bool_)
    is_border[margin:-margin, margin:-margin] = False
    border = lab[is_border]
    background = _densest(border)
    is_plain = (_distance(border, background) < _NEAR).mean() > _PLAIN_BORDER
    kept = pixels[_distance(pixels, background) > 1.5 * _NEAR]
    return kept if is_plain and len(kept) > _LEAST_LEFT * len(pixels) else pixels


def _without_extremes(pixels: FloatArray) -> FloatArray:
    """The pixels without glints (lighter and greyer than the typical one) and without near-black shadows."""
    chroma, _ = chroma_hue(pixels)
    lightness = pixels[:, 0]
    is_glint = (lightness > np.median(lightness) + 18) & (chroma < np.median(chroma))
    is_shadow = (lightness < 8) & (np.median(lightness) > 20)
    kept = pixels[~(is_glint | is_shadow)]
    return kept if len(kept) else pixels


def _densest(pixels: FloatArray) -> FloatArray:
    """The Lab colour around which most pixels lie: the fullest cell of a coarse grid, then a mean that follows its neighbours."""
    cells = np.floor(pixels / _CELL).astype(np.int64)
    keys, counts = np.unique(cells, axis=0, return_counts=True)
    centre: FloatArray = ((keys[np.argmax(counts)] + 0.5) * _CELL).astype(np.float32)
    for _ in range(_ROUNDS):
        near: npt.NDArray[np.bool_] = _distance(pixels, centre) < _NEAR
        if not near.any():
            break
        centre = np.median(pixels[near], axis=0).astype(np.float32)
    return centre


def _distance(pixels: FloatArray, centre: FloatArray) -> FloatArray:
    """Euclidean distance in Lab; lightness counts half, since a product is lit unevenly."""
    difference = (pixels - centre) * np.array([0.5, 1, 1], dtype=np.float32)
    distance: FloatArray = np.sqrt((difference * difference).sum(axis=-1))
    return distance
