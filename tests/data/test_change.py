"""The change's own mask finds makeup, and takes neither noise nor compression for it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kohl.core.arrays import Image
from kohl.data import painters
from kohl.data.change import CHART_SIDE, find_change, fuse_changes, lay_change
from kohl.data.crops import SIDE, cut_crop
from kohl.faces.face import Face


def saved(image: Image, quality: int) -> Image:
    _, data = cv2.imencode(".jpg", np.rint(image * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR).astype(np.float32) / 255


@pytest.mark.parametrize("quality", [92, 75])
@pytest.mark.parametrize("painter", painters.INDEPENDENT)
def test_finds_makeup_through_compression(painter: str, quality: int, drawn_image: Image, drawn_face: Face):
    painted = painters.create(painter).paint(drawn_image, drawn_face)
    change = find_change(saved(drawn_image, 95), saved(painted, quality))
    truth = np.abs(painted - drawn_image).max(2)
    assert change.dtype == np.float32
    assert change.min() >= 0
    assert change.max() <= 1
    assert (change[truth > 0.06] > 0.5).mean() > 0.85
    assert (change[truth == 0] > 0.5).mean() < 0.02


@pytest.mark.parametrize(("quality", "share"), [(95, 1e-3), (60, 0.01)])
def test_compression_alone_is_hardly_a_change(quality: int, share: float, drawn_image: Image):
    # A drawing's edges are harder than any photo's, and its background is perfectly flat: the worst that JPEG can meet.
    assert (find_change(drawn_image, saved(drawn_image, quality)) > 0.5).mean() < share


def test_noise_alone_is_no_change(drawn_image: Image):
    noisy = drawn_image + np.random.default_rng(0).normal(0, 0.02, drawn_image.shape).astype(np.float32)
    assert (find_change(drawn_image, np.clip(noisy, 0, 1)) > 0.5).mean() < 1e-3
    assert find_change(drawn_image, drawn_image).max() == 0


def test_specks_are_dropped_and_lines_kept(drawn_image: Image):
    after = drawn_image.copy()
    after[100:102, 100:102] = 0
    after[300:304, 150:350] = 0
    change = find_change(drawn_image, after)
    assert change[98:105, 98:105].max() < 0.5
    assert (change[301:303, 160:340] > 0.5).all()


def test_pairs_agree_on_the_chart(drawn_image: Image, drawn_face: Face):
    crop = cut_crop(drawn_image, drawn_face)
    face = crop.face()
    painted = [painters.create(name).paint(crop.pixels, face) for name in ("inks", "airbrush")]
    chart = fuse_changes([crop, crop], [find_change(crop.pixels, after) for after in painted])
    assert chart.shape == (CHART_SIDE, CHART_SIDE)
    np.testing.assert_allclose(chart, chart[:, ::-1], atol=1e-6)
    again = lay_change(face, chart)
    assert again.shape == (SIDE, SIDE)
    both = (np.abs(painted[0] - crop.pixels).max(2) > 0.06) & (np.abs(painted[1] - crop.pixels).max(2) > 0.06)
    neither = (painted[0] == crop.pixels).all(2) & (painted[1] == crop.pixels).all(2)
    assert again[both].mean() > 0.7
    assert again[neither].mean() < 0.05
