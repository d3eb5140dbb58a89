"""The examples do what they say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from kohl.api.samples import write_samples

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    pytest.importorskip("skimage", reason="the examples run on scikit-image's sample")
    return write_samples(tmp_path_factory.mktemp("examples"))


def test_three_ways(samples: tuple[Path, ...], tmp_path: Path):
    portrait, _, reference = samples
    runpy.run_path(str(EXAMPLES / "three_ways.py"))["main"](str(portrait), str(reference), str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"words.png", "reference.png", "edited.png"}


def test_threads(samples: tuple[Path, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.jpg").write_bytes(samples[0].read_bytes())
    (photos / "b.jpg").write_bytes(b"not a picture")
    runpy.run_path(str(EXAMPLES / "threads.py"))["main"](str(photos), str(tmp_path / "painted"))
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("a.jpg: 1 faces, lips: ")
    assert second.startswith("b.jpg: ")
    assert (tmp_path / "painted/a.jpg").is_file()
