"""Kubelka–Munk: a film of pigment on skin, forwards and backwards. All colours are linear light.

A pigment is its reflectance in an opaque layer, R∞ per channel. With a = (1/R∞ + R∞)/2 and b = (1/R∞ − R∞)/2, a film
of scattering S and thickness x over a ground R_b reflects (Kubelka & Munk 1931; hyperbolic form in Kubelka 1948)

    R = [(R_b − R∞) E / R∞ − R∞ (R_b − 1/R∞)] / [(R_b − R∞) E − (R_b − 1/R∞)],    E = exp(−2 b S x)

which is the same as R_c + T_c² R_b / (1 − R_c R_b), needs one exponential a channel and stays stable when x grows.

Coverage c in [0, 1] stands for thickness: E = (1 − c)^p with p = sqrt(b / mean b) per channel. That is a choice of S: a
pigment scatters less where it absorbs more, S ∝ 1/√b. With one S for all channels a saturated red would kill all green at
a tenth of the thickness at which its red shows on deep skin; with S ∝ 1/b the film would be a plain blend.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kohl.color.srgb import linear_from_srgb
from kohl.core.arrays import FloatArray, LinearImage, Mask
from kohl.core.channels import to_channels
from kohl.looks.pigment import Pigment

DARKEST, LIGHTEST = 0.012, 0.97
"""Reflectances that a product's pigment can have: no black swallows all light, no white gives all of it back."""
DEEPEST = 0.002
"""What one channel of a pigment read from a photo may fall to: a camera's red has next to no green in it."""
FULL_COVERAGE = 0.995
"""What coverage 1 hides: thick, but never an infinite layer."""

_ROUNDS = 5
"""Rounds of `solve_opaque` in which exponents and pigment settle."""
_EXPONENTS = (0.6, 2.2)
"""Bounds of p: every channel of a thick film covers, none of a thin one is gone at once."""


@dataclass(frozen=True)
class Film:
    """A pigment ready to be laid on. `opaque` (3,) reflectance R∞; `exponents` (3,) p of the module's docstring."""

    opaque: FloatArray
    exponents: FloatArray

    @classmethod
    def of(cls, pigment: Pigment) -> Film:
        """The film of a product's pigment."""
        return cls.from_reflectance(linear_from_srgb(np.array(pigment.rgb, np.float32)))

    @classmethod
    def from_reflectance(cls, opaque: npt.ArrayLike) -> Film:
        """The film whose opaque layer reflects `opaque`, (3,) linear light, clipped to what a pigment can have."""
        reflectance = np.clip(np.asarray(opaque, np.float32), DARKEST, LIGHTEST)
        return cls(reflectance, film_exponents(reflectance))

    def over(self, ground: LinearImage, coverage: Mask) -> LinearImage:
        """Reflectance (..., 3) of this film at `coverage` (...,) over `ground` (..., 3), all in [0, 1]."""
        if ground.ndim != 3:
            return reflect(ground, self.opaque, self.exponents, coverage)
        thickness = np.log1p(-FULL_COVERAGE * coverage)  # channel by channel: one pigment for all pixels is twice as fast that way
        channels = zip(cv2.split(ground), self.opaque, self.exponents, strict=True)
        return np.asarray(cv2.merge([_reflect(plane, opaque, np.exp(exponent * thickness)) for plane, opaque, exponent in channels]), np.float32)


def film_exponents(opaque: FloatArray) -> FloatArray:
    """Return (..., 3) exponents p = sqrt(b / mean b) for reflectances `opaque` (..., 3); the mean is geometric."""
    b = 1 / opaque - opaque
    exponents = np.sqrt(b / np.cbrt(b[..., :1] * b[..., 1:2] * b[..., 2:]))
    return np.asarray(np.clip(exponents, *_EXPONENTS), np.float32)


def reflect(ground: LinearImage, opaque: FloatArray, exponents: FloatArray, coverage: Mask) -> LinearImage:
    """Kubelka–Munk reflectance of a film over `ground`; arrays (..., 3) that broadcast, `coverage` (...,) in [0, 1]."""
    return _reflect(ground, opaque, np.exp(exponents * to_channels(np.log1p(-FULL_COVERAGE * coverage))))


def film_of(opaque: FloatArray) -> Callable[[LinearImage, Mask], LinearImage]:
    """The film of a pigment (..., 3) that differs from pixel to pixel: a function of ground (..., 3) and coverage (...,)."""
    exponents = film_exponents(opaque)
    return lambda ground, coverage: reflect(ground, opaque, exponents, coverage)


def tint_of(ratio: FloatArray) -> Callable[[LinearImage, Mask], LinearImage]:
    """A film so thin that it scatters next to nothing, given by the `ratio` (..., 3) of what skin reflects with it to what it does without: a
    function of ground (..., 3) and coverage (...,).

    Without scattering Kubelka and Munk's equations leave R = R_b exp(−2 K x): thickness is a power of the ratio.
    """
    density = np.log(ratio)
    return lambda ground, coverage: np.minimum(ground * np.exp(density * to_channels(coverage)), LIGHTEST)


def _reflect(ground: FloatArray, opaque: FloatArray, passing: FloatArray) -> FloatArray:
    """The formula itself; `passing` is its E."""
    inverse = 1 / opaque
    lower = (ground - opaque) * passing
    upper = ground - inverse
    return np.asarray((lower * inverse - opaque * upper) / (lower - upper), np.float32)


def solve_opaque(ground: LinearImage, painted: LinearImage, coverage: Mask) -> FloatArray:
    """Return the pigment reflectance (..., 3) whose film at `coverage` turns `ground` into `painted`; inverse of `reflect`.

    At fixed E the formula of `reflect` is quadratic in R∞: (R_b − R E) R∞² − (1 − E)(1 + R R_b) R∞ + (R − R_b E) = 0, of which
    the smaller root is the pigment's. The exponents, which depend on all channels at once, are refreshed between rounds,
    half-way each time since whole steps overshoot. Colours no film of that coverage can reach give the nearest pigment.
    """
    thickness = to_channels(np.log1p(-FULL_COVERAGE * coverage))
    exponents = np.ones_like(painted)
    sum_of_both = 1 + painted * ground
    opaque = painted
    for turn in range(_ROUNDS):
        passing = np.exp(exponents * thickness)
        linear, constant = (1 - passing) * sum_of_both, painted - ground * passing
        under_root = linear * linear - 4 * (ground - painted * passing) * constant
        # Written so that neither a vanishing square term nor a dark film costs digits.
        opaque = np.clip(2 * constant / (linear + np.sqrt(np.maximum(under_root, 0))), DEEPEST, LIGHTEST)
        if turn < _ROUNDS - 1:
            exponents = np.sqrt(exponents * film_exponents(opaque))
    return np.asarray(opaque, np.float32)
