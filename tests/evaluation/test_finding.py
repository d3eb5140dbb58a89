"""A face looked for twice: what the detector is not sure of is not held against a method, and nothing else is let pass."""

from __future__ import annotations

import math

import drawn_cases
import numpy as np
import pytest

from drawn import FixedDetector
from kohl.core.arrays import Image, Points3
from kohl.evaluation.case import Portrait
from kohl.evaluation.metrics.catalog import metric
from kohl.evaluation.metrics.outlines import WANDERING, OutlineDisplacement
from kohl.evaluation.mirroring import mirrored_image
from kohl.evaluation.running.finding import doubts_of, find_again, wander_of
from kohl.faces import landmarks as at
from kohl.faces.analyzer import Analyzer
from kohl.faces.mesh import Mesh
from kohl.faces.mirroring import mirrored_points


class TwoMinds:
    """Finds `first` in one picture and `second`, given as it lies in that picture, in anything else; nobody where that is None."""

    def __init__(self, image: Image, first: Points3, second: Points3 | None) -> None:
        self._image, self._first, self._second = image, first, second

    def detect(self, image: Image) -> list[Mesh]:
        points = self._first if np.array_equal(image, self._image) else self._second
        return [] if points is None else [Mesh(points, 1.0)]


@pytest.fixture(scope="module")
def turned() -> Portrait:
    return drawn_cases.portrait("turned", yaw=20.0)


def seen_in_the_mirror(portrait: Portrait, points: Points3 | None) -> OutlineDisplacement:
    """The wander of a detector that finds `points`, turned into the mirror, in the mirror image."""
    there = None if points is None else mirrored_points(points, portrait.image.shape[1])
    return wander_of(Analyzer(detector=TwoMinds(portrait.image, portrait.face.points, there)), portrait)


def lips_lower(points: Points3, share: float, eye_distance: float) -> Points3:
    moved = points.copy()
    moved[at.LIPS_OUTER, 1] += np.float32(share * eye_distance)
    return moved


def test_a_sure_detector_does_not_wander(turned: Portrait) -> None:
    found = seen_in_the_mirror(turned, turned.face.points)
    assert found.lips == pytest.approx(0, abs=0.01)
    assert found.eyes == pytest.approx(0, abs=0.01)
    assert doubts_of(found) == []


def test_an_unsure_mouth_is_no_unsure_eye(turned: Portrait) -> None:
    found = seen_in_the_mirror(turned, lips_lower(turned.face.points, 0.2, turned.face.eye_distance))
    assert found.lips > WANDERING
    assert found.eyes < 0.1
    assert [line.partition(":")[0] for line in doubts_of(found)] == ["outlines.lips"]


def test_a_face_that_the_mirror_hides_is_not_measured_at_all(turned: Portrait) -> None:
    found = seen_in_the_mirror(turned, None)
    assert found == OutlineDisplacement(math.inf, math.inf)
    assert len(doubts_of(found)) == 2


def test_the_nearest_of_two_faces_is_the_same_one(turned: Portrait) -> None:
    points = turned.face.points
    aside = (points * np.float32(0.6)).astype(np.float32)
    found = find_again(Analyzer(detector=FixedDetector(aside, points)), points, turned.image)
    assert found is not None
    np.testing.assert_array_equal(found.points, points)
    assert find_again(Analyzer(detector=TwoMinds(turned.image, points, None)), points, mirrored_image(turned.image)) is None


@pytest.mark.parametrize(("wander", "known"), [(0.0, True), (WANDERING, True), (WANDERING + 0.1, False), (math.inf, False)])
def test_what_the_source_leaves_open_is_not_a_number(wander: float, known: bool) -> None:
    case = drawn_cases.drawn_case()
    points = lips_lower(case.source.face.points, 0.05, case.source.face.eye_distance)
    sample = drawn_cases.sample(case, case.source.image, points=points)
    unsure = type(sample)(case, sample.result, sample.mesh, OutlineDisplacement(wander, 0.0))
    measured = metric("outlines").measure(unsure)
    assert np.isfinite(measured["outlines.lips"]) == known
    assert measured["outlines.eyes"] == pytest.approx(0, abs=0.01)


def test_a_method_that_moves_lips_is_still_found_out(turned: Portrait) -> None:
    """The doubt is about the source alone: the result cannot buy itself out."""
    case = drawn_cases.drawn_case()
    points = lips_lower(case.source.face.points, 0.3, case.source.face.eye_distance)
    sample = drawn_cases.sample(case, case.source.image, points=points)
    sure = type(sample)(case, sample.result, sample.mesh, OutlineDisplacement(0.4, 0.4))
    assert metric("outlines").measure(sure)["outlines.lips"] > 10
