"""The catalogue as a whole: names, directions, and that the numbers mean what they say on drawn cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from drawn_cases import analysed, drawn_case, painted, portrait, sample

from kohl.core.errors import UnknownNameError
from kohl.core.region import Region
from kohl.evaluation.case import Case, Portrait, Sample
from kohl.evaluation.metrics.catalog import all_metrics, metric

TAN = (0.57, 0.41, 0.33)
"""Deeper than the reference's, and near enough for the same steps of Lab to be the same makeup."""


@pytest.fixture(scope="module")
def case() -> Case:
    return drawn_case(skin=TAN, truth=True)


def numbers(given: Sample) -> dict[str, float]:
    return {name: value for entry in all_metrics() for name, value in entry.measure(given).items()}


def test_names_are_unique_and_values_carry_them(case: Case):
    names = [entry.name for entry in all_metrics()]
    assert len(names) == len(set(names))
    for entry in all_metrics():
        values = entry.measure(sample(case, case.source.image))
        assert values
        assert all(name.split(".")[0] == entry.name for name in values)
        assert all(isinstance(value, float) for value in values.values())
        assert entry.title
        assert entry.source


def test_a_metric_is_found_by_its_name():
    assert metric("distance").better == "lower"
    with pytest.raises(UnknownNameError, match="distance"):
        metric("distence")


def test_the_truth_itself_is_perfect(case: Case):
    assert case.truth is not None
    found = numbers(sample(case, case.truth))
    assert found["psnr"] == math.inf
    assert found["ssim"] == found["ms_ssim"] == pytest.approx(1)
    assert found["color_error.inside"] == found["color_error.outside"] == 0


def test_doing_nothing_keeps_everything(case: Case):
    found = numbers(sample(case, case.source.image.copy()))
    for entry in all_metrics():
        if entry.side == "keeping":
            for name in entry.measure(sample(case, case.source.image.copy())):
                assert found[name] == pytest.approx(entry.wanted, abs=1e-5), name
    assert [found[f"share.{region}"] for region in ("lips", "lids", "cheeks")] == [0, 0, 0]


def test_sound_makeup_is_better_than_none_on_every_metric_of_fidelity(case: Case):
    assert case.truth is not None
    bare, sound = numbers(sample(case, case.source.image)), numbers(sample(case, case.truth))
    for entry in all_metrics():
        if entry.side == "fidelity":
            for name in entry.measure(sample(case, case.truth)):
                if "brows" not in name:
                    better = sound[name] > bare[name] if entry.better == "higher" else sound[name] < bare[name]
                    assert better, (name, bare[name], sound[name])


def test_without_truth_its_metrics_are_missing_and_the_others_are_not():
    case = drawn_case()
    found = numbers(sample(case, case.source.image))
    missing = {name for name, value in found.items() if math.isnan(value)}
    assert missing == {"psnr", "ssim", "ms_ssim", "color_error.inside", "color_error.outside"}


def test_a_result_in_which_nobody_is_found_misses_its_outlines_alone(case: Case):
    found = numbers(Sample(case, case.source.image, None))
    assert {name for name, value in found.items() if math.isnan(value)} == {"outlines.lips", "outlines.eyes"}


def test_the_same_makeup_on_any_skin_is_near(case: Case):
    """The reference's skin does not count: the same steps of Lab on deep skin are nearer than a step too many."""
    assert case.truth is not None
    wrong = painted(case.source.image, case.source.face, {Region.LIPS: (-8.0, -6.0, -25.0)})
    assert numbers(sample(case, wrong))["distance.lips"] > 2 * numbers(sample(case, case.truth))["distance.lips"]


def test_a_picture_that_is_all_face_has_no_background():
    whole = portrait("close", seed=3)
    face = whole.face
    y, x = face.window_slices
    middle = (slice(y.start + 60, y.stop - 60), slice(x.start + 60, x.stop - 60))
    points = face.points - np.float32([middle[1].start, middle[0].start, 0])
    image = np.ascontiguousarray(whole.image[middle])
    close = Portrait("close", image, analysed(image, points))
    found = numbers(Sample(Case("close", close, whole), image, None))
    assert math.isnan(found["background.largest"])
    assert math.isnan(found["ssim_outside"])
