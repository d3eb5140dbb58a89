from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from drawn import Drawing, FixedDetector
from kohl.core.errors import ParityError, UsageError
from kohl.export import crops
from kohl.export.formats import PROMISES, Format, Promise
from kohl.export.parity import check_parity, compare
from kohl.faces.analyzer import Analyzer

CROPS = crops.trial_crops(each=1)


def test_the_crops_are_seeded_pictures_of_three_kinds():
    assert CROPS.shape == (3, 1, 3, 256, 256)
    assert CROPS.dtype == np.float32
    assert CROPS.min() >= 0
    assert CROPS.max() <= 1
    np.testing.assert_array_equal(CROPS, crops.trial_crops(each=1))
    assert (crops.trial_crops(each=1, seed=1) != CROPS).any()
    smooth, edges, _ = (np.abs(np.diff(crop, axis=-1)).max() for crop in CROPS)
    assert smooth < 0.1 < edges


def test_differences_are_those_that_were_made():
    parity = compare(lambda crop: crop, lambda crop: crop + np.float32(0.1) * (crop == crop.max()), CROPS, against="torch")
    assert parity.largest == pytest.approx(0.1, abs=1e-6)
    assert 0 < parity.mean < 0.01
    assert parity.crops == 3
    shifted = compare(lambda crop: crop, lambda crop: crop + np.float32(0.01), CROPS, against="torch")
    assert shifted.psnr == pytest.approx(40, abs=0.01)
    assert shifted.mean == pytest.approx(0.01, abs=1e-6)


def test_the_same_numbers_have_no_psnr():
    parity = compare(lambda crop: crop, lambda crop: crop, CROPS, against="torch")
    assert (parity.largest, parity.mean, parity.psnr) == (0, 0, None)
    assert "identical" in str(parity)


@pytest.mark.parametrize("wrong", [lambda crop: crop[:, :, ::2], lambda crop: crop * np.float32("nan")])
def test_what_is_no_residual_is_refused(wrong: object):
    with pytest.raises(ParityError):
        compare(lambda crop: crop, wrong, CROPS, against="torch")  # type: ignore[arg-type]


def test_both_bounds_are_held():
    parity = compare(lambda crop: crop, lambda crop: crop + np.float32(0.01), CROPS, against="torch")
    check_parity(parity, Promise("", 0.02, 0.02), name="a")
    for promise in (Promise("", 0.005, 0.02), Promise("", 0.02, 0.005)):
        with pytest.raises(ParityError, match="expected a to be within"):
            check_parity(parity, promise, name="a")


def test_every_format_has_a_promise():
    assert set(PROMISES) == set(Format)
    assert all(promise.mean < promise.largest for promise in PROMISES.values())


def test_the_faces_of_a_folder_are_cut_out(drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crops, "Analyzer", lambda: Analyzer(detector=FixedDetector(drawing.points)))
    PillowImage.fromarray(np.round(drawing.image * 255).astype(np.uint8)).save(tmp_path / "face.png")
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("no picture")
    cut = crops.faces_in(tmp_path)
    assert cut.shape == (1, 1, 3, 256, 256)
    # The drawn lips are the reddest part in the lower half of the crop's middle.
    assert cut[0, 0, 0, 150:200, 100:156].mean() > cut[0, 0, 2, 150:200, 100:156].mean() + 0.1


def test_a_folder_without_faces_is_refused(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="photos of faces"):
            crops.faces_in(folder)
