"""The document: read back as it was written, refused where it does not fit, shown and drawn whole."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage
from results import full_result, job, result

from kohl.core.errors import MissingExtraError, UsageError
from kohl.evaluation.benchmark import plot
from kohl.evaluation.benchmark.result import JobRow, read_result
from kohl.evaluation.benchmark.summary import describe


def test_it_is_read_as_it_was_written(tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_text(full_result().to_json())
    assert read_result(path) == full_result()
    assert json.loads(full_result().to_json()) == full_result().as_data()


def change(data: dict[str, Any], **more: Any) -> str:
    return json.dumps(data | more)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"version": 2}, "version"),
        ({"format": "other"}, "format"),
        ({"surprise": 1}, "surprise"),
        ({"jobs": [{"method": "procedural"}]}, "jobs.0"),
        ({"seconds": "soon"}, "seconds"),
    ],
)
def test_what_does_not_fit_is_named(more: dict[str, Any], place: str, tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_text(change(full_result().as_data(), **more))
    with pytest.raises(UsageError, match=rf"no result of kohl benchmark.*{place}.*kohl benchmark -o"):
        read_result(path)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe"])
def test_other_files_are_refused(data: bytes, tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(UsageError, match="no result of kohl benchmark"):
        read_result(path)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="cannot read"):
        read_result(tmp_path / "none.json")


def test_times_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="finite"):
        result(seconds=float("nan"))


def test_everything_is_shown():
    page = describe(full_result())
    for text in ("Abacus, 2 cores", "commit abc1234", "1024 px, 2 of 2 faces, 2 threads", "decode", "megapixel", "80000", "not counted are Einsum"):
        assert text in page, text
    assert page.rstrip().endswith("| b.onnx | broken |"), "losses are shown, last"
    assert "other programs" not in page


def fit_lines(*jobs: JobRow) -> tuple[list[str], str]:
    """The cells of the wall clock's only fit, and all that is said."""
    page = describe(result(*jobs))
    (line,) = (line for line in page.splitlines() if "| wall |" in line)
    return [cell.strip() for cell in line.strip("|").split("|")], page


def test_a_slope_within_the_noise_is_no_negative_cost():
    faces = [job(time, side=1024, faces=number, slots=2) for number, time in ((1, 300.0), (2, 256.5))]
    cells, page = fit_lines(*faces)
    assert cells[4:7] == ["–", "face", "–"]
    assert "not measurable, the medians did not grow" in page
    assert "-43.5" not in page
    wall, _ = result(*faces).fits
    assert wall.slope == pytest.approx(-43.5), "the result keeps what was fitted"
    assert (wall.cost, wall.start) == (None, None)


def test_a_line_that_begins_below_zero_has_a_cost_and_no_beginning():
    cells, page = fit_lines(*(job(time, side=1024, faces=number, slots=2) for number, time in ((1, 10.0), (2, 30.0))))
    assert cells[4:7] == ["–", "face", "20"]
    assert "begins below zero" in page
    assert "did not grow" not in page


def test_costs_that_were_measured_come_without_a_word_on_noise():
    assert "not measurable" not in describe(full_result())


def test_a_busy_machine_is_told():
    assert "trust processor time" in describe(result(job(1.0), shared=True))


@pytest.mark.parametrize("shared", [False, True])
def test_it_is_drawn(shared: bool):
    pytest.importorskip("matplotlib", reason="needs kohl[eval]")
    whole = full_result()
    machine = whole.machine.model_copy(update={"shared_while_measured": shared})
    with PillowImage.open(io.BytesIO(plot.draw(whole.model_copy(update={"machine": machine})))) as picture:
        assert picture.format == "PNG"
        pixels = np.asarray(picture.convert("RGB"))
    assert min(pixels.shape[:2]) > 500
    halves = pixels[:495, :715], pixels[:495, 715:], pixels[495:, :715], pixels[495:, 715:]
    assert all(len(np.unique(half.reshape(-1, 3), axis=0)) > 30 for half in halves), "every part has something in it"


def test_an_empty_result_is_drawn_too():
    pytest.importorskip("matplotlib", reason="needs kohl[eval]")
    assert plot.draw(result()).startswith(b"\x89PNG")


def test_costs_that_were_not_measurable_are_drawn_too():
    pytest.importorskip("matplotlib", reason="needs kohl[eval]")
    falling = [job(time, side=1024, faces=number, slots=2) for number, time in ((1, 300.0), (2, 256.5))]
    assert plot.draw(result(*falling)).startswith(b"\x89PNG")


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    def missing(module: str, *, extra: str, purpose: str) -> None:
        raise MissingExtraError(purpose, extra)

    monkeypatch.setattr(plot, "require", missing)
    with pytest.raises(MissingExtraError, match=r"kohl\[eval\]"):
        plot.draw(full_result())
