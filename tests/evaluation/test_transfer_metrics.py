"""Colours relative to the own skin, and the share of the way: known colours painted on the drawn face."""

from __future__ import annotations

import numpy as np
import pytest

from drawn import DEEP, FAIR, Drawing, FixedDetector, draw
from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import Image
from kohl.core.region import Region
from kohl.evaluation.metrics.places import region_of
from kohl.evaluation.metrics.region_colors import color_distance, region_colors
from kohl.evaluation.metrics.share import share_of_the_way
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face


def shifted(image: Image, face: Face, region: Region, step: tuple[float, float, float]) -> Image:
    """Move a region by `step` in Lab."""
    lab = lab_from_srgb(image)
    lab[region_of(face, region) > 0.4] += np.float32(step)
    return np.clip(srgb_from_lab(lab), 0, 1)


@pytest.mark.parametrize("region", [Region.LIPS, Region.EYES, Region.CHEEKS])
def test_a_painted_region_moves_by_its_paint(drawn_image: Image, drawn_face: Face, region: Region):
    step = (-8.0, 6.0, -3.0)
    before = region_colors(drawn_image, drawn_face)
    after = region_colors(shifted(drawn_image, drawn_face, region, step), drawn_face)
    np.testing.assert_allclose(after.relative[region] - before.relative[region], step, atol=0.6)
    np.testing.assert_allclose(after.skin, before.skin, atol=0.1)
    assert color_distance(before, before, region) == 0
    assert color_distance(before, after, region) > 4


def test_light_and_skin_do_not_count():
    """The same step of paint on fair and on deep skin is the same makeup."""
    step, ways = (-10.0, 12.0, 2.0), []
    for skin in (FAIR, DEEP):
        drawing: Drawing = draw((384, 384), skin=skin)
        face = Analyzer(detector=FixedDetector(drawing.points)).analyze(drawing.image)[0]
        painted = shifted(drawing.image, face, Region.LIPS, step)
        before, after = region_colors(drawing.image, face), region_colors(painted, face)
        ways.append(after.relative[Region.LIPS] - before.relative[Region.LIPS])
    np.testing.assert_allclose(ways[0], ways[1], atol=2)


def test_a_hidden_region_has_no_colour(drawn_image: Image, drawn_face: Face):
    away = draw((384, 384), yaw=0.0)
    face = Analyzer(detector=FixedDetector(away.points)).analyze(away.image)[0]
    object.__setattr__(face.masks, "brows", np.zeros_like(face.masks.brows))
    assert np.isnan(region_colors(away.image, face).relative[Region.BROWS]).all()


def test_share_of_the_way():
    source, reference = np.zeros(3, np.float32), np.float32([-10, 20, 0])
    nothing, half, all_, beyond, astray = (
        share_of_the_way(source, reference, np.float32(result))
        for result in ([0, 0, 0], [-5, 10, 0], [-10, 20, 0], [-15, 30, 0], [-10, 20, 11.18034])
    )
    assert (nothing.along, nothing.closeness) == (0, 0)
    assert (half.along, half.closeness) == pytest.approx((0.5, 0.5))
    assert (all_.along, all_.closeness) == pytest.approx((1, 1))
    assert (beyond.along, beyond.closeness) == pytest.approx((1.5, 0.5))
    assert (astray.along, astray.closeness) == pytest.approx((1, 0.5)), "straying across the way shows in closeness alone"
    assert half.distance == pytest.approx(22.36068)


def test_no_way_no_share():
    same = share_of_the_way(np.ones(3, np.float32), np.ones(3, np.float32), np.zeros(3, np.float32))
    assert np.isnan(same.along)
    assert np.isnan(share_of_the_way(np.ones(3, np.float32), np.full(3, np.nan, np.float32), np.zeros(3, np.float32)).closeness)
