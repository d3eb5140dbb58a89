"""`kohl learn` from end to end on drawn people and a network for tests: every file it promises, every refusal it owes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image as PillowImage

import kohl
from drawn import DEEP, FAIR, MEDIUM, FixedDetector, draw
from kohl.core.arrays import Image
from kohl.core.errors import OutputExistsError, UnknownNameError, UsageError
from kohl.core.region import Region
from kohl.data import painters
from kohl.faces.analyzer import Analyzer
from kohl.faces.mesh import Mesh
from kohl.methods.amplifier.style import MOST_FOLDS
from kohl.methods.tinybeauty.config import TINY
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.training.learning import learner
from kohl.training.learning.learner import learn
from kohl.training.learning.request import LearnRequest
from kohl.training.recipes.tinybeauty import StudentRecipe

RECIPE = replace(StudentRecipe(), spec=TINY, start="random", batch=2)
PEOPLE = {"ana": (FAIR, 0.0), "bea": (MEDIUM, 10.0), "cleo": (DEEP, -10.0)}


class DrawnDetector(FixedDetector):
    """Knows the drawn people by their skin."""

    def __init__(self) -> None:
        self._known = [(skin, draw((384, 384), skin=skin, yaw=yaw).points) for skin, yaw in PEOPLE.values()]

    def detect(self, image: Image) -> list[Mesh]:
        middle = image[image.shape[0] // 2 + 20, image.shape[1] // 2]
        points = min(self._known, key=lambda known: float(np.abs(np.array(known[0]) - middle).sum()))[1]
        return [Mesh(points * np.float32(image.shape[0] / 384), 1.0)]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pairs")
    painter = painters.create("lab_brush")
    for side in ("before", "after"):
        (folder / side).mkdir()
    for name, (skin, yaw) in PEOPLE.items():
        made = draw((384, 384), skin=skin, yaw=yaw)
        face = Analyzer(detector=FixedDetector(made.points)).analyze(made.image)[0]
        for side, image in (("before", made.image), ("after", painter.paint(made.image, face))):
            PillowImage.fromarray(np.rint(image * 255).astype(np.uint8)).save(folder / side / f"{name}.png")
    return folder


@pytest.fixture(autouse=True)
def _drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learner, "Analyzer", lambda: Analyzer(detector=DrawnDetector()))
    monkeypatch.setattr(learner, "VARIATIONS", 6)


def request(pairs: Path, out: Path, **options: object) -> LearnRequest:
    return replace(LearnRequest(pairs, out, steps=4, recipe=RECIPE), **options)  # type: ignore[arg-type]


def test_it_writes_all_that_it_promises(pairs: Path, tmp_path: Path):
    told: list[str] = []
    learned = learn(request(pairs, tmp_path / "mine.onnx", faces=pairs / "before"), lambda stage, progress, text: told.append(stage))
    assert learned.path == tmp_path / "mine.onnx"
    card = LearnedLook.load(learned.path).card
    assert Region.LIPS in card.regions
    assert set(card.metrics) == {"psnr_pairs", "psnr_held_out_amplified", "psnr_pairs_doing_nothing"}
    assert "3 pairs" in card.training_data
    assert {"pairs", "faces", "amplifier", "training"} >= set(told) >= {"pairs", "faces", "amplifier"}
    report = json.loads((tmp_path / "mine.report.json").read_text())
    assert [pair["name"] for pair in report["pairs"]["accepted"]] == sorted(PEOPLE)
    for picture in ("mine.sheet.png", "mine.curves.png"):
        with PillowImage.open(tmp_path / picture) as opened:
            assert opened.size[0] > 300
    assert list((tmp_path / "mine.learning" / "tensorboard").iterdir())
    assert not [path for path in (tmp_path / "mine.learning").rglob("*") if path.suffix in {".png", ".npz", ".jpg"}]


def test_a_look_that_was_hardly_learnt_says_so_and_what_to_do(pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(learner, "_LEAST_TRAINING", 1e-3)
    told: list[str] = []
    learned = learn(request(pairs, tmp_path / "mine.onnx", steps=100_000, minutes=1e-6), lambda stage, progress, text: told.append(text))
    assert 1 <= learned.report["steps"] < 1000, "the steps that were taken, not those that were asked for"  # type: ignore[operator]
    assert learned.report["steps"] == json.loads((tmp_path / "mine.report.json").read_text())["steps"]
    (note,) = [text for text in told if "hardly nearer to your pairs than the bare photos" in text]
    assert note.endswith("give more --minutes than 1e-06: reading the pairs and faces takes its share of them")


@pytest.mark.parametrize(("steps", "taken", "advice"), [(4, 4, "more --steps may help"), (1500, 7, "go on with --resume")])
def test_what_helps_where_too_little_was_learnt(steps: int, taken: int, advice: str, pairs: Path, tmp_path: Path):
    assert advice in learner._too_little(request(pairs, tmp_path / "mine.onnx", steps=steps), taken)


def test_without_faces_the_given_people_are_varied(pairs: Path, tmp_path: Path):
    learned = kohl.learn(pairs, tmp_path / "mine.onnx", steps=2, recipe=RECIPE)
    assert "6" in learned.look.card.training_data or "5 variations" in learned.look.card.training_data
    image = np.rint(draw((384, 384), skin=FAIR).image * 255).astype(np.uint8)
    assert kohl.Studio(analyzer=Analyzer(detector=DrawnDetector())).apply(image, learned.look).shape == image.shape


def test_same_seed_same_look(pairs: Path, tmp_path: Path):
    looks = [learn(request(pairs, tmp_path / f"{name}.onnx")) for name in ("a", "b")]
    crop = np.random.default_rng(0).random((256, 256, 3), np.float32)
    np.testing.assert_array_equal(looks[0].look.residual(crop), looks[1].look.residual(crop))


def test_resume_says_so_where_there_is_nothing_to_resume(pairs: Path, tmp_path: Path):
    told: list[str] = []

    def stop_before_the_work(stage: str, progress: float, text: str) -> None:
        if stage == "amplifier":
            raise InterruptedError
        told.append(text)

    again = request(pairs, tmp_path / "mine.onnx", resume=True)
    with pytest.raises(InterruptedError):
        learn(again, stop_before_the_work)
    assert told.count(f"note: nothing to resume in {tmp_path / 'mine.learning'}; starting anew") == 1
    told.clear()
    again.workshop.mkdir()
    again.checkpoint.write_bytes(b"a checkpoint")
    with pytest.raises(InterruptedError):
        learn(again, stop_before_the_work)
    assert not any("nothing to resume" in text for text in told)


def test_one_bad_pair_is_named_and_the_rest_learnt(pairs: Path, tmp_path: Path):
    folder = tmp_path / "pairs"
    for side in ("before", "after"):
        (folder / side).mkdir(parents=True)
        for path in (pairs / side).iterdir():
            (folder / side / path.name).write_bytes(path.read_bytes())
        (folder / side / "broken.png").write_bytes(b"no picture")
    told: list[str] = []
    learned = learn(request(folder, tmp_path / "mine.onnx"), lambda stage, progress, text: told.append(text))
    assert any("refused: broken" in text for text in told)
    assert any(text.startswith("note: 3 of 5 pairs") for text in told)
    lasting = [text for text in told if text.startswith(learner.LASTING)]
    assert json.loads((tmp_path / "mine.report.json").read_text())["notes"] == lasting
    assert {text.split(":")[0] for text in lasting} >= {"refused", "note"}
    assert [item["name"] for item in learned.report["pairs"]["refused"]] == ["broken"]  # type: ignore[index]
    with pytest.raises(UsageError, match="broken"):
        learn(request(folder, tmp_path / "strict.onnx", strict=True))


def test_pairs_unlike_the_others_are_named_where_they_are_read_one_by_one():
    told: list[str] = []
    for count in (MOST_FOLDS, MOST_FOLDS + 1):
        people = [SimpleNamespace(name=f"p{number}") for number in range(count)]
        style = SimpleNamespace(chart=SimpleNamespace(heard=(0.9, 0.31, *[1.0] * (MOST_FOLDS - 2))))
        learner._name_unlike(people, style, lambda stage, progress, text: told.append(text))  # type: ignore[arg-type]
    assert told == ["note: pair p1 is unlike the others and counts 31%; is it the same look, and all of it?"]


def test_no_pairs(tmp_path: Path):
    with pytest.raises(UsageError, match=r"no folder|no before"):
        learn(request(tmp_path / "nothing", tmp_path / "mine.onnx"))
    assert not (tmp_path / "mine.onnx").exists()


def test_what_exists_is_not_replaced(pairs: Path, tmp_path: Path):
    (tmp_path / "mine.sheet.png").write_text("mine")
    with pytest.raises(OutputExistsError):
        request(pairs, tmp_path / "mine.onnx")
    assert (tmp_path / "mine.sheet.png").read_text() == "mine"


@pytest.mark.parametrize(("options", "match"), [({"minutes": 0.0}, "above 0"), ({"steps": 0}, "one step"), ({"adapt_steps": -1}, "one step")])
def test_requests_that_cannot_be(pairs: Path, tmp_path: Path, options: dict[str, float], match: str):
    with pytest.raises(UsageError, match=match):
        LearnRequest(pairs, tmp_path / "mine.onnx", **options)  # type: ignore[arg-type]


def test_another_ending_is_refused(pairs: Path, tmp_path: Path):
    with pytest.raises(UsageError, match=r"\.onnx"):
        LearnRequest(pairs, tmp_path / "mine.pt")


def test_an_unknown_keyword_names_the_nearest(pairs: Path, tmp_path: Path):
    with pytest.raises(UnknownNameError, match="minutes"):
        kohl.learn(pairs, tmp_path / "mine.onnx", minute=3)
