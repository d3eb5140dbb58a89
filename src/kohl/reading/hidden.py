"""What the photo does not show of a face: continued from the other half, and from what lies around."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import Box, FloatArray, Mask
from kohl.core.channels import to_channels
from kohl.core.medians import median


def continue_hidden(values: FloatArray, seen: Mask, sigma: float) -> FloatArray:
    """Blur (S, S, C), C at most 4, over what is seen (S, S), by `sigma` in chart units; worked out around what is seen, and its mirror image, alone.

    Where nothing is seen nearby, the other half of the face stands in, then ever wider surroundings, then the median.
    """
    box = _mirrored_box(seen, round(3 * sigma * len(seen)) + 2)
    result = np.zeros_like(values)
    if box is not None:
        result[box] = _continue_in(np.ascontiguousarray(values[box]), np.ascontiguousarray(seen[box]), sigma * len(seen))
    return result


def _mirrored_box(seen: Mask, margin: int) -> Box | None:
    """The box around all that is seen, widened to its mirror image across the chart's middle."""
    rows, columns = np.flatnonzero(seen.max(1) > 0), np.flatnonzero(seen.max(0) > 0)
    if not rows.size:
        return None
    side = len(seen)
    left = max(0, min(int(columns[0]), side - 1 - int(columns[-1])) - margin)
    return slice(max(0, int(rows[0]) - margin), min(side, int(rows[-1]) + margin + 1)), slice(left, side - left)


def _continue_in(values: FloatArray, seen: Mask, spread: float) -> FloatArray:
    result = np.zeros_like(values)
    missing = np.ones(seen.shape, np.float32)
    near = _mean_around(values, seen, spread)
    for sigma, is_mirrored in ((spread, False), (spread, True), (3 * spread, False), (6 * spread, True)):
        mean, total = near if sigma == spread else _mean_around(values, seen, sigma)
        if is_mirrored:  # the other half of the face, laid over this one
            mean, total = mean[:, ::-1], total[:, ::-1]
        trust = np.clip((total - 0.08) / 0.25, 0, 1) * missing
        result += mean * to_channels(trust, values.shape[-1])
        missing = missing - trust
        if missing.max() < 1e-3:
            return result
    inside = seen > 0.3
    overall = median(values[inside]) if inside.any() else np.zeros(values.shape[-1])
    return np.asarray(result + missing[..., None] * overall, np.float32)


def _mean_around(values: FloatArray, weight: Mask, sigma: float) -> tuple[FloatArray, Mask]:
    """Weighted Gaussian mean (h, w, C) and the weight (h, w) it rests on, `sigma` in pixels."""
    total = _blurred(weight, sigma)
    channels = values.shape[-1]
    summed = _blurred(values * to_channels(weight, channels), sigma).reshape(values.shape)
    return np.asarray(summed / to_channels(np.maximum(total, 1e-6), channels), np.float32), total


def _blurred(plane: FloatArray, sigma: float) -> FloatArray:
    """Gaussian of (h, w) or (h, w, C), C at most 4; a wide one on a coarser grid."""
    height, width = plane.shape[:2]
    step = max(1, int(sigma / 3))
    if step > 1:
        plane = cv2.resize(plane, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(plane, (0, 0), max(sigma / step, 0.6), borderType=cv2.BORDER_REPLICATE)
    if step > 1:
        blurred = cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(blurred, np.float32)
