"""The program that sets a look beside the published network: its ratios, and a whole run with a handful of calls."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs kohl[train]")

import published_tinybeauty
import tinybeauty
from kohl.evaluation.benchmark.macs import Layer, NetworkSize
from kohl.evaluation.benchmark.peaks import Peaks
from kohl.evaluation.benchmark.timing import Timing
from learned_looks import tint_look

PEAKS = Peaks(gmacs=50.0, gigabytes=10.0, source="numpy")


@pytest.fixture
def look(tmp_path: Path) -> Path:
    path = tmp_path / "mine.onnx"
    path.write_bytes(tint_look())
    return path


def test_ratios_are_the_published_networks_time_over_ones_own():
    size = NetworkSize(80_000, (Layer("Conv", 10**8, 10**6),))
    contenders = [tinybeauty.Contender(name, Path("x"), size) for name in ("mine", tinybeauty.PUBLISHED)]
    timings = {"mine": Timing(2, 3, 2, 2, 4, 200), tinybeauty.PUBLISHED: Timing(30, 40, 30, 30, 60, 200)}
    table = tinybeauty.time_table(contenders, timings, 2, PEAKS)
    mine = dict(zip(table.columns, table.rows[0], strict=True))
    assert mine["frames / s"] == pytest.approx(500)
    assert mine["times as fast"] == pytest.approx(15)
    assert mine["times as cheap"] == pytest.approx(15)
    assert mine["GMAC/s"] == pytest.approx(50)
    assert mine["share of the attainable"] == pytest.approx(1)
    assert "200 runs each" in table.notes


def test_both_are_counted_and_timed(look: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tinybeauty, "measure_peaks", lambda threads: PEAKS)
    record = tinybeauty.run(look, 2, (1,))
    sizes = {row[0]: row[1:3] for row in record.tables[0].rows}
    assert sizes[tinybeauty.PUBLISHED] == [published_tinybeauty.PARAMETERS, pytest.approx(published_tinybeauty.MACS / 1e9)]
    assert [row[0] for row in record.tables[1].rows] == ["mine", tinybeauty.PUBLISHED]
    assert record.numbers["threads_1"]["mine"]["calls"] == 2
    assert record.arguments == "mine.onnx", "no folder of a user's"


@pytest.mark.parametrize(("words", "message"), [(["none.onnx"], "no network"), (["--save", "--runs", "3"], "at least 200 runs")])
def test_what_cannot_be_kept_is_refused(words: list[str], message: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["tinybeauty.py", *words])
    with pytest.raises(SystemExit, match=message):
        tinybeauty.main()
