"""A colour carried from one skin to another: its ratio to the skin is kept as far as what lies between the skins is light."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.color.adaptation import SkinsOwn, carry_to_skin, skins_own
from kohl.core.region import Region

THEIRS, OWN = np.array([0.8, 0.5, 0.4], np.float32), np.array([0.2, 0.1, 0.05], np.float32)
LIPS = np.array([0.3, 0.05, 0.06], np.float32)
LIGHT, HALF, SKIN = (SkinsOwn(share, share) for share in (0.0, 0.5, 1.0))


def test_where_all_is_light_the_ratio_to_the_skin_is_kept():
    np.testing.assert_allclose(carry_to_skin(np.stack([THEIRS, THEIRS / 2]), THEIRS, OWN, LIGHT), np.stack([OWN, OWN / 2]), rtol=1e-6)


def test_where_all_is_skin_the_colour_stays():
    np.testing.assert_allclose(carry_to_skin(LIPS, THEIRS, OWN, SKIN), LIPS, rtol=1e-6)


def test_half_is_halfway_in_steps_of_light_there_and_back():
    there = carry_to_skin(LIPS, THEIRS, OWN, HALF)
    np.testing.assert_allclose(there, np.sqrt(carry_to_skin(LIPS, THEIRS, OWN, LIGHT) * LIPS), rtol=1e-5)
    np.testing.assert_allclose(carry_to_skin(there, OWN, THEIRS, HALF), LIPS, rtol=1e-5)


def test_lightness_and_hue_go_their_own_ways():
    dim, yellow = THEIRS * np.float32(0.3), THEIRS * np.array([1.0, 1.0, 0.5], np.float32)
    np.testing.assert_allclose(carry_to_skin(LIPS, THEIRS, dim, SkinsOwn(1.0, 0.0)), LIPS, rtol=1e-5)
    np.testing.assert_allclose(carry_to_skin(LIPS, THEIRS, dim, SkinsOwn(0.0, 1.0)), LIPS * 0.3, rtol=1e-5)
    tinted = carry_to_skin(LIPS, THEIRS, yellow, SkinsOwn(1.0, 0.0)) / LIPS
    assert tinted[2] == pytest.approx(tinted[0] / 2, rel=1e-5)


def test_lipstick_covers_more_than_what_is_worn_on_skin():
    lipstick, shadow = skins_own(Region.LIPS), skins_own(Region.EYES)
    assert skins_own(Region.CHEEKS) == shadow
    assert 0 < shadow.lightness < lipstick.lightness < 1
    assert 0 < shadow.hue < lipstick.hue < 1


def test_a_channel_of_skin_that_is_noise_divides_nothing_by_nothing():
    assert np.isfinite(carry_to_skin(np.array([0.1, 0.1, 0.1], np.float32), np.zeros(3, np.float32), np.ones(3, np.float32), HALF)).all()
