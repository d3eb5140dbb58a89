"""Painted pixels back into the picture's own samples: what was not painted is copied, bit for bit, at any depth and in any profile."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from kohl.core.arrays import AnyArray, Image
from kohl.core.depth import as_float, quantized
from kohl.core.errors import UsageError
from kohl.core.opened import OpenedImage

Window: TypeAlias = tuple[int, int, int, int]
"""(y0, y1, x0, x1), half-open: the rows and columns that may have been painted."""

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Rec. 709 weights: the grey that stands for a colour in a picture that has to stay grey."""

_PIXELS = 1 << 15
"""Merged at a time: as many as stay in the processor's cache with all that is made of them."""


def merge(opened: OpenedImage, painted: Image, *, window: Window | None = None, stay_gray: bool = False) -> AnyArray:
    """The picture's own samples with the painted pixels in them.

    A pixel is painted when any of its three values differs from `opened.pixels`. In the picture's own profile the *difference* that
    the paint makes is added to the sample that was there, so colours outside sRGB stay where the paint is thin and nothing jumps at the
    rim of a mask.

    Parameters
    ----------
    opened
        The picture as it came in.
    painted
        (H, W, 3) float32, RGB, sRGB-encoded, [0, 1]: `opened.pixels` with paint on it. Values outside are clipped.
    window
        Only these rows and columns are looked at; by default all.
    stay_gray
        What becomes of a grey picture with colour on it: True keeps it grey (its luminance), False makes it RGB in sRGB.

    Returns
    -------
    (H, W, C) samples of the type that came in, always a new array; C changes only for a grey picture that was given colour.

    Raises
    ------
    UsageError
        `painted` has another size or is not finite, or `window` does not lie within it.
    """
    top, bottom, left, right = _check(opened, painted, window)
    samples = opened.raw.samples.copy()
    if opened.raw.colors == 1 and not stay_gray and _has_color(opened, painted, (top, bottom, left, right)):
        samples = _in_color(opened)
    rows = max(1, _PIXELS // max(1, right - left))
    for start in range(top, bottom, rows):
        part = (slice(start, min(start + rows, bottom)), slice(left, right))
        _merge_part(samples[part], opened, painted[part], opened.pixels[part])
    return samples


def _check(opened: OpenedImage, painted: Image, window: Window | None) -> Window:
    if painted.shape != opened.pixels.shape:
        raise UsageError(f"the painted picture must have the shape {opened.pixels.shape} of the one that came in, got {painted.shape}")
    height, width = opened.size
    top, bottom, left, right = window or (0, height, 0, width)
    if not (0 <= top <= bottom <= height and 0 <= left <= right <= width):
        raise UsageError(f"window must be (y0, y1, x0, x1) within {height} × {width}, got {window}")
    return top, bottom, left, right


def _merge_part(target: AnyArray, opened: OpenedImage, painted: Image, before: Image) -> None:
    """Write the painted pixels of one part into `target`, a view of (h, w, C) samples."""
    if not (np.isfinite(painted.min(initial=0)) and np.isfinite(painted.max(initial=0))):  # NaN goes through both
        raise UsageError("the painted picture holds NaN or infinity; nothing of it was written")
    colors = 1 if target.shape[2] < 3 else 3
    promoted = colors != opened.raw.colors
    if colors == 3 and target.dtype == np.uint8 and (opened.profile is None or promoted):
        # The plain case: 8-bit sRGB comes back to itself by rounding, so there is no need to look for what changed.
        target[..., :3] = quantized(painted, target.dtype)
        return
    changed = _changed(painted, before)
    if not changed.any():
        return
    new, old = painted[changed], before[changed]
    if colors == 1:
        new, old = new @ _LUMA[:, None], old[:, :1]
    profile = None if promoted else opened.profile
    if profile is not None:
        # Both ways round alike, so the sum is the sample itself wherever the paint adds nothing.
        own = as_float(target[..., :colors][changed])
        new = own + profile.from_srgb(np.clip(new, 0.0, 1.0)) - profile.from_srgb(old)
    target[..., :colors][changed] = quantized(new, target.dtype)


def _has_color(opened: OpenedImage, painted: Image, window: Window) -> bool:
    top, bottom, left, right = window
    part, before = painted[top:bottom, left:right], opened.pixels[top:bottom, left:right]
    tinted = (part[..., 0] != part[..., 1]) | (part[..., 1] != part[..., 2])
    return bool((tinted & _changed(part, before)).any())


def _changed(painted: Image, before: Image) -> AnyArray:
    """(H, W) bool: where any of the three values differs."""
    differs = painted != before
    # Three passes over a channel each are four times as fast as `any` along an axis of three.
    changed: AnyArray = differs[..., 0] | differs[..., 1] | differs[..., 2]
    return changed


def _in_color(opened: OpenedImage) -> AnyArray:
    """A grey picture's samples as RGB in sRGB, alpha kept."""
    raw = opened.raw
    color = np.repeat(raw.samples[..., :1], 3, axis=2) if opened.profile is None else quantized(opened.pixels, raw.samples.dtype)
    return np.concatenate([color, raw.samples[..., 1:]], axis=2)
