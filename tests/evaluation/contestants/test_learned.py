"""A learned look takes part like a method: its real file, its real network, measured against the truth that it makes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drawn import FixedDetector, draw
from kohl.core.errors import InputError, MissingModelError
from kohl.evaluation.case import Case, Portrait
from kohl.evaluation.contestants.learned import LearnedContestant
from kohl.evaluation.entries import entries_for
from kohl.faces.analyzer import Analyzer


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(MissingModelError, match=r"mine\.onnx"):
        LearnedContestant(tmp_path / "mine.onnx")


def test_a_learned_look_is_put_on_the_source(tmp_path: Path):
    pytest.importorskip("kohl.methods.tinybeauty.learned", reason="there are no learned looks here")
    pytest.importorskip("onnx", reason="the look is written down with onnx")
    learned_looks = pytest.importorskip("learned_looks")
    (tmp_path / "tint.onnx").write_bytes(learned_looks.tint_look())
    (tmp_path / "broken.onnx").write_bytes(b"no network")
    (entry,) = entries_for([], [tmp_path / "tint.onnx"])
    assert (entry.name, len(entry.version)) == ("tint", 16)
    drawing = draw((320, 320))
    source = Portrait("a", drawing.image, Analyzer(detector=FixedDetector(drawing.points)).analyze(drawing.image)[0])
    result = entry.make().transfer(Case("c", source, source))
    assert (result.shape, result.dtype) == (drawing.image.shape, np.float32)
    assert (result[160, 160] - drawing.image[160, 160])[0] > 0.05
    np.testing.assert_array_equal(result[:4], drawing.image[:4])
    with pytest.raises(InputError):
        entries_for([], [tmp_path / "broken.onnx"])
