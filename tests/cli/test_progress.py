"""The progress bar: on a terminal alone, with what went wrong above it."""

from __future__ import annotations

import pytest

from kohl.cli.progress import progress_of
from kohl.cli.voice import Voice


def test_nobody_watching_sees_nothing(capsys: pytest.CaptureFixture[str]):
    with progress_of(2, "cases", Voice()) as advance:
        advance("")
        advance("b.png: broken")
    assert capsys.readouterr() == ("", "")


def test_trouble_is_told_and_all_is_counted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(Voice, "shows_progress", True)
    with progress_of(2, "cases", Voice()) as advance:
        advance("")
        advance("b.png: [bold]broken[/bold]")
    told = capsys.readouterr()
    assert told.out == ""
    assert "b.png: [bold]broken[/bold]" in told.err, "what a file is called is no markup"
    assert "2/2" in told.err
