"""Learned looks through the studio and the batch: as a file, as an object, put together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from drawn import Drawing, FixedDetector
from kohl.api.asking import as_look, spell_out
from kohl.api.batch.items import gather
from kohl.api.batch.job import ApplyJob, Writing
from kohl.api.batch.runner import run_batch
from kohl.api.listing import list_shipped
from kohl.api.studio import Studio
from kohl.core.errors import ModelFormatError, UsageError
from kohl.core.region import Region
from kohl.faces.analyzer import Analyzer
from kohl.looks import presets
from kohl.methods.tinybeauty.card import LearnedLookCard
from kohl.methods.tinybeauty.joining import join
from kohl.methods.tinybeauty.learned import LearnedLook
from learned_looks import tint_look


@pytest.fixture(scope="module")
def studio(drawing: Drawing) -> Studio:
    return Studio(analyzer=Analyzer(detector=FixedDetector(drawing.points)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.onnx"
    path.write_bytes(tint_look(name="mine", regions=(Region.LIPS, Region.EYES)))
    return path


def test_a_file_its_name_and_the_look_itself_are_one(studio: Studio, drawing: Drawing, file: Path):
    painted = studio.apply(drawing.image, LearnedLook.load(file))
    assert (painted != drawing.image).any()
    np.testing.assert_array_equal(studio.apply(drawing.image, file), painted)
    np.testing.assert_array_equal(studio.apply(drawing.image, str(file)), painted)


def test_strength_0_gives_the_photo_back_bit_for_bit(studio: Studio, drawing: Drawing, file: Path):
    photo = np.round(drawing.image * 255).astype(np.uint8)
    assert studio.apply(photo, file, strength=0).tobytes() == photo.tobytes()
    assert (studio.apply(photo, file, strength={"all": 0, "lips": 0.4}) != photo).any()


def test_only_and_without_are_each_others_rest(studio: Studio, drawing: Drawing, file: Path):
    lips, rest = studio.apply(drawing.image, file, only="lips"), studio.apply(drawing.image, file, without="lips")
    whole = studio.apply(drawing.image, file)
    inside = (whole > 0.01).all(axis=2) & (whole < 0.99).all(axis=2)
    np.testing.assert_allclose((lips + rest - drawing.image)[inside], whole[inside], atol=1e-5)
    assert np.abs(lips - drawing.image)[drawing.eyes > 0.5].max() == 0


def test_the_report_names_the_look_where_its_card_does(studio: Studio, drawing: Drawing, file: Path):
    reports = {report.region: report for report in studio.apply_details(drawing.image, file, only="eyes").regions}
    assert str(reports[Region.LIPS]) == "lips: left as it is"
    assert "mine" in str(reports[Region.EYES])
    assert str(reports[Region.CHEEKS]) == "cheeks: nothing to put on"


def test_a_studio_of_learned_looks_refuses_what_is_data(drawing: Drawing, file: Path):
    learned = Studio("tinybeauty", analyzer=Analyzer(detector=FixedDetector(drawing.points)))
    assert (learned.apply(drawing.image, file) != drawing.image).any()
    for call in (
        lambda: learned.apply(drawing.image, "gothic"),
        lambda: learned.transfer(drawing.image, drawing.image),
        lambda: learned.read(drawing.image),
    ):
        with pytest.raises(UsageError, match="tinybeauty"):
            call()


@pytest.mark.parametrize("wrong", [5, None, b"mine.onnx", object()])
def test_what_is_no_look_is_refused(wrong: object):
    with pytest.raises(UsageError, match="expected a look"):
        as_look(wrong)  # type: ignore[arg-type]


def test_a_missing_file_is_refused():
    with pytest.raises(ModelFormatError, match="there is no such file"):
        as_look(Path("nowhere/mine.onnx"))


def test_spelled_out_it_is_its_card(file: Path):
    assert LearnedLookCard.from_json(spell_out(as_look(file))) == LearnedLook.load(file).card


@pytest.mark.slow
def test_a_batch_in_two_processes_paints_what_one_call_does(drawing: Drawing, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # Another process finds faces for itself; the drawn face is plain enough for it.
    photo = tmp_path / "in/me.png"
    photo.parent.mkdir()
    PillowImage.fromarray(np.round(drawing.image * 255).astype(np.uint8)).save(photo)
    look = join({Region.LIPS: LearnedLook.load(file)})
    job = ApplyJob.of(look, {}, Writing(tmp_path / "out"))
    assert job.method == "tinybeauty"
    assert job.subject == look.sha256
    assert run_batch(job, gather([str(photo.parent)], tmp_path / "out"), workers=2).done == 1
    with PillowImage.open(tmp_path / "out/me.png") as painted:
        np.testing.assert_array_equal(np.asarray(painted), np.asarray(Studio().apply(photo, look)))


def test_the_list_has_both_kinds():
    listed = list_shipped()
    assert [look.name for look in listed if look.kind == "preset"] == list(presets.names())
    assert all(look.name.startswith("learned/") and look.tags == ("learned",) for look in listed if look.kind == "learned")
