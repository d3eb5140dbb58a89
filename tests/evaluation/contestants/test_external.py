"""Programs as contestants: what they are given, and every way in which they can fail."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from kohl.core.errors import CommandError, MissingPartError, UnreadableImageError, UsageError
from kohl.evaluation.case import Case
from kohl.evaluation.contestants import registry
from kohl.evaluation.contestants.external import External

HEAD = "import sys, shutil, time\nfrom pathlib import Path\nsource, reference, out = sys.argv[-3:]\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go, so that what is left over is seen."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def program(tmp_path: Path, body: str) -> list[str]:
    path = tmp_path / "a program.py"
    path.write_text(HEAD + body)
    return [sys.executable, str(path)]


def test_a_program_gets_the_pictures_and_gives_one_back(tmp_path: Path, folder: Path, case: Case):
    contestant = External(program(tmp_path, "shutil.copy(source, out)"), name="copy")
    result = contestant.transfer(case)
    np.testing.assert_allclose(result, case.source.image, atol=0.5 / 255 + 1e-6)
    assert contestant.name == "copy"
    assert list(folder.iterdir()) == []


def test_a_picture_of_8_bits_comes_through_bit_for_bit(tmp_path: Path, case: Case):
    eight = np.round(case.reference.image * 255).astype(np.float32) / np.float32(255)
    reference = type(case.reference)("eight", eight, case.reference.face)
    result = External(program(tmp_path, "shutil.copy(reference, out)")).transfer(Case("x", case.source, reference))
    np.testing.assert_array_equal(result, eight)


def test_a_command_is_split_as_a_shell_splits_it_but_never_run_by_one(tmp_path: Path, case: Case):
    path = program(tmp_path, "assert sys.argv[1] == '$HOME; touch it'; shutil.copy(source, out)")[1]
    contestant = registry.create(f"external:{sys.executable} '{path}' '$HOME; touch it'")
    assert contestant.name == f"external:{Path(sys.executable).name}"
    assert contestant.transfer(case).shape == case.source.image.shape


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("print('x' * 9000); sys.exit('no GPU here')", "exit code 0, got 1; it said: x+\nno GPU here"),
        ("pass", "got no file"),
        ("from PIL import Image; Image.open(source).resize((32, 32)).save(out)", r"size \(320, 320\), got \(32, 32\)"),
        ("time.sleep(60)", "within 1 s"),
    ],
    ids=["exit", "no file", "size", "hang"],
)
def test_failures_say_what_went_wrong_and_leave_nothing(body: str, said: str, tmp_path: Path, folder: Path, case: Case):
    with pytest.raises(CommandError, match=said) as caught:
        External(program(tmp_path, body), name="mine", timeout=1).transfer(case)
    assert caught.value.command == "mine"
    assert len(caught.value.tail) <= 2000
    assert list(folder.iterdir()) == []


def test_what_the_program_started_ends_with_it(tmp_path: Path, case: Case):
    child = tmp_path / "child.txt"
    sleeps = "import time; time.sleep(60)"
    body = f"""import subprocess
child = subprocess.Popen([sys.executable, "-c", {sleeps!r}])
Path({str(child)!r}).write_text(str(child.pid))
{sleeps}
"""
    with pytest.raises(CommandError, match="within"):
        External(program(tmp_path, body), timeout=3).transfer(case)
    number = int(child.read_text())
    for _ in range(50):
        if not _runs(number):
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")


def _runs(number: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False).stdout.strip()
    return bool(state) and not state.startswith("Z")


def test_an_unreadable_result_is_an_error_of_pictures(tmp_path: Path, case: Case):
    with pytest.raises(UnreadableImageError):
        External(program(tmp_path, "Path(out).write_text('no picture')")).transfer(case)


def test_a_program_that_is_not_there_is_refused_before_there_are_cases(tmp_path: Path):
    no_program = tmp_path / "notes.txt"
    no_program.write_text("nobody may run this")
    for program in ("no/such/program", "no-such-program", str(no_program)):
        with pytest.raises(MissingPartError, match=f"none called '{program}'"):
            registry.create(f"external:{program} --fast")


def test_a_program_that_cannot_be_started(tmp_path: Path, case: Case):
    empty = tmp_path / "tool"
    empty.write_bytes(b"\x7fELF and no more")
    empty.chmod(0o755)
    with pytest.raises(CommandError, match="a program to start"):
        External([str(empty)]).transfer(case)


def test_commands_that_are_none():
    for command, timeout in (("", 1.0), ("'open", 1.0), ("true", 0.0), ("true", float("nan"))):
        with pytest.raises(UsageError, match="command"):
            External(command, timeout=timeout)
