"""Contestants and metrics of other distributions, found by their entry points: a distribution is written to a folder on sys.path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kohl.core.errors import MissingModelError, UnknownNameError, UsageError
from kohl.evaluation.contestants import registry
from kohl.evaluation.contestants.base import Contestant
from kohl.evaluation.entries import entries_for
from kohl.evaluation.metrics.catalog import all_metrics
from kohl.evaluation.metrics.shelves.models import Models
from kohl.evaluation.plugins import contestant_names, contestant_version, create_contestant, every_metric, metrics_version

MODULE = """
from kohl.evaluation.metrics.metric import Metric

class Blusher:
    name = "blusher"
    def transfer(self, case):
        return case.source.image.copy()

class Mute:
    name = "mute"

def measure(sample):
    return {"glow": 1.0}

GLOW = Metric("glow", "Glow", "", "higher", "other", "theirs", measure)
TAKEN = Metric("psnr", "Mine", "", "higher", "other", "theirs", measure)
DOTTED = Metric("a.b", "Mine", "", "higher", "other", "theirs", measure)

def several():
    return [GLOW, Metric("shade", "Shade", "", "lower", "other", "theirs", measure)]

def none():
    return 3
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install a distribution `blushing 1.2` with the given lines of entry_points.txt."""
    (tmp_path / "blushing.py").write_text(MODULE)
    (tmp_path / "broken.py").write_text("import no_such_module_anywhere")
    information = tmp_path / "blushing-1.2.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: blushing\nVersion: 1.2\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(*lines: str) -> None:
        (information / "entry_points.txt").write_text("\n".join(lines) + "\n")

    yield write
    for name in ("blushing", "broken"):
        sys.modules.pop(name, None)


def test_without_plugins_there_are_kohls_own():
    assert contestant_names() == registry.names()
    assert every_metric() == all_metrics()
    assert contestant_version("procedural") == ""


def test_a_registered_contestant_takes_part(install):
    install("[kohl.contestants]", "blusher = blushing:Blusher")
    assert "blusher" in contestant_names()
    assert isinstance(create_contestant("blusher"), Contestant)
    (entry,) = entries_for(["blusher"])
    assert (entry.name, entry.version) == ("blusher", "blusher = blushing:Blusher of blushing 1.2")
    assert entry.make().name == "blusher"


def test_registered_metrics_join_the_catalogue(install):
    install("[kohl.metrics]", "more = blushing:several")
    assert [metric.name for metric in every_metric()] == [*(metric.name for metric in all_metrics()), "glow", "shade"]
    install("[kohl.metrics]", "one = blushing:GLOW")
    assert every_metric()[-1].name == "glow"


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        (("[kohl.contestants]", "bad = broken:Thing"), "blushing 1.2 to be loadable, got ModuleNotFoundError"),
        (("[kohl.contestants]", "bad = blushing:Nobody"), "to be loadable, got AttributeError"),
        (("[kohl.contestants]", "bad = blushing:Mute"), "expected a contestant .* got Mute"),
    ],
)
def test_a_contestant_that_cannot_be_loaded_is_named(install, lines: tuple[str, ...], match: str):
    install(*lines)
    with pytest.raises(UsageError, match=match):
        create_contestant("bad")
    create_contestant("nothing")


def test_a_name_of_kohls_own_cannot_be_taken(install):
    install("[kohl.contestants]", "nothing = blushing:Blusher")
    with pytest.raises(UsageError, match="rename its entry point"):
        create_contestant("nothing")


@pytest.mark.parametrize(
    ("point", "match"),
    [("TAKEN", "a new name .* 'psnr'"), ("DOTTED", "without a dot"), ("none", "a kohl Metric .* got int"), ("nobody", "loadable")],
)
def test_metrics_that_make_no_sense_are_refused(install, point: str, match: str):
    install("[kohl.metrics]", f"bad = blushing:{point}")
    with pytest.raises(UsageError, match=match):
        every_metric()


def test_unknown_names_are_told_the_nearest_registered_ones_too(install):
    install("[kohl.contestants]", "blusher = blushing:Blusher")
    with pytest.raises(UnknownNameError, match="did you mean 'blusher'"):
        entries_for(["blushr"])
    with pytest.raises(UnknownNameError, match="'procedural'"):
        entries_for(["procedual"])


def test_two_commands_of_one_program_are_told_apart():
    one, other = (f"external:{sys.executable} {script}.py" for script in "ab")
    first, second = entries_for([one, other])
    assert (first.name, second.name) == (one, other)
    (alone,) = entries_for([one])
    assert (alone.name, alone.version) == (f"external:{Path(sys.executable).name}", one)
    with pytest.raises(UsageError, match="more often"):
        entries_for([one, one])


def test_metrics_of_other_networks_are_other_metrics(install, tmp_path: Path):
    assert metrics_version() == ""
    (tmp_path / "id.onnx").write_bytes(b"weights")
    assert "identity=" in metrics_version(Models(identity=tmp_path / "id.onnx"))
    install("[kohl.metrics]", "one = blushing:GLOW")
    assert "of blushing 1.2" in metrics_version()


def test_nobody_and_the_same_twice_are_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="at least one contestant"):
        entries_for([])
    with pytest.raises(UsageError, match="'nothing' more often"):
        entries_for(["nothing", "nothing"])
    with pytest.raises(MissingModelError, match="no such file"):
        entries_for([], [tmp_path / "mine.onnx"])
