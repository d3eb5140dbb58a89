"""One way to name a look: a look, a file, a preset, or words."""

from pathlib import Path

import pytest

from kohl.core.errors import LookFormatError, UnknownNameError, UsageError
from kohl.looks import presets
from kohl.looks.files import save_look
from kohl.looks.resolve import resolve
from kohl.looks.words import parse_words

GOTHIC = presets.load("gothic")


def test_a_look_is_itself():
    assert resolve(GOTHIC) == (GOTHIC, None)


def test_files_by_path_by_name_and_without_an_ending(tmp_path, monkeypatch):
    save_look(GOTHIC * 0.5, tmp_path / "mine.json")
    save_look(GOTHIC * 0.5, tmp_path / "plum eyes")
    monkeypatch.chdir(tmp_path)
    for source in (tmp_path / "mine.json", str(tmp_path / "mine.json"), "mine.json", "plum eyes", Path("plum eyes")):
        assert resolve(source) == (GOTHIC * 0.5, None)


def test_a_file_that_is_not_there_is_a_file_that_is_not_there():
    for source in ("nowhere.json", "Nowhere.JSON", Path("nowhere")):
        with pytest.raises(LookFormatError, match="there is no such file; check the name"):
            resolve(source)


@pytest.mark.parametrize("name", ["gothic", "Gothic", "smoky eye", "90s_nude_lip", "no makeup"])
def test_presets_by_name(name):
    look, result = resolve(name)
    assert look == presets.load(name)
    assert result is None


def test_everything_else_is_words():
    look, result = resolve("smoky plum eyes, matte red lips")
    assert result == parse_words("smoky plum eyes, matte red lips")
    assert look == result.look


@pytest.mark.parametrize("name", ["soft-glan", "gothik", "brick mate"])
def test_nearly_a_preset(name):
    with pytest.raises(UnknownNameError, match=r"unknown look .* did you mean"):
        resolve(name)


def test_neither():
    with pytest.raises(UnknownNameError, match="unknown word"):
        resolve("xyzzy")
    for source in ("x" * 5000, "a\0b", ""):
        with pytest.raises(UsageError):
            resolve(source)
