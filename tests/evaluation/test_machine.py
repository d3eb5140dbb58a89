"""What stands beside a number: the machine, the versions and the commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from kohl.evaluation import machine


def git(folder: Path, *words: str) -> None:
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=os.environ | identity)


def test_a_folder_that_is_no_checkout_has_no_commit(tmp_path: Path):
    assert machine.commit_of(tmp_path) == (None, None)


def test_a_changed_source_is_told(tmp_path: Path):
    (tmp_path / "src").mkdir()
    source = tmp_path / "src" / "a.py"
    source.write_text("1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    commit, differs = machine.commit_of(tmp_path)
    assert commit
    assert differs is False
    source.write_text("2\n")
    assert machine.commit_of(tmp_path) == (commit, True)


def test_the_machine_and_the_versions_are_known():
    assert machine.machine()["cores"] == os.cpu_count()
    assert machine.machine()["processor"]
    assert {"kohl", "numpy", "python"} <= set(machine.versions())


def test_what_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "PACKAGES", ("numpy", "no-such-package"))
    assert set(machine.versions()) == {"numpy", "python"}


@pytest.mark.parametrize(("share", "busy"), [(0.0, False), (0.69, False), (0.71, True)])
def test_a_load_above_seven_tenths_of_the_cores_is_busy(share: float, busy: bool):
    assert machine.is_busy(share * (os.cpu_count() or 1)) is busy


def test_where_the_system_tells_no_load_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch):
    def unknown() -> None:
        raise OSError

    monkeypatch.setattr(os, "getloadavg", unknown)
    assert machine.load() is None
    assert machine.is_busy(None) is False
