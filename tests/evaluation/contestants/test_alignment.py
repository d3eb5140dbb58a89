"""One face laid over another, and what uv-paste cuts out of it."""

from __future__ import annotations

import numpy as np
from drawn_cases import VIOLET, made_up, portrait

from kohl.core.region import Region
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.alignment import Alignment, window_of
from kohl.evaluation.contestants.uv_paste import UvPaste, makeup_area
from kohl.reading.zones import BARE, LIDS, zone_mask


def test_a_face_over_itself_lies_where_it_lay():
    one = portrait("one")
    alignment = Alignment.of(one.face, one.face)
    inside = alignment.seen > 0.5
    height, width = inside.shape
    rows, columns = np.mgrid[:height, :width] + 0.5
    off = np.hypot(alignment.at[..., 0] - columns, alignment.at[..., 1] - rows)[inside]
    assert np.median(off) < 0.3
    assert np.percentile(off, 99) < 2
    assert alignment.scale == 1
    assert abs(alignment.carry(window_of(one)) - window_of(one))[inside].mean() < 0.01


def test_features_of_a_turned_face_land_on_those_of_a_frontal_one():
    frontal, turned = portrait("frontal"), portrait("turned", yaw=20, mouth_open=0.4)
    alignment = Alignment.of(frontal.face, turned.face)
    carried = alignment.carry(turned.face.masks.lips)
    lips, seen = frontal.face.masks.lips > 0.5, alignment.seen > 0.5
    overlap = (carried > 0.5) & lips & seen
    assert overlap.sum() > 0.75 * (lips & seen).sum()


def test_left_stays_left():
    one = portrait("one")
    half = np.zeros(window_of(one).shape[:2], np.float32)
    half[:, half.shape[1] // 2 :] = 1
    carried = Alignment.of(one.face, portrait("turned", yaw=-15).face).carry(half)
    assert carried[:, : half.shape[1] // 4].mean() < 0.2


def test_the_makeup_s_area_is_where_it_was_put():
    bare = portrait("one")
    painted = made_up(bare, {Region.EYES: (-30.0, 20.0, -30.0)})
    gained = makeup_area(painted) - makeup_area(bare)
    lids, skin = zone_mask(LIDS, len(gained)) > 0.7, zone_mask(BARE, len(gained)) > 0.7
    assert gained[lids].mean() > 0.4
    assert abs(gained[skin]).mean() < 0.05


def test_pasting_brings_the_reference_s_own_pixels():
    source, reference = portrait("source", seed=1), made_up(portrait("reference", seed=2), {Region.EYES: VIOLET, Region.LIPS: (-20.0, 40.0, 10.0)})
    result = UvPaste().transfer(Case("paste", source, reference))
    lips = np.zeros(source.face.size, bool)
    lips[source.face.window_slices] = source.face.masks.lips > 0.95
    assert abs(result[lips].mean(0) - reference.image[lips].mean(0)).max() < 0.05
