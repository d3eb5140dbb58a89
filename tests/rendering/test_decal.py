"""Pictures on the chart."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from painting import difference, drawn, painted, whole
from PIL import Image as PillowImage

from kohl.core.errors import LookFormatError
from kohl.faces.topology import load_topology
from kohl.looks.layers import Decal


def png(pixels: np.ndarray) -> str:
    buffer = io.BytesIO()
    PillowImage.fromarray(pixels).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def dot(landmark: int, side: int = 128) -> np.ndarray:
    """A blue dot around a landmark, everything else transparent."""
    pixels = np.zeros((side, side, 4), np.uint8)
    x, y = (load_topology().chart[landmark] * side).astype(int)
    pixels[y - 2 : y + 3, x - 2 : x + 3] = (20, 40, 200, 255)
    return pixels


def test_a_dot_lands_on_its_landmark():
    image, face = drawn()
    moved = difference(image, painted(Decal(picture=png(dot(50)))))
    rows, columns = np.nonzero(moved > 5)
    assert np.hypot(*(np.array([columns.mean(), rows.mean()]) + 0.5 - face.points[50, :2])) < 0.06 * face.eye_distance
    assert moved[whole(face.masks.lips, face) > 0.5].max() == 0


def test_a_transparent_picture_changes_nothing():
    image, _ = drawn()
    assert (painted(Decal(picture=png(np.zeros((32, 32, 4), np.uint8)))) == image).all()


@pytest.mark.parametrize("pixels", [np.zeros((16, 24, 4), np.uint8), np.zeros((2050, 2050, 4), np.uint8)])
def test_oblong_and_huge_pictures_are_refused(pixels):
    with pytest.raises(LookFormatError, match="expected a square"):
        painted(Decal(picture=png(pixels)))


def test_a_broken_picture_is_refused():
    broken = base64.b64encode(base64.b64decode(png(dot(50)))[:60]).decode()
    with pytest.raises(LookFormatError, match="readable PNG"):
        painted(Decal(picture=broken))
