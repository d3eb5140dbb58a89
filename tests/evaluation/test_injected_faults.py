"""Methods with one fault each: every one loses on the metric that is meant for it, and only a sound method passes all.

First metric by metric; then, at the end, whole contestants against an honest one through the catalogue, as a report sees them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import drawn_cases
import numpy as np
import pytest

from drawn import DEEP, FixedDetector, draw
from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import Image, Mask
from kohl.core.region import Region
from kohl.evaluation import case as evaluation
from kohl.evaluation.contestants.base import Contestant
from kohl.evaluation.metrics.background import background_change
from kohl.evaluation.metrics.catalog import all_metrics, metric
from kohl.evaluation.metrics.leakage import region_leakage
from kohl.evaluation.metrics.outlines import outline_displacement
from kohl.evaluation.metrics.places import background_of, bare_skin_of, region_of, skin_of
from kohl.evaluation.metrics.region_colors import color_distance, region_colors
from kohl.evaluation.metrics.reliability import failure_share
from kohl.evaluation.metrics.share import share_of_the_way
from kohl.evaluation.metrics.skin_tone import skin_drift
from kohl.evaluation.metrics.texture import texture_kept
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.warp import warp_image

RED, BLUE = (-8.0, 22.0, 6.0), (-8.0, -6.0, -25.0)
"""Steps of Lab that lipsticks take lips by."""
SIZE = (320, 320)


@dataclass(frozen=True)
class Case:
    source: Image
    face: Face
    reference: Image
    reference_face: Face
    result: Image
    """What a sound method makes of it."""


def analysed(image: Image, points: Image) -> Face:
    return Analyzer(detector=FixedDetector(points)).analyze(image)[0]


def with_lips(image: Image, face: Face, step: tuple[float, float, float]) -> Image:
    """A sound way to paint lips: their own lightness and grain, moved by `step`, soft at the rim, and nothing else."""
    moved = lab_from_srgb(image)
    moved[face.window_slices] += face.masks.lips[..., None] * np.float32(step)
    painted = image.copy()
    touched = np.zeros(face.size, bool)
    touched[face.window_slices] = face.masks.lips > 0
    painted[touched] = np.clip(srgb_from_lab(moved), 0, 1)[touched]
    return painted


@pytest.fixture(scope="module")
def case() -> Case:
    drawing, other = draw(SIZE, skin=DEEP, seed=1), draw(SIZE, seed=2, mouth_open=0.5)
    face, other_face = analysed(drawing.image, drawing.points), analysed(other.image, other.points)
    return Case(drawing.image, face, with_lips(other.image, other_face, RED), other_face, with_lips(drawing.image, face, RED))


def reach(core: Mask) -> Mask:
    """A region with its soft rim, where makeup may fade out."""
    return np.asarray(cv2.dilate(core, np.ones((5, 5))) > 0.1, np.float32)


def measures(case: Case, result: Image, points: Image | None = None) -> dict[str, float]:
    """All faults at once, each 0 when sound. `points`: the mesh found again in the result; the face's own without."""
    source, reference, made = (
        region_colors(*pair) for pair in ((case.source, case.face), (case.reference, case.reference_face), (result, case.face))
    )
    lips = (colors.relative[Region.LIPS] for colors in (source, reference, made))
    drift = skin_drift(case.source, result, bare_skin_of(case.face))
    return {
        "background": background_change(case.source, result, background_of(case.face)).largest,
        "lightening": drift.ita,
        "texture": 1 - texture_kept(case.source, result, skin_of(case.face), case.face.eye_distance),
        "shape": outline_displacement(case.face.points, case.face.points if points is None else points).lips,
        "leakage": region_leakage(case.source, result, reach(region_of(case.face, Region.LIPS))).share,
        "way left": 1 - share_of_the_way(*lips).along,
    }


def test_a_sound_method_passes(case: Case):
    found = measures(case, case.result)
    assert found["background"] == 0
    assert found["lightening"] == 0
    assert found["texture"] < 0.01
    assert found["leakage"] < 0.05
    assert found["way left"] < 0.5


def test_doing_nothing_goes_none_of_the_way(case: Case):
    found = measures(case, case.source)
    assert found["way left"] == pytest.approx(1)
    assert found["background"] == found["lightening"] == found["leakage"] == 0


def test_returning_the_reference_loses_texture_skin_and_shape(case: Case):
    found = measures(case, case.reference, case.reference_face.points)
    assert found["texture"] > 0.2
    assert found["lightening"] > 20
    assert found["shape"] > 1
    assert found["background"] > 0.01


