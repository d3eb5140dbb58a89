"""Any folder of faces becomes crops; what is no face is named, what is kept for tests is never touched."""

from __future__ import annotations

import csv
import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from drawn import FixedDetector, draw
from kohl.core.arrays import Image
from kohl.core.errors import OutputError, UnknownNameError, UsageError
from kohl.data import face_workers
from kohl.data.crop_cache import read_crop, write_crop
from kohl.data.crops import SIDE, FaceCrop, cut_crop
from kohl.data.faces_folder import FaceSet, list_faces, load_faces
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.faces.mesh import Mesh

PORTRAITS = Path(__file__).resolve().parents[3] / "shared/data/faces"


class CountingDetector(FixedDetector):
    """Counts how often it is asked, and sees nothing on a blank page."""

    calls = 0

    def detect(self, image: Image) -> list[Mesh]:
        self.calls += 1
        return super().detect(image) if float(image.std()) > 0.02 else []


@pytest.fixture
def detector() -> CountingDetector:
    return CountingDetector(draw((256, 256)).points)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    face = np.rint(draw((256, 256)).image * 255).astype(np.uint8)
    for name in ("b/second.png", "a.jpg", "c/d/third.webp"):
        path = tmp_path / "faces" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        PillowImage.fromarray(face).save(path)
    (tmp_path / "faces/broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno")
    PillowImage.new("RGB", (256, 256), "gray").save(tmp_path / "faces/empty.png")
    (tmp_path / "faces/notes.txt").write_text("not a picture")
    (tmp_path / "faces/.hidden.png").write_bytes(b"")
    return tmp_path / "faces"


def test_finds_faces_and_names_what_is_none(folder: Path, detector: CountingDetector):
    seen: list[tuple[int, int]] = []
    faces = load_faces(folder, analyzer=Analyzer(detector=detector), progress=lambda *counts: seen.append(counts))
    assert faces.names == ("a.jpg", "b/second.png", "c/d/third.webp")
    assert len(faces) == 3
    assert [crop.image.shape for crop in faces] == [(SIDE, SIDE, 3)] * 3
    failures = {item.name: item.text for item in faces.failures}
    assert failures.keys() == {"broken.png", "empty.png"}
    assert "expected a picture with a face" in failures["empty.png"]
    assert seen == [(done, 5) for done in range(1, 6)]
    assert json.loads(json.dumps(faces.report()))["faces"] == 3


def test_a_cache_saves_the_second_look(folder: Path, tmp_path: Path, detector: CountingDetector):
    cache = tmp_path / "cache"
    first = load_faces(folder, cache=cache, analyzer=Analyzer(detector=detector))
    asked = detector.calls
    again = load_faces(folder, cache=cache, analyzer=Analyzer(detector=detector))
    assert detector.calls == asked
    assert again.names == first.names
    assert again.failures == first.failures
    np.testing.assert_array_equal(again[1].image, first[1].image)
    np.testing.assert_array_equal(again[1].face().masks.lips, first[1].face().masks.lips)
    plain = load_faces(folder, analyzer=Analyzer(detector=detector))
    np.testing.assert_array_equal(plain[1].face().masks.clear, first[1].face().masks.clear)
    (folder / "a.jpg").write_bytes((folder / "b/second.png").read_bytes())
    asked = detector.calls
    load_faces(folder, cache=cache, analyzer=Analyzer(detector=detector))
    assert detector.calls == asked + 1


def test_nothing_is_kept_anywhere_else(folder: Path, tmp_path: Path, detector: CountingDetector):
    before = sorted(tmp_path.rglob("*"))
    load_faces(folder, analyzer=Analyzer(detector=detector))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_damaged_cache_is_made_anew_and_a_vanished_crop_is_told(folder: Path, tmp_path: Path, detector: CountingDetector):
    cache = tmp_path / "cache"
    faces = load_faces(folder, cache=cache, analyzer=Analyzer(detector=detector))
    for file in cache.iterdir():
        file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(UsageError, match=r"crop of a.jpg .* damaged"):
        faces[0]
    assert len(load_faces(folder, cache=cache, analyzer=Analyzer(detector=detector))) == 3
    assert faces[0].image.shape == (SIDE, SIDE, 3)


