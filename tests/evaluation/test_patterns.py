"""Pattern agreement on drawn faces, beside numpy's correlation."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from drawn_cases import BLUE, drawn_case, made_up, painted, portrait

from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.evaluation.metrics import patterns
from kohl.evaluation.metrics.patterns import REGIONS, Pattern, pattern_agreement, pattern_of


@pytest.fixture(scope="module")
def pattern() -> Pattern:
    made = made_up(portrait("one"))
    return pattern_of(made.image, made.face)


@pytest.mark.parametrize("region", REGIONS)
def test_a_pattern_agrees_with_itself_at_any_strength(pattern: Pattern, region: Region):
    half = dataclasses.replace(pattern, painted=pattern.painted * np.float32(0.5) + np.float32(3))
    assert pattern_agreement(pattern, pattern, region) == pytest.approx(1)
    assert pattern_agreement(half, pattern, region) == pytest.approx(1, abs=1e-5)
    assert pattern_agreement(dataclasses.replace(pattern, painted=-pattern.painted), pattern, region) == pytest.approx(-1)


def test_it_is_numpy_s_correlation_of_the_centred_channels(pattern: Pattern):
    rng = np.random.default_rng(1)
    other = dataclasses.replace(pattern, painted=pattern.painted + rng.normal(0, 4, pattern.painted.shape).astype(np.float32))
    found = pattern_agreement(other, pattern, Region.CHEEKS)
    points = patterns._zone(Region.CHEEKS) & (pattern.seen > 0.5)
    first, second = (values[points] - values[points].mean(0) for values in (other.painted, pattern.painted))
    assert found == pytest.approx(np.corrcoef(first.ravel(), second.ravel())[0, 1], abs=1e-5)


def test_the_same_makeup_on_another_face_agrees_and_the_makeup_of_one_side_does_not():
    case = drawn_case()
    wanted = pattern_of(case.reference.image, case.reference.face)
    sound = painted(case.source.image, case.source.face, {Region.EYES: (-10.0, 12.0, -22.0)})
    one_sided = sound.copy()
    one_sided[:, : sound.shape[1] // 2] = case.source.image[:, : sound.shape[1] // 2]
    both, one, none = (pattern_agreement(pattern_of(image, case.source.face), wanted, Region.EYES) for image in (sound, one_sided, case.source.image))
    assert both > 0.9
    assert both > one + 0.1
    assert both > none + 0.3


def test_flat_is_no_agreement_and_hidden_is_none_at_all(pattern: Pattern):
    flat = dataclasses.replace(pattern, painted=np.full_like(pattern.painted, 2))
    hidden = dataclasses.replace(pattern, seen=np.zeros_like(pattern.seen))
    assert pattern_agreement(flat, pattern, Region.LIPS) == 0
    assert np.isnan(pattern_agreement(hidden, pattern, Region.LIPS))


def test_brows_have_no_pattern(pattern: Pattern):
    with pytest.raises(UsageError, match="carry patterns"):
        pattern_agreement(pattern, pattern, Region.BROWS)


def test_colour_does_not_count_shape_does():
    bare = portrait("one")
    violet, blue = (pattern_of(painted(bare.image, bare.face, {Region.CHEEKS: step}), bare.face) for step in ((0.0, 20.0, 0.0), BLUE))
    assert pattern_agreement(violet, blue, Region.CHEEKS) < 0.5, "another hue is another direction of the pattern"
