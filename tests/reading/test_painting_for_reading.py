"""What is painted for the reader arrives at its fitting, small or whole, by kohl or by another hand."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

import finding
import paint_for_reading
import varied_people
from drawn import draw
from kohl.reading.answers import ANSWERS

fit_reading = pytest.importorskip("fit_reading", reason="fitting needs the train extra")
FIELDS = ("file", "set", "real", "licence", "width", "height", "face_width", "yaw_deg", "ita_deg", "sharpness", "label", "person", "split")


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A packed folder of one drawn face, three pictures of it a round."""
    monkeypatch.setattr(paint_for_reading, "LOOKS", {"studio": 2})
    monkeypatch.setattr(varied_people, "SIDE", 320)
    folder, made = tmp_path / "packed", draw((320, 320))
    (folder / "london").mkdir(parents=True)
    PillowImage.fromarray(np.uint8(np.rint(made.image * 255))).save(folder / "london/one.png")
    with (folder / "index.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(FIELDS)
        writer.writerow(("london/one.png", "london", 1, "own", 320, 320, 150, 0.0, 30.0, 100, "", "one", "train"))
    np.savez(folder / finding.MESHES, files=np.array(["london/one.png"]), meshes=made.points[None], moves=np.zeros((1, 478, 3), np.float32))
    return folder


def paint(packed: Path, cache: Path, number: int, *, is_small: bool) -> list[Path]:
    """The files of a round."""
    cache.mkdir()
    task = next(task for task in paint_for_reading.tasks(packed) if task.round == number)
    paint_for_reading.paint(task, packed, cache, is_small=is_small)
    return sorted(cache.iterdir())


def test_small_or_whole_the_networks_see_the_same(packed: Path, tmp_path: Path) -> None:
    whole, small = (paint(packed, tmp_path / name, 0, is_small=name == "small") for name in ("whole", "small"))
    assert [file.name for file in whole] == [file.name for file in small] == ["0000_000.npz", "0000_001.npz", "0000_002.npz"]
    assert sum(file.stat().st_size for file in small) < 0.3 * sum(file.stat().st_size for file in whole)
    for files in zip(whole, small, strict=True):
        one, other = (fit_reading.load(file, list(ANSWERS)) for file in files)
        assert one.look == other.look
        assert one.painted == other.painted
        for part in ANSWERS:
            # Whole ones were rounded before anything was measured, small ones after.
            assert np.median(np.abs(one.views[part][1] - other.views[part][1])) < 0.01
            for picture, same in zip(one.views[part][0], other.views[part][0], strict=True):
                assert np.median(np.abs(picture.astype(np.float32) - same.astype(np.float32))) < 0.01


def test_the_first_of_a_round_is_the_face_as_it_is(packed: Path, tmp_path: Path) -> None:
    first, *painted = [fit_reading.load(file, ["lips"]) for file in paint(packed, tmp_path / "cache", 0, is_small=True)]
    assert first.is_as_it_is
    assert all(sample.look.layers for sample in painted)


def test_another_hand_paints_every_third_look_of_varied_rounds(packed: Path, tmp_path: Path) -> None:
    number = paint_for_reading.VARIED_FROM
    own, by_another, by_kohl = [fit_reading.load(file, ["lips"]) for file in paint(packed, tmp_path / "cache", number, is_small=True)]
    assert own.is_as_it_is
    assert not by_another.look.layers
    assert by_kohl.look.layers
    assert set(by_kohl.painted.values()) <= {0.0, 1.0}


def test_shadowed_rounds_show_eyeshadow_every_time(packed: Path) -> None:
    rounds = paint_for_reading.SHADOWED_FROM + 2
    tasks = [task for task in paint_for_reading.tasks(packed, rounds) if task.round >= paint_for_reading.SHADOWED_FROM]
    looks = [task.look(turn) for task in tasks for turn in task.turns]
    assert len(looks) == 6
    assert all(any(layer.product == "eyeshadow" for layer in look.layers) for look in looks)
    assert not any(task.is_by_other_hand(turn) for task in tasks for turn in task.turns)


def test_what_is_painted_already_is_left(packed: Path, tmp_path: Path) -> None:
    files = paint(packed, tmp_path / "cache", 0, is_small=True)
    written = [file.stat().st_mtime_ns for file in files]
    paint_for_reading.paint(paint_for_reading.tasks(packed)[0], packed, tmp_path / "cache", is_small=True)
    assert [file.stat().st_mtime_ns for file in files] == written