def test_a_pickle_in_the_cache_is_not_run(tmp_path: Path):
    file = tmp_path / "crop.npz"
    file.write_bytes(pickle.dumps({"version": 1}))
    assert read_crop(file) is None
    np.savez(file, version=1, fault=np.array([object()], object))
    assert read_crop(file) is None
    np.savez(file, version=0, fault="old")
    assert read_crop(file) is None


def test_a_crop_survives_its_file(tmp_path: Path, drawn_image: Image, drawn_face: Face):
    crop = cut_crop(drawn_image, drawn_face, side=128)
    write_crop(tmp_path / "deep/crop.npz", crop)
    again = read_crop(tmp_path / "deep/crop.npz")
    assert isinstance(again, FaceCrop)
    for name, value in vars(crop).items():
        np.testing.assert_array_equal(getattr(again, name), value, err_msg=name)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_crop(tmp_path / "file/crop.npz", crop)


def test_a_set_is_a_sequence(folder: Path, detector: CountingDetector):
    faces = load_faces(folder, analyzer=Analyzer(detector=detector), limit=4)
    part = faces[1:]
    assert isinstance(part, FaceSet)
    assert part.names == faces.names[1:]
    assert faces[-1] is list(faces)[-1]
    with pytest.raises(IndexError):
        faces[9]


def test_a_folder_without_faces_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="found no folder"):
        list_faces(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="found none"):
        list_faces(tmp_path)


def test_the_index_decides_what_is_trained_on(folder: Path):
    with (folder / "index.csv").open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerows([["file", "split"], ["a.jpg", "train"], ["b/second.png", "test"], ["../secret.png", "train"]])
    assert [path.name for path in list_faces(folder)] == ["a.jpg"]
    assert [path.name for path in list_faces(folder, split="test")] == ["second.png"]
    assert len(list_faces(folder, split=None)) == 5
    with pytest.raises(UnknownNameError, match="train"):
        list_faces(folder, split="trian")
    (folder / "index.csv").write_text("file,licence\na.jpg,CC0\n")
    assert len(list_faces(folder)) == 5


def test_a_dead_process_is_a_failure_not_the_end(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(face_workers, "_in_processes", lambda paths, side, processes: iter([(paths[0], "no face")]))
    faces = load_faces(folder, processes=2)
    assert len(faces) == 0
    assert faces.failures[0].text == "no face"
    assert all("process died" in item.text for item in faces.failures[1:])


@pytest.mark.slow
def test_two_processes_find_the_same_as_one(folder: Path):
    one, two = (load_faces(folder, processes=processes) for processes in (1, 2))
    assert one.names == two.names
    assert one.failures == two.failures
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first.image, second.image)


@pytest.mark.faces
@pytest.mark.skipif(not (PORTRAITS / "index.csv").is_file(), reason="needs ../shared/data/faces")
def test_no_path_reads_a_test_face_of_the_portraits(monkeypatch: pytest.MonkeyPatch):
    with (PORTRAITS / "index.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    kept_for_tests = {row["file"] for row in rows if row["split"] != "train"}
    people = {row["person"] for row in rows if row["split"] == "train"}
    assert not [row for row in rows if row["split"] != "train" and row["person"] in people]
    listed = {path.relative_to(PORTRAITS).as_posix() for path in list_faces(PORTRAITS)}
    assert len(listed) == sum(row["split"] == "train" for row in rows)
    assert not listed & kept_for_tests
    asked: list[Path] = []
    monkeypatch.setattr(face_workers, "_cut_file", lambda path, *_: asked.append(path) or "not looked at")
    load_faces(PORTRAITS, analyzer=Analyzer(detector=FixedDetector()))
    assert {path.relative_to(PORTRAITS).as_posix() for path in asked} == listed
