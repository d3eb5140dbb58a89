"""Zones are soft, symmetric, and where their names say."""

from __future__ import annotations

import numpy as np
import pytest
from painting import fresh_canvas

from kohl.faces.topology import load_topology
from kohl.rendering.zones import face as face_zones
from kohl.rendering.zones.eyes import SIDE, ZONES, eyeshadow_zone
from kohl.rendering.zones.face import face_zone
from kohl.rendering.zones.tails import without_tails

PATTERNS = ("classic", "smoky", "cut_crease")
FACE_ZONES = sorted(face_zones._SHAPES)
LID, CREASE, BROW = 159, 27, 52
"""Landmarks one above the other over the right eye: lash line, crease, lower edge of the brow."""


def at(zone: np.ndarray, landmark: int) -> float:
    x, y = load_topology().chart[landmark] * zone.shape[0]
    return float(zone[int(y), int(x)])


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("zone", ZONES)
def test_eye_zones_are_symmetric_soft_masks(zone, pattern):
    mask = eyeshadow_zone(zone, pattern)
    assert mask.shape == (SIDE, SIDE)
    assert mask.dtype == np.float32
    assert mask.min() >= 0
    assert 0.7 < mask.max() <= 1
    assert (mask == mask[:, ::-1]).all()
    assert not mask.flags.writeable


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("zone", ZONES)
def test_eyeshadow_has_faded_before_the_brow(zone, pattern):
    mask = eyeshadow_zone(zone, pattern)
    for brow in (46, 53, 52, 65, 55, 70, 63, 105, 66, 107):
        assert at(mask, brow) < 0.08


@pytest.mark.parametrize("pattern", PATTERNS)
def test_lid_lies_on_the_lid_and_crease_on_the_crease(pattern):
    lid, crease = eyeshadow_zone("lid", pattern), eyeshadow_zone("crease", pattern)
    assert at(lid, LID) > 0.85
    assert at(crease, CREASE) > 0.25
    assert at(crease, LID) < 0.2


def test_a_cut_crease_ends_sharply_and_a_smoky_lid_softly():
    chart = load_topology().chart
    column = int(chart[LID, 0] * SIDE)
    above = {pattern: np.abs(np.diff(eyeshadow_zone("lid", pattern)[: int(chart[LID, 1] * SIDE) - 12, column])).max() for pattern in PATTERNS}
    assert above["cut_crease"] > 2 * above["smoky"]
    assert above["classic"] > above["smoky"]


def test_the_outer_v_is_outside_and_the_inner_corner_inside():
    chart = load_topology().chart
    columns = np.arange(SIDE // 2)

    def middle(zone: str) -> float:
        half = eyeshadow_zone(zone, "classic")[:, : SIDE // 2]
        return float((half.sum(0) * columns).sum() / half.sum())

    lid = (chart[33, 0] + chart[133, 0]) / 2 * SIDE
    assert middle("outer_v") < lid < middle("inner_corner")


def test_the_lower_lash_zone_is_below_the_eye():
    below = eyeshadow_zone("lower_lash", "classic")
    rows = np.arange(SIDE)
    assert (below.sum(1) * rows).sum() / below.sum() > load_topology().chart[[LID, 145], 1].mean() * SIDE
    assert at(below, LID) < 0.05


@pytest.mark.parametrize(("product", "pattern"), FACE_ZONES)
def test_face_zones_are_symmetric_soft_masks_without_an_edge(product, pattern):
    mask = face_zone(product, pattern)
    assert mask.min() >= 0
    assert 0.5 < mask.max() <= 1
    assert (mask == mask[:, ::-1]).all()
    steepest = max(np.abs(np.diff(mask, axis=axis)).max() for axis in (0, 1))
    assert steepest < 0.25


@pytest.mark.parametrize("pattern", ["apples", "draped", "sunkissed"])
def test_blush_has_no_visible_edge(pattern):
    mask = face_zone("blush", pattern)
    assert max(np.abs(np.diff(mask, axis=axis)).max() for axis in (0, 1)) < 0.07


def test_zones_lie_where_their_names_say():
    assert at(face_zone("blush", "apples"), 50) > 0.6
    assert at(face_zone("blush", "apples"), 152) < 0.02
    assert at(face_zone("blush", "draped"), 116) > 0.5
    assert at(face_zone("blush", "sunkissed"), 5) > 0.5
    assert at(face_zone("contour", "jaw"), 136) > 0.7
    assert at(face_zone("contour", "cheekbones"), 187) > 0.7
    assert at(face_zone("highlighter", "cheekbones"), 117) > 0.5
    assert at(face_zone("highlighter", "nose"), 197) > 0.7
    assert at(face_zone("concealer"), 231) > 0.5
    assert at(face_zone("bronzer", "nose"), 195) > at(face_zone("bronzer", "frame"), 195)


def test_the_lid_zone_on_a_face_is_between_lashes_and_brow():
    canvas = fresh_canvas()
    lid = canvas.on_skin(canvas.face.field.sample(eyeshadow_zone("lid", "classic")))
    rows, columns = np.nonzero(lid > 0.6)
    points = canvas.face.local_points[:, :2]
    right = columns < canvas.size[1] // 2
    assert rows[right].min() > points[[52, 53], 1].max()
    assert rows[right].max() < points[145, 1] + 2


def test_a_zone_ends_where_nobody_could_see_it():
    zone = without_tails(np.array([0, 1e-6, 1 / 9000, 1 / 8000, 0.5, 1], np.float64))
    assert zone.dtype == np.float32
    assert (zone == np.array([0, 0, 0, 1 / 8000, 0.5, 1], np.float32)).all()
    assert (face_zone("blush", "apples") == 0).mean() > 0.5
