"""What lies over the face, and what is left: hair, glasses, hands, beards are not painted.

Two small networks (one per stage, some 2,000 weights each) weigh the evidence pixel by pixel on a coarse grid; the second
also sees what the first said about the neighbourhood (auto-context, Tu & Bai 2010). Their answer is then drawn at the
photo's own resolution along the edges of the picture (guided filter, He, Sun & Tang 2013).
`scripts/train_cover.py` makes the weights.
"""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.core.onnx_session import packaged_session
from kohl.core.products import gram
from kohl.core.ramps import ramp
from kohl.faces.chart import ChartField
from kohl.faces.evidence import Evidence, gather_evidence, shift
from kohl.geometry.strips import strips, whole

STAGES = ("cover_first.onnx", "cover_second.onnx")
"""The networks: "rows" (N, F) to logits (N, 1)."""
_RADIUS = 4
"""Pixels of the coarse grid over which the mask is fitted to the picture."""
_FLAT = 0.02
"""Variance of the guide, in squares of the distance between skin and cover, below which it counts as flat."""
_SURE = (0.25, 0.9)
"""Answers at which a pixel is nothing but cover, and nothing but skin."""
_FEW = 40.0
"""Coarse pixels of either kind below which there is nothing to learn colours from."""
_ALIKE = 1e-3
"""Squared distance of the mean colours below which they tell nothing."""


def find_clear(pixels: Image, field: ChartField) -> Mask:
    """Return the (h, w) mask of the window `pixels` that is 1 where nothing lies over the face."""
    evidence = gather_evidence(pixels, field)
    first, second = STAGES
    guess = _logits(first, evidence.values)
    logit = _logits(second, np.concatenate([evidence.values, gather_context(guess, evidence)], -1))
    coarse = np.zeros(evidence.inside.shape, np.float32)
    coarse[evidence.inside] = 1 / (1 + np.exp(-logit))
    return _draw_along_edges(coarse, evidence, pixels)


def _draw_along_edges(coarse: Mask, evidence: Evidence, pixels: Image) -> Mask:
    """Enlarge `coarse` to the size of `pixels`, its edges on those of the picture (fast guided filter, He & Sun 2015)."""
    axis = _telling_axis(evidence.small, coarse * evidence.facing, (1 - coarse) * evidence.facing)
    guide = cv2.transform(evidence.small, axis)
    size, side = (pixels.shape[1], pixels.shape[0]), (2 * _RADIUS + 1, 2 * _RADIUS + 1)
    both = cv2.blur(cv2.merge([guide, coarse, guide * coarse, guide * guide]), side, borderType=cv2.BORDER_REFLECT)
    mean_guide, mean_mask, mean_product, mean_square = cv2.split(both)
    slope = (mean_product - mean_guide * mean_mask) / (mean_square - mean_guide**2 + np.float32(_FLAT))
    offset = mean_mask - slope * mean_guide
    slope, offset = (cv2.resize(cv2.blur(part, side), size, interpolation=cv2.INTER_LINEAR) for part in (slope, offset))
    clear = np.empty(pixels.shape[:2], np.float32)
    for part in strips(whole(clear.shape)):
        clear[part] = ramp(slope[part] * cv2.transform(pixels[part], axis) + offset[part], *_SURE)
    return clear


def _telling_axis(pixels: Image, skin: Mask, cover: Mask) -> FloatArray:
    """(1, 3) weights of red, green, blue that tell skin from cover best (Fisher 1936), one unit apart; lightness where there is no cover."""
    plain = np.array([[0.3, 0.6, 0.1]], np.float32)
    if min(skin.sum(), cover.sum()) < _FEW:
        return plain
    flat = pixels.reshape(-1, 3)
    shares = [(weight / weight.sum()).reshape(-1, 1) for weight in (skin, cover)]
    means = [gram(share, flat)[0] for share in shares]
    spread = sum(gram(flat * share, flat) - np.outer(mean, mean) for mean, share in zip(means, shares, strict=True)) / 2 + 3e-3 * np.eye(3)
    difference = means[0] - means[1]
    axis = np.linalg.solve(spread, difference)
    return np.asarray(axis[None] / max(float(axis @ difference), 1e-6), np.float32) if difference @ difference > _ALIKE else plain


def _logits(stage: str, rows: FloatArray) -> FloatArray:
    """(N,) answers of a stage to the rows (N, F)."""
    return np.asarray(packaged_session("kohl.faces", stage).run(None, {"rows": rows})[0], np.float32)[:, 0]


def gather_context(logits: FloatArray, evidence: Evidence) -> FloatArray:
    """(N, 5): a first answer (N,) as the second stage sees it: here, around, further around, further out, further in."""
    share = np.zeros(evidence.inside.shape, np.float32)
    share[evidence.inside] = np.tanh(np.clip(logits, -8, 8) / 4)
    near, far = cv2.GaussianBlur(share, (0, 0), 2.0), cv2.GaussianBlur(share, (0, 0), 7.0)
    planes = (share, near, far, shift(near, evidence.outwards), shift(near, evidence.inwards))
    return np.stack([plane[evidence.inside] for plane in planes], -1)
