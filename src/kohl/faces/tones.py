"""Colour as the masks see it: lightness and two chromaticities that shading leaves alone."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask

_BLACK = np.float32(0.03)
"""Keeps the noise of dark pixels from being amplified without end."""
_LIGHT = np.array([[0.3, 0.6, 0.1]], np.float32)


def tones_of(pixels: Image) -> FloatArray:
    """(h, w, 3) sRGB [0, 1] → (h, w, 3): log lightness, red against green, green against blue (both 0 for greys).

    The last two are ratios: a change of light scales all encoded values by one factor, and leaves them where they are.
    """
    red, green, blue = cv2.split(pixels)
    total = red + green + blue + 4 * _BLACK
    return np.asarray(cv2.merge([light_of(pixels), (red - green) / total, (green - blue) / total]), np.float32)


def light_of(pixels: Image) -> FloatArray:
    """(h, w, 3) sRGB [0, 1] → (h, w) log lightness, about -3.5 (black) to 0 (white)."""
    return np.asarray(np.log(cv2.transform(pixels, _LIGHT) + _BLACK), np.float32)


def local_mean(values: FloatArray, weights: Mask, sigma: float) -> FloatArray:
    """Mean of `values` (h, w, C) around every pixel, weighed by `weights` (h, w) and a Gaussian of `sigma` pixels.

    Worked out on a coarser grid. Far from all weight it goes over into the mean of everything.
    """
    step = max(1, int(sigma / 3))
    size = (max(1, values.shape[1] // step), max(1, values.shape[0] // step))
    planes = cv2.split(values)
    small = cv2.resize(cv2.merge([*(plane * weights for plane in planes), weights]), size, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma / step)
    # cv2's means: a tenth of the time of numpy's over two axes.
    blurred += 1e-3 * _mean(small) + 1e-9 * np.append(_mean(values), np.float32(1))
    mean = blurred[..., :-1] / blurred[..., -1:]
    full = cv2.resize(mean, (values.shape[1], values.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full, np.float32).reshape(values.shape)


def _mean(values: FloatArray) -> FloatArray:
    """(C,) mean of (h, w, C), C at most 4."""
    return np.array(cv2.mean(values)[: values.shape[2]], np.float32)