def test_tinting_the_background_is_seen(case: Case):
    tinted = case.result.copy()
    tinted[background_of(case.face) > 0.5] *= np.float32([1.0, 0.98, 0.98])
    assert measures(case, tinted)["background"] > 0.005
    one = case.result.copy()
    one[0, 0, 0] += np.float32(1 / 255)
    assert measures(case, one)["background"] == pytest.approx(1 / 255, abs=1e-6), "one step of one pixel is enough"


def test_lightening_deep_skin_is_seen(case: Case):
    lit = case.result + (1 - case.result) * np.float32(0.06) * skin_of(case.face)[..., None]
    found = measures(case, lit)
    assert found["lightening"] > 3
    assert found["leakage"] > 0.5


def test_swapping_left_and_right_is_seen(case: Case):
    """Makeup of one eye alone lands on the other one: the region's colours on either side tell."""
    half = np.zeros(case.face.size, np.float32)
    half[:, SIZE[1] // 2 :] = 1
    left = region_of(case.face, Region.EYES) * half
    right = np.asarray(region_of(case.face, Region.EYES) * (1 - half), np.float32)
    sound, swapped = (np.where(side[..., None] > 0.3, case.source * np.float32([0.6, 0.4, 0.7]), case.source) for side in (left, right))
    assert region_leakage(case.source, sound, reach(left)).share < 0.05
    assert region_leakage(case.source, swapped, reach(left)).share > 0.95


def test_mirroring_the_face_is_seen(case: Case):
    mirrored = np.ascontiguousarray(case.result[:, ::-1])
    found = measures(case, mirrored)
    assert found["texture"] > 0.2


def test_moving_the_lips_is_seen(case: Case):
    points = case.face.points.copy()
    lips = points[:, 1] > points[1, 1]
    points[lips] = points[lips] * np.float32([1, 1.02, 1])
    assert measures(case, case.result, points)["shape"] > 0.5


def test_shifting_the_picture_by_a_pixel_is_seen(case: Case):
    shifted = warp_image(case.result, np.array([[1, 0, 1], [0, 1, 0]], np.float32), SIZE)
    assert measures(case, shifted)["texture"] > 0.2


def test_smearing_skin_is_seen(case: Case):
    smooth = case.result.copy()
    inside = skin_of(case.face) > 0.5
    smooth[inside] = smooth[inside].mean(0)
    assert measures(case, smooth)["texture"] > 0.5


def test_the_wrong_colour_is_far_from_the_reference(case: Case):
    blue = with_lips(case.source, case.face, BLUE)
    reference = region_colors(case.reference, case.reference_face)
    sound, wrong = (color_distance(reference, region_colors(result, case.face), Region.LIPS) for result in (case.result, blue))
    assert wrong > 2 * sound


@dataclass(frozen=True)
class Honest:
    """Knows what the reference wears and puts it on soundly, with `fault` done to the result."""

    steps: dict[Region, drawn_cases.Step]
    name: str = "honest"
    fault: Callable[[evaluation.Case, Image], Image] = lambda case, result: result

    def transfer(self, case: evaluation.Case) -> Image:
        return self.fault(case, drawn_cases.painted(case.source.image, case.source.face, self.steps))


def one_eyed(portrait: evaluation.Portrait, painted: Image, *, left: bool = True) -> Image:
    """`painted` on one half of the face alone; the subject's own left is the picture's right."""
    middle = int(portrait.face.points[1, 0])
    half = painted.copy()
    other = half[:, :middle] if left else half[:, middle:]
    other[:] = portrait.image[:, :middle] if left else portrait.image[:, middle:]
    return half


def give_the_reference(case: evaluation.Case, result: Image) -> Image:
    return case.reference.image.copy()


def tint_the_background(case: evaluation.Case, result: Image) -> Image:
    tinted = result.copy()
    tinted[background_of(case.source.face) > 0.5] *= np.float32([1.0, 0.98, 0.98])
    return tinted


def lighten_dark_skin(case: evaluation.Case, result: Image) -> Image:
    skin = skin_of(case.source.face)
    typical = np.median(lab_from_srgb(case.source.image[skin > 0.9]), axis=0)
    return result + (1 - result) * np.float32(0.06 if typical[0] < 50 else 0) * skin[..., None]


def points_found_in(case: evaluation.Case, result: Image) -> Image:
    """What an analyser that knows its drawings finds: the reference's mesh in the reference, the source's in anything else."""
    found = case.reference if np.array_equal(result, case.reference.image) else case.source
    return found.face.points


FAULTS = {
    "skin_color.mean": give_the_reference,
    "texture": give_the_reference,
    "outlines.lips": give_the_reference,
    "background.mean": tint_the_background,
    "bg_mse": tint_the_background,
    "ssim_outside": tint_the_background,
    "skin_tone.ita": lighten_dark_skin,
}


MARGINS = {"outlines": 0.5, "skin_tone": 2, "skin_color": 2, "background": 1e-4, "l2_m": 1e-4, "bg_mse": 1, "ssim_outside": 1e-6}


@pytest.fixture(scope="module")
def deep() -> evaluation.Case:
    return drawn_cases.drawn_case()


def number(contestant: Contestant, case: evaluation.Case, name: str) -> float:
    result = contestant.transfer(case)
    points = points_found_in(case, result)
    return metric(name.partition(".")[0]).measure(drawn_cases.sample(case, result, points=points))[name]


def loses(faulty: float, honest: float, name: str) -> bool:
    """Clearly worse: by more than rounding, and more than anybody would call a tie."""
    margin = MARGINS.get(name.partition(".")[0], 0.1)
    better = metric(name.partition(".")[0]).better
    return faulty > honest + margin if better == "lower" else faulty < honest - margin


@pytest.mark.parametrize(("name", "fault"), FAULTS.items(), ids=lambda given: getattr(given, "__name__", given))
def test_a_faulty_contestant_loses_against_an_honest_one(name: str, fault: Callable[..., Image], deep: evaluation.Case):
    honest, faulty = Honest(drawn_cases.MAKEUP), Honest(drawn_cases.MAKEUP, fault.__name__, fault)
    assert loses(number(faulty, deep, name), number(honest, deep, name), name)
    assert not loses(number(honest, deep, name), number(honest, deep, name), name)


def test_lightening_is_seen_on_dark_skin_and_there_alone(deep: evaluation.Case):
    fair = drawn_cases.drawn_case(skin=drawn_cases.MEDIUM)
    faulty = Honest(drawn_cases.MAKEUP, "lightens", lighten_dark_skin)
    assert number(faulty, deep, "skin_tone.ita") > 3
    assert number(faulty, fair, "skin_tone.ita") < 0.5


def test_swapping_left_and_right_loses_on_the_pattern(deep: evaluation.Case):
    """The reference wears shadow on her left eye alone."""
    steps = {Region.EYES: (-20.0, 18.0, -30.0)}
    bare = drawn_cases.portrait("reference", seed=2)
    reference = dataclasses.replace(bare, image=one_eyed(bare, drawn_cases.painted(bare.image, bare.face, steps)))
    case = evaluation.Case("one eye", deep.source, reference)
    honest = Honest(steps, "honest", lambda case, result: one_eyed(case.source, result))
    swapped = Honest(steps, "swapped", lambda case, result: one_eyed(case.source, result, left=False))
    assert number(honest, case, "pattern.lids") > number(swapped, case, "pattern.lids") + 0.3


def test_returning_the_reference_looks_best_on_fidelity_alone(deep: evaluation.Case):
    """Why fidelity and keeping are always shown together."""
    honest, faulty = Honest(drawn_cases.MAKEUP), Honest(drawn_cases.MAKEUP, "copies", give_the_reference)
    keeping, worse = [entry for entry in all_metrics() if entry.side == "keeping"], 0
    sound, copied = (
        drawn_cases.sample(deep, made, points=points_found_in(deep, made)) for made in (each.transfer(deep) for each in (honest, faulty))
    )
    for entry in keeping:
        ours, theirs = entry.measure(sound), entry.measure(copied)
        worse += all(loses(theirs[name], ours[name], name) for name in ours)
    assert worse >= len(keeping) - 1


def test_failing_on_every_tenth_picture_is_counted(deep: evaluation.Case):
    class Flaky:
        name, calls = "flaky", 0

        def transfer(self, case: evaluation.Case) -> Image:
            self.calls += 1
            if self.calls % 10 == 0:
                raise RuntimeError("not today")
            return case.source.image

    def outcomes(contestant: Contestant) -> list[Image | None]:
        results: list[Image | None] = []
        for _ in range(20):
            try:
                results.append(contestant.transfer(deep))
            except RuntimeError:
                results.append(None)
        return results

    sources = [deep.source.image] * 20
    assert failure_share(outcomes(Flaky()), sources) == 0.1
    assert failure_share(outcomes(Honest({})), sources) == 0
