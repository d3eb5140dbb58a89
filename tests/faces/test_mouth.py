"""The lips' edge follows the picture smoothly: it moves as a whole, and stubble or shade beside a lip does not bite into it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from drawn import draw_face
from kohl.core.arrays import FloatArray, Points
from kohl.faces.landmarks import LIPS_LOWER_INNER
from kohl.faces.mouth import _as_light_as_within, _moved, find_mouth

SIDE, RADIUS = 140, 40.0
MIDDLE = np.float32([70, 70])


def circle(turn: int = 1) -> Points:
    angles = turn * np.linspace(0, 2 * np.pi, 60, endpoint=False)
    return (MIDDLE + RADIUS * np.stack([np.cos(angles), np.sin(angles)], 1)).astype(np.float32)


def radii(outline: Points) -> FloatArray:
    return np.linalg.norm(outline - MIDDLE, axis=1)


@pytest.mark.parametrize("turn", [1, -1], ids=["clockwise", "the other way"])
@pytest.mark.parametrize("by", [3.0, -3.0], ids=["outwards", "inwards"])
def test_an_edge_that_is_pushed_everywhere_moves_as_a_whole(turn: int, by: float) -> None:
    moved = _moved(circle(turn), np.full((SIDE, SIDE), by, np.float32))
    np.testing.assert_allclose(radii(moved), RADIUS + by, atol=0.3)


def test_an_edge_that_nothing_pushes_stays() -> None:
    np.testing.assert_allclose(radii(_moved(circle(), np.zeros((SIDE, SIDE), np.float32))), RADIUS, atol=0.1)


def test_a_bite_is_smoothed_away_and_a_wide_move_is_followed() -> None:
    narrow, wide = np.zeros((SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE), np.float32)
    narrow[68:72, 100:] = -4.0
    wide[:, 70:] = 4.0
    assert radii(_moved(circle(), narrow)).min() > RADIUS - 0.6
    followed = _moved(circle(), wide)
    assert radii(followed[followed[:, 0] > 100]).min() > RADIUS + 3.5
    assert radii(followed[followed[:, 0] < 40]).max() < RADIUS + 0.5


def test_a_shine_that_is_lighter_than_the_teeth_is_none() -> None:
    light, inner = np.full((40, 60), -2.0, np.float32), np.full((40, 60), -5.0, np.float32)
    inner[15:25, 10:50], light[15:25, 10:50] = 5.0, -1.0
    light[26:30, 10:30], light[26:30, 30:50] = -0.4, -0.95
    above, pale = np.arange(40)[:, None] < np.full((1, 60), 20), np.asarray(light > -1.5, np.float32)
    share = _as_light_as_within(light, inner, above, pale)
    assert share[27, 20] == 0, "lighter than all teeth"
    assert share[27, 40] == 1, "as light as they are"
    assert (_as_light_as_within(light, np.full_like(inner, -5.0), above, pale) == 1).all(), "of a closed mouth nothing is known"


def test_a_shine_that_reaches_into_the_contour_is_none_either() -> None:
    light, inner = np.full((40, 60), -2.0, np.float32), np.full((40, 60), -5.0, np.float32)
    inner[15:25, 10:50] = np.float32([1.5, 2.5, 3.5, 4.5, 5, 5, 4.5, 3.5, 2.2, 1.5])[:, None]
    light[15:25, 10:50], light[23:30, 10:50] = -1.0, -0.4
    above, pale = np.arange(40)[:, None] < np.full((1, 60), 20), np.asarray(light > -1.5, np.float32)
    share = _as_light_as_within(light, inner, above, pale)
    assert share[23, 30] == 0
    assert share[18, 30] == 1, "the teeth themselves"


def test_a_shine_on_the_lower_lip_is_lip() -> None:
    """As pale as teeth, and it begins where they end: the edge runs between them, and not around the shine."""
    image, points = draw_face(mouth_open=0.35)
    image = 0.6 * image
    low = points[LIPS_LOWER_INNER, :2].astype(np.int32)
    below = np.zeros(image.shape[:2], np.float32)
    width = float(np.linalg.norm(points[61] - points[291]))
    cv2.polylines(below, [low + np.int32([0, round(0.02 * width)])], False, 1.0, max(2, round(0.05 * width)))
    shine = cv2.GaussianBlur(below, (0, 0), 1)
    wet = image * (1 - shine[..., None]) + 0.97 * shine[..., None]
    dry, lips = (find_mouth(np.asarray(pixels, np.float32), points)[0] for pixels in (image, wet))
    assert dry[below > 0].mean() > 0.5, "it lies on the lip"
    assert lips[below > 0].mean() > 0.9 * dry[below > 0].mean()
