"""Portraits varied for the reader: never twice the same, and who may wear something keeps their skin."""

from __future__ import annotations

import numpy as np
import pytest

import varied_people
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import Image
from kohl.faces.analyzer import describe_face
from kohl.faces.face import Face
from kohl.faces.mesh import Mesh


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(varied_people, "SIDE", 256)


def test_a_seed_is_one_variation(drawn_image: Image, drawn_face: Face) -> None:
    first, second, other = (varied_people.varied(drawn_image, drawn_face, is_bare=True, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[0], second[0])
    assert first[0].shape == (256, 256, 3)
    assert first[1].shape == (478, 3)
    assert np.abs(first[0] - other[0]).max() > 0.02


def test_only_bare_skin_is_another(drawn_image: Image, drawn_face: Face) -> None:
    def skins(*, is_bare: bool) -> list[float]:
        """L* of the skin of eight variations."""
        found = []
        for seed in range(8):
            image, points = varied_people.varied(drawn_image, drawn_face, is_bare=is_bare, seed=seed)
            face = describe_face(image, Mesh(points, 1.0))
            found.append(float(np.median(lab_from_srgb(image[face.window_slices][face.masks.skin > 0.9])[:, 0])))
        return found

    assert np.std(skins(is_bare=True)) > 1.3 * np.std(skins(is_bare=False))
