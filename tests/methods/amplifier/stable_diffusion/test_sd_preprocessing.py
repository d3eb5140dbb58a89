from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from kohl.core.errors import MissingModelError
from kohl.methods.amplifier.stable_diffusion.preprocessing import CLIP_MEAN, CLIP_STD, Preprocessing, read_preprocessing


def stored(folder: Path, **values: object) -> Path:
    config = {"size": 30, "crop_size": 24, "image_mean": list(CLIP_MEAN), "image_std": list(CLIP_STD)}
    (folder / "preprocessor_config.json").write_text(json.dumps(config | values))
    return folder


@pytest.mark.parametrize("side", [90, 24, 17])
def test_it_agrees_with_the_librarys_processor(side: int):
    rng = np.random.default_rng(0)
    # Soft pictures, as faces are: on pure noise the processor's clipping to 8 bits says more than its arithmetic.
    coarse = PillowImage.fromarray(rng.integers(0, 255, (8, 8, 3), np.uint8))
    picture = np.asarray(coarse.resize((side, side), PillowImage.Resampling.BILINEAR))
    processor = CLIPImageProcessorPil(size={"shortest_edge": 30}, crop_size={"height": 24, "width": 24})
    expected = torch.from_numpy(np.asarray(processor(PillowImage.fromarray(picture), return_tensors="np")["pixel_values"]))
    pixels = torch.from_numpy(picture.astype(np.float32) / 255).permute(2, 0, 1)[None]
    ours = Preprocessing(30, 24)(pixels)
    assert ours.shape == expected.shape == (1, 3, 24, 24)
    # It rounds to 8 bits after each of its two passes; a step of 1/255 is 0.015 in its units.
    assert (ours - expected).abs().max() < 0.03


def test_neutral_becomes_nothing():
    look = Preprocessing(24, 24)
    assert look(look.neutral(torch.device("cpu")).expand(1, 3, 24, 24)).abs().max() < 1e-6


def test_without_a_file_clips_own_numbers_hold(tmp_path: Path):
    assert read_preprocessing(tmp_path, image_side=24) == Preprocessing(24, 24, CLIP_MEAN, CLIP_STD)


@pytest.mark.parametrize("size", [30, {"shortest_edge": 30}, {"height": 30, "width": 30}])
def test_the_file_is_read_in_its_old_and_new_forms(tmp_path: Path, size: object):
    read = read_preprocessing(stored(tmp_path, size=size, image_mean=[0.5, 0.5, 0.5]), image_side=24)
    assert read == Preprocessing(30, 24, (0.5, 0.5, 0.5), CLIP_STD)


def test_a_file_of_another_encoder_is_refused(tmp_path: Path):
    with pytest.raises(MissingModelError, match="cuts pictures to 24 pixels, its encoder expects 32"):
        read_preprocessing(stored(tmp_path), image_side=32)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"size": "big"}'])
def test_a_damaged_file_is_refused(tmp_path: Path, text: str):
    (tmp_path / "preprocessor_config.json").write_text(text)
    with pytest.raises(MissingModelError, match="is not the configuration of a CLIP image processor"):
        read_preprocessing(tmp_path, image_side=24)
