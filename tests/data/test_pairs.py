"""A folder of pairs: what is taken, what is refused, and that each refusal names the pair and what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from drawn import FixedDetector, draw
from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.data import painters
from kohl.data.crops import SIDE
from kohl.data.pairs import CheckedPairs, Pair, Reason, Refusal, check_pair, load_pairs
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.faces.mesh import Mesh
from kohl.geometry.affine import rotation, translation
from kohl.geometry.warp import warp_image


class EdgyDetector(FixedDetector):
    """Finds its face wherever there is anything at all to see, as a real detector finds none on a blank page."""

    def detect(self, image: Image) -> list[Mesh]:
        return super().detect(image) if float(image.std()) > 0.02 else []


@pytest.fixture(scope="module")
def analyzer(drawn_face: Face) -> Analyzer:
    return Analyzer(detector=EdgyDetector(drawn_face.points))


@pytest.fixture(scope="module")
def painted(drawn_image: Image, drawn_face: Face) -> Image:
    return painters.create("airbrush").paint(drawn_image, drawn_face)


def save(path: Path, image: Image, **options: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    PillowImage.fromarray(np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)).save(path, **options)  # type: ignore[arg-type]


def put(folder: Path, name: str, before: Image, after: Image, ending: str = ".png") -> None:
    save(folder / "before" / f"{name}{ending}", before)
    save(folder / "after" / f"{name}{ending}", after)


def only_refusal(result: Pair | Refusal) -> Refusal:
    assert isinstance(result, Refusal), result
    return result


def test_a_folder_of_all_kinds(tmp_path: Path, drawn_image: Image, painted: Image, analyzer: Analyzer):
    put(tmp_path, "good", drawn_image, painted)
    put(tmp_path, "jpeg", drawn_image, painted, ".jpg")
    put(tmp_path, "broken", drawn_image, painted)
    (tmp_path / "after/broken.png").write_bytes((tmp_path / "after/broken.png").read_bytes()[:900])
    put(tmp_path, "twice", drawn_image, painted)
    save(tmp_path / "before/twice.webp", drawn_image)
    save(tmp_path / "before/alone.png", drawn_image)
    save(tmp_path / "after/late.png", painted)
    (tmp_path / "before/notes.txt").write_text("mine")
    (tmp_path / "after/.DS_Store").write_bytes(b"x")
    seen: list[str] = []
    checked = load_pairs(tmp_path, analyzer=analyzer, progress=seen.append)
    assert [pair.name for pair in checked.pairs] == ["good", "jpeg"]
    assert {item.name: item.reason for item in checked.refusals} == {
        "alone": Reason.NAMES,
        "late": Reason.NAMES,
        "twice": Reason.NAMES,
        "broken": Reason.UNREADABLE,
    }
    assert checked.passed_over == ("before/notes.txt",)
    assert seen == ["broken", "good", "jpeg"]
    texts = {item.name: item.text for item in checked.refusals}
    assert "no partner in after/" in texts["alone"]
    assert "twice.png, twice.webp" in texts["twice"]
    assert "broken.png" in texts["broken"]
    report = json.loads(json.dumps(checked.report()))
    assert [item["name"] for item in report["accepted"]] == ["good", "jpeg"]
    assert report["accepted"][0]["likeness"] > 0.9
    assert len(report["refused"]) == 4
    with pytest.raises(UsageError, match=r"4 of 6 pairs .* alone: before/alone.png has no partner"):
        load_pairs(tmp_path, analyzer=analyzer, strict=True)


def test_a_pair_fits_to_the_pixel(drawn_image: Image, painted: Image, analyzer: Analyzer):
    pair = check_pair("me", drawn_image, painted, analyzer=analyzer)
    assert isinstance(pair, Pair)
    assert pair.before.shape == pair.after.shape == (SIDE, SIDE, 3)
    assert pair.notes == ()
    assert pair.face.points.shape == (478, 3)
    unchanged = pair.change == 0
    assert 0.3 < unchanged.mean() < 0.99
    assert np.abs(pair.after - pair.before).max(2)[unchanged].max() < 0.08
    assert np.abs(pair.after - pair.before).max(2)[pair.change > 0.9].mean() > 0.03


def test_beyond_the_photo_nothing_has_changed(drawn_face: Face, drawn_image: Image, painted: Image):
    cut, noise = (slice(None), slice(120, None)), np.random.default_rng(0).normal(0, 0.006, drawn_image.shape).astype(np.float32)
    before, after = (np.ascontiguousarray(picture[cut]) for picture in (drawn_image, np.clip(painted + noise, 0, 1)))
    points = drawn_face.points - np.array([120, 0, 0], np.float32)
    pair = check_pair("me", before, after, analyzer=Analyzer(detector=FixedDetector(points)))
    assert isinstance(pair, Pair)
    beyond = int(pair.crop.crop_from_image[0, 2]) - 1
    assert beyond > 10
    assert pair.change[:, :beyond].max() == 0
    assert pair.change.max() == 1


def test_a_small_motion_is_moved_back(drawn_image: Image, painted: Image, analyzer: Analyzer):
    after = np.clip(warp_image(painted, translation(2.0, -1.5), painted.shape[:2]), 0, 1)
    pair, still = (check_pair("me", drawn_image, picture, analyzer=analyzer) for picture in (after, painted))
    assert isinstance(pair, Pair)
    assert isinstance(still, Pair)
    assert "moved back" in pair.notes[0]
    assert pair.shift.x == pytest.approx(2, abs=0.2)
    assert pair.shift.y == pytest.approx(-1.5, abs=0.2)
    middle = (slice(40, 280), slice(60, 260))
    assert np.abs(pair.after - still.after)[middle].mean() < 0.005


@pytest.mark.parametrize(("x", "degrees"), [(14.0, 0.0), (0.0, 5.0)])
def test_a_large_motion_is_refused_with_its_size(x: float, degrees: float, drawn_image: Image, painted: Image, analyzer: Analyzer):
    motion = translation(x, 0) if x else rotation(degrees, about=(256, 256))
    refusal = only_refusal(check_pair("me", drawn_image, warp_image(painted, motion, (512, 512)), analyzer=analyzer))
    assert refusal.reason is Reason.MOVED
    assert refusal.text.startswith("me: ")
    assert refusal.shift is not None
    assert refusal.shift.degrees == pytest.approx(degrees, abs=0.1)
    assert str(refusal.shift) in refusal.text
    if x:
        assert refusal.shift.x == pytest.approx(x, abs=0.3)


def test_another_photo_is_refused_with_its_likeness(drawn_image: Image, analyzer: Analyzer):
    refusal = only_refusal(check_pair("me", drawn_image, draw((512, 512), yaw=25, seed=4).image, analyzer=analyzer))
    assert refusal.reason is Reason.OTHER_PHOTO
    assert refusal.likeness is not None
    assert refusal.likeness < 0.4
    assert f"{refusal.likeness:.2f}" in refusal.text


def test_another_moment_of_the_same_sitting_is_refused(drawn_image: Image, analyzer: Analyzer):
    # Same pose, hair and light; only the face's own detail is another.
    refusal = only_refusal(check_pair("me", drawn_image, draw((512, 512), seed=1).image, analyzer=analyzer))
    assert refusal.reason is Reason.OTHER_PHOTO
    assert "the face agrees by" in refusal.text


def test_a_pair_without_a_face_is_refused(drawn_image: Image, analyzer: Analyzer):
    blank = np.full_like(drawn_image, 0.5)
    for pictures, side in (((blank, drawn_image), "before"), ((drawn_image, blank), "after")):
        refusal = only_refusal(check_pair("me", *pictures, analyzer=analyzer))
        assert refusal.reason is Reason.NO_FACE
        assert refusal.text.startswith(f"me: {side}: expected a picture with a face")


def test_an_after_that_is_the_before_is_refused(drawn_image: Image, analyzer: Analyzer):
    refusal = only_refusal(check_pair("me", drawn_image, drawn_image.copy(), analyzer=analyzer))
    assert refusal.reason is Reason.UNCHANGED


def test_sizes(drawn_image: Image, painted: Image, analyzer: Analyzer):
    smaller = painted.reshape(256, 2, 256, 2, 3).mean((1, 3))
    pair = check_pair("me", drawn_image, smaller, analyzer=analyzer)
    assert isinstance(pair, Pair)
    assert pair.notes[0] == "the after was resized from 256×256 px to the before's size"
    refusal = only_refusal(check_pair("me", drawn_image, painted[:400], analyzer=analyzer))
    assert refusal.reason is Reason.SIZE
    assert "512×512 and 512×400 px" in refusal.text


def test_the_largest_of_several_faces_is_taken(drawn_image: Image, painted: Image, drawn_face: Face):
    small = (drawn_face.points * 0.4).astype(np.float32)
    pair = check_pair("me", drawn_image, painted, analyzer=Analyzer(detector=FixedDetector(small, drawn_face.points)))
    assert isinstance(pair, Pair)
    assert pair.notes == ("2 faces: the largest was taken",)
    assert float(np.ptp(pair.crop.points[:, 0])) > 150


@pytest.mark.parametrize(
    ("make", "message"),
    [
        ([], "found no folder"),
        (["before"], r"found no after/"),
        (["before", "after"], r"found none \(no picture in either\)"),
    ],
)
def test_a_folder_without_pairs_is_refused(tmp_path: Path, make: list[str], message: str, analyzer: Analyzer):
    folder = tmp_path / "pairs"
    for name in make:
        (folder / name).mkdir(parents=True)
    with pytest.raises(UsageError, match=message):
        load_pairs(folder, analyzer=analyzer)


def test_one_sided_pairs_alone_are_named(tmp_path: Path, drawn_image: Image, analyzer: Analyzer):
    save(tmp_path / "before/anna.png", drawn_image)
    save(tmp_path / "after/bea.png", drawn_image)
    with pytest.raises(UsageError, match=r"anna: before/anna.png has no partner.*bea: after/bea.png has no partner"):
        load_pairs(tmp_path, analyzer=analyzer)


def test_more_than_500_pairs_are_refused_unread(tmp_path: Path, analyzer: Analyzer):
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
        for number in range(501):
            (tmp_path / side / f"{number}.png").touch()
    with pytest.raises(UsageError, match="expected 1 to 500 pairs, found 501"):
        load_pairs(tmp_path, analyzer=analyzer)


def test_nothing_left_to_learn_from_is_an_error(tmp_path: Path, drawn_image: Image, analyzer: Analyzer):
    put(tmp_path, "same", drawn_image, drawn_image)
    with pytest.raises(UsageError, match=r"1 of 1 pairs .* same: expected makeup in the after"):
        load_pairs(tmp_path, analyzer=analyzer)


def test_a_result_is_a_value(drawn_image: Image, painted: Image, analyzer: Analyzer):
    pair = check_pair("me", drawn_image, painted, analyzer=analyzer)
    assert isinstance(pair, Pair)
    with pytest.raises(AttributeError):
        pair.name = "you"  # type: ignore[misc]
    assert CheckedPairs((pair,), ()).report()["refused"] == []
