"""Symmetry, strength, leakage and removal: analytic cases, and the procedural method, which must pass them."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_cases import RED, VIOLET, analysed, drawn_case, painted

from drawn import mirror
from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.method import MethodContestant
from kohl.evaluation.metrics.places import MEASURED, reach_of, region_of
from kohl.evaluation.metrics.removal import removal
from kohl.evaluation.metrics.strength import strength_response
from kohl.evaluation.metrics.symmetry import swap_error
from kohl.evaluation.mirroring import mirrored_case, mirrored_image, mirrored_portrait
from kohl.evaluation.probes import probe_leakage, probe_strength, probe_symmetry
from kohl.faces.mirroring import mirrored_points
from kohl.methods.procedural import Procedural

GREY = np.full((20, 20, 3), 0.5, np.float32)


@pytest.fixture(scope="module")
def case() -> Case:
    return drawn_case()


def moved(image: Image, step: tuple[float, float, float]) -> Image:
    return np.clip(srgb_from_lab(lab_from_srgb(image) + np.float32(step)), 0, 1)


def test_the_mirror_is_the_drawn_one(case: Case):
    image, points = mirror(case.source.image, case.source.face.points)
    found = mirrored_portrait(case.source)
    np.testing.assert_array_equal(found.image, image)
    np.testing.assert_allclose(found.face.points, points, atol=1e-4)
    np.testing.assert_allclose(found.face.masks.lips, analysed(image, points).masks.lips, atol=1e-6)
    twice = mirrored_points(mirrored_points(case.source.face.points, 320), 320)
    np.testing.assert_allclose(twice, case.source.face.points, atol=1e-4)


def test_a_side_of_its_own_is_seen_and_the_truth_is_mirrored_too(case: Case):
    class OneEye:
        """Paints the eye on the left of the picture, whatever the case."""

        name = "one eye"

        def transfer(self, case: Case) -> Image:
            both = painted(case.source.image, case.source.face, {Region.EYES: VIOLET})
            both[:, both.shape[1] // 2 :] = case.source.image[:, both.shape[1] // 2 :]
            return both

    class BothEyes:
        name = "both eyes"

        def transfer(self, case: Case) -> Image:
            return painted(case.source.image, case.source.face, {Region.EYES: VIOLET})

    assert probe_symmetry(OneEye(), case) > 5
    assert probe_symmetry(BothEyes(), case) < 1
    assert swap_error(GREY, GREY) == 0
    with_truth = drawn_case(truth=True)
    assert with_truth.truth is not None
    np.testing.assert_array_equal(mirrored_case(with_truth).truth, mirrored_image(with_truth.truth))


def test_swap_error_is_the_mean_difference_where_there_is_one():
    other = GREY.copy()
    other[:, :5] = moved(GREY[:, :5], (0, 10, 0))
    expected = float(delta_e2000(lab_from_srgb(GREY[0, 0]), lab_from_srgb(other[0, 0])))
    assert swap_error(GREY, mirrored_image(other)) == pytest.approx(expected, abs=1e-4)


def test_strength_that_rises_evenly_is_perfect_and_faults_are_seen():
    strengths = (0.0, 0.25, 0.5, 0.75, 1.0)
    even = [moved(GREY, (0, 4 * strength, 0)) if strength else GREY for strength in strengths]
    found = strength_response(GREY, even, strengths)
    assert (found.monotone, found.at_zero) == (1, 0)
    assert found.linearity > 0.99
    swapped = [even[0], even[3], even[1], even[2], even[4]]
    assert strength_response(GREY, swapped, strengths).monotone == 0.75
    never_off = [moved(GREY, (1, 0, 0)), *even[1:]]
    assert strength_response(GREY, never_off, strengths).at_zero == pytest.approx(abs(never_off[0] - GREY).max(), abs=1e-6)
    nothing = strength_response(GREY, [GREY] * 5, strengths)
    assert nothing.monotone == 1
    assert np.isnan(nothing.linearity)
    constant = strength_response(GREY, [even[4]] * 5, strengths)
    assert constant.monotone == 0
    assert np.isnan(constant.linearity)
    for bad in ((0.0, 0.5), (0.1, 0.5, 1.0), (0.0, 0.5, 0.5)):
        with pytest.raises(UsageError, match="rise from 0"):
            strength_response(GREY, [GREY] * len(bad), bad)


def test_removal_of_half_and_of_all_and_of_nothing():
    bare, made = GREY, GREY.copy()
    made[:10] = moved(GREY[:10], (0, 20, 0))
    half = GREY.copy()
    half[:10] = moved(GREY[:10], (0, 8, 0))
    assert removal(bare, made, bare) == (removal(bare, made, bare.copy()))
    assert (removal(bare, made, bare).left, removal(bare, made, bare).removed, removal(bare, made, bare).beside) == (0, 1, 0)
    assert removal(bare, made, made).removed == pytest.approx(0, abs=1e-6)
    assert 0.3 < removal(bare, made, half).removed < 0.7
    worse = half.copy()
    worse[10:] = moved(GREY[10:], (5, 0, 0))
    assert removal(bare, made, worse).beside > 2
    assert removal(bare, made, worse).left == removal(bare, made, half).left
    assert np.isnan(removal(bare, bare, made).removed)
    assert np.isnan(removal(bare, moved(bare, (0, 20, 0)), bare).beside)


@pytest.mark.parametrize("region", MEASURED)
def test_a_region_lies_within_its_reach_and_regions_far_from_it_do_not(region: Region, case: Case):
    face = case.source.face
    reach = reach_of(face, region) > 0.5
    assert (reach | ~(region_of(face, region) > 0.5)).all()
    far = Region.LIPS if region is not Region.LIPS else Region.EYES
    assert not (reach & (region_of(face, far) > 0.5)).any()
    assert reach.mean() < 0.25


def test_the_procedural_method_passes(case: Case):
    method = Procedural()
    assert probe_symmetry(MethodContestant("procedural"), case) < 1
    found = probe_strength(method, case, (0.0, 0.5, 1.0))
    assert (found.monotone, found.at_zero) == (1, 0)
    assert found.linearity > 0.95
    for region in (Region.LIPS, Region.EYES):
        leak = probe_leakage(method, case, region)
        assert leak.share < 0.02
        assert leak.largest < 3


def test_makeup_beyond_the_region_that_was_asked_for_leaks(case: Case):
    class Disobedient(Procedural):
        def transfer(self, image: Image, face, references, controls) -> Image:
            return painted(image, face, {Region.LIPS: RED, Region.EYES: VIOLET})

    assert probe_leakage(Disobedient(), case, Region.LIPS).share > 0.3
