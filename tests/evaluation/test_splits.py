"""Nothing that is fitted, trained or measured for training reads a picture of the test split.

Every program that reads the portraits' index is listed here with a way of asking it which pictures it takes. They are asked on an
index with everything in all three splits, so these tests need no portraits; a new reader of the index that is not listed fails.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image as PillowImage

import by_eye
import make_bare_prior
import make_topology
import pack_for_reading
import paint_for_reading
import train_cover
from kohl.core.errors import NoFaceError

ROOT = Path(__file__).parents[2]
FACES = ROOT.parent / "shared/data/faces"
SPLITS = ("train", "validation", "test")
LABELS = ("", "Makeup: without makeup", "Makeup: heavy makeup", "Facial_Hair: goatee")
TRAINING = ("scripts", "src/kohl/training", "src/kohl/data", "src/kohl/methods", "recipes")
"""Where programs that fit something live. The evaluation and the benchmarks read the test split, and are meant to."""
NOT_TRAINING = {"scripts/contact_sheets.py", "scripts/make_pair_list.py"}
"""They show and list pictures, and fit nothing."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Portraits whose file names begin with their split."""
    fields = ("file", "set", "real", "licence", "width", "height", "face_width", "yaw_deg", "ita_deg", "sharpness", "label", "person", "split")
    with (tmp_path / "index.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(fields)
        for split in SPLITS:
            for number, label in enumerate(LABELS):
                name = f"{split}/{number}.png"
                (tmp_path / split).mkdir(exist_ok=True)
                PillowImage.new("RGB", (64, 64)).save(tmp_path / name)
                writer.writerow((name, "london", 1, "own", 64, 64, 40, 0.0, 30.0, 100, label, f"{split}{number}", split))
    return tmp_path


@pytest.fixture
def opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are opened with Pillow from now on, by their split."""
    files: list[str] = []
    real = PillowImage.open

    def remember(path: Path, *arguments: object) -> object:
        files.append(Path(path).relative_to(folder).as_posix())
        return real(path, *arguments)

    monkeypatch.setattr(PillowImage, "open", remember)
    return files


def no_face(*arguments: object, **more: object) -> list[object]:
    return []


def ask_paint_for_reading(folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return [task.picture.relative_to(folder).as_posix() for task in paint_for_reading.tasks(folder)]


def ask_pack_for_reading(folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    def refuse(*arguments: object, **more: object) -> None:
        raise NoFaceError("a grey square")

    assert pack_for_reading.pack_all(folder, folder / "packed", SimpleNamespace(first=refuse)) == ([], {})
    return opened


def ask_make_bare_prior(folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    def refuse(image: object) -> None:
        raise NoFaceError("a grey square")

    monkeypatch.setattr(make_bare_prior, "Analyzer", lambda: SimpleNamespace(analyze=refuse))
    assert make_bare_prior.unroll_all(folder) == []
    return opened


def ask_make_topology(folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(make_topology, "MediapipeMeshDetector", lambda: SimpleNamespace(detect=no_face))
    with pytest.raises(ValueError, match="at least one array"):
        make_topology.read_shapes(folder)
    return opened


def ask_train_cover(folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    labels = {f"{split}/{number}.png": {} for split in SPLITS for number in range(len(LABELS))}
    monkeypatch.setattr(train_cover, "LABELS", SimpleNamespace(read_text=lambda: json.dumps(labels)))
    mesh = SimpleNamespace(points=np.zeros((478, 3), np.float32))
    monkeypatch.setattr(train_cover, "MediapipeMeshDetector", lambda: SimpleNamespace(detect=lambda image: [mesh]))
    monkeypatch.setattr(train_cover, "describe_face", lambda image, mesh: SimpleNamespace(window_slices=(slice(0, 9), slice(0, 9))))
    train_cover.read_pictures(folder)
    return opened


def ask_faces_folder(folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    faces_folder = pytest.importorskip("kohl.data.faces_folder", reason="there is no such loader here")
    return [path.relative_to(folder).as_posix() for path in faces_folder.list_faces(folder)]


READERS: dict[str, Callable[[Path, list[str], pytest.MonkeyPatch], list[str]]] = {
    "scripts/paint_for_reading.py": ask_paint_for_reading,
    "scripts/pack_for_reading.py": ask_pack_for_reading,
    "scripts/make_bare_prior.py": ask_make_bare_prior,
    "scripts/make_topology.py": ask_make_topology,
    "scripts/train_cover.py": ask_train_cover,
    "src/kohl/data/faces_folder.py": ask_faces_folder,
}


@pytest.mark.parametrize("reader", READERS)
def test_no_picture_of_the_test_split_is_taken(reader: str, folder: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch):
    taken = READERS[reader](folder, opened, monkeypatch)
    assert {name.split("/")[0] for name in taken} == {"train"}


@pytest.mark.parametrize("folder_of", ["scripts", "benchmarks"])
def test_what_was_judged_by_eye_is_said_in_ones_and_noughts(folder_of: str):
    rows = judged_in(folder_of)
    assert len({row["file"] for row in rows}) == len(rows) > 200
    assert {row[product] for row in rows for product in by_eye.PRODUCTS} == {"", "0", "1"}


def test_networks_learn_from_no_face_that_they_are_judged_on():
    assert {row["file"] for row in judged_in("scripts")}.isdisjoint(row["file"] for row in judged_in("benchmarks"))


def judged_in(folder_of: str) -> list[dict[str, str]]:
    with (ROOT / folder_of / "worn_by_eye.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.skipif(not FACES.is_dir(), reason="../shared/data/faces is not here")
def test_faces_judged_by_eye_are_of_their_split():
    with (FACES / "index.csv").open(newline="") as lines:
        split_of = {row["file"]: row["split"] for row in csv.DictReader(lines)}
    assert {split_of[row["file"]] for row in judged_in("scripts")} == {"train"}
    assert {split_of[row["file"]] for row in judged_in("benchmarks")} == {"test"}


def test_every_reader_of_the_index_is_listed():
    readers = {
        path.relative_to(ROOT).as_posix()
        for part in TRAINING
        for path in (ROOT / part).rglob("*.py")
        if any(sign in path.read_text() for sign in ("index.csv", "from portraits import", "import portraits", "protocol.portraits"))
    }
    assert readers - NOT_TRAINING - READERS.keys() == set(), "say in READERS how to ask it which pictures it takes"


def test_recipes_name_no_test_split():
    for part in ("src/kohl/training", "recipes"):
        for path in (ROOT / part).rglob("*"):
            if path.suffix in (".py", ".json", ".toml", ".yaml"):
                text = path.read_text()
                assert 'split="test"' not in text, path
                assert 'split: str = "test"' not in text, path
                assert "split=None" not in text, f"{path}: None takes all splits"
