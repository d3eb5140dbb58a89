"""Faces of a packed folder: where they were found, shrunk and mirrored as their pictures, and found again a little elsewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import finding
from drawn import draw
from kohl.core.arrays import Image, Points3
from kohl.evaluation.mirroring import mirrored_image
from kohl.faces.landmarks import eye_distance
from kohl.faces.mirroring import mirrored_points

PICTURE = Path("somewhere/set/one.jpg")


@pytest.fixture(scope="module")
def somebody() -> tuple[Image, Points3]:
    made = draw((256, 256))
    return made.image, made.points


@pytest.fixture
def knowing(somebody: tuple[Image, Points3], tmp_path: Path) -> finding.Finder:
    move = np.full((1, 478, 3), 0.1, np.float32)
    np.savez(tmp_path / finding.MESHES, files=np.array(["set/one.jpg"]), meshes=somebody[1][None], moves=move)
    return finding.finder_for(tmp_path)


def test_a_folder_without_meshes_is_looked_at(tmp_path: Path) -> None:
    assert isinstance(finding.finder_for(tmp_path), finding.Detecting)


def test_a_face_lies_where_its_mesh_was_kept(somebody: tuple[Image, Points3], knowing: finding.Finder) -> None:
    image, points = somebody
    np.testing.assert_array_equal(knowing.first(PICTURE, image, 1.0, is_mirrored=False).points, points)


def test_a_mesh_follows_its_picture(somebody: tuple[Image, Points3], knowing: finding.Finder) -> None:
    image, points = somebody
    half = np.ascontiguousarray(mirrored_image(image)[::2, ::2])
    found = knowing.first(PICTURE, half, 0.5, is_mirrored=True).points
    np.testing.assert_allclose(found, mirrored_points(points * np.float32(0.5), 128), atol=1e-4)


def test_a_face_that_is_found_again_has_moved(somebody: tuple[Image, Points3], knowing: finding.Finder) -> None:
    image, points = somebody
    again = knowing.again(image, points, seed=3).points
    np.testing.assert_allclose(again - points, 0.1 * eye_distance(points), rtol=1e-3)
