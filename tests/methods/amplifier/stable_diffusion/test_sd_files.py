from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from kohl.core.errors import MissingModelError, OutputExistsError, UsageError
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.config import TINY
from kohl.methods.amplifier.stable_diffusion.files import load_amplifier, save_amplifier
from kohl.methods.amplifier.stable_diffusion.model import Amplifier
from tiny_diffusion import Fresh


@pytest.fixture
def amplifier(backbone: Backbone) -> Amplifier:
    made = Amplifier(backbone, TINY, seed=4)
    generator = torch.Generator().manual_seed(0)
    for parameter in made.trainable().values():
        parameter.data += 0.3 * torch.randn(parameter.shape, generator=generator)
    return made


@pytest.fixture
def saved(amplifier: Amplifier, tmp_path: Path) -> Path:
    save_amplifier(amplifier, tmp_path / "look.safetensors")
    return tmp_path / "look.safetensors"


def answer(amplifier: Amplifier) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    noisy, content, style = torch.randn(1, 4, 16, 16, generator=generator), *torch.randn(2, 1, 12, generator=generator)
    return amplifier.predict(noisy, torch.tensor([9]), amplifier.context(content, style), lora_scale=0.9)


def test_what_is_saved_answers_the_same_on_a_fresh_backbone(amplifier: Amplifier, saved: Path, fresh: Fresh):
    loaded = load_amplifier(saved, fresh())
    assert loaded.config == TINY
    assert torch.equal(answer(loaded), answer(amplifier))


def test_the_file_holds_lora_and_projector_alone(saved: Path, backbone: Backbone):
    names = set(load_file(saved))
    assert all("lora_" in name or name.startswith("projector.") for name in names)
    assert saved.stat().st_size < 40_000


def test_its_lora_is_one_that_diffusers_reads(amplifier: Amplifier, saved: Path, fresh: Fresh):
    unet = fresh().unet
    lora = {name.removeprefix("unet."): tensor for name, tensor in load_file(saved).items() if name.startswith("unet.")}
    unet.load_lora_adapter(lora, prefix=None)
    noisy, context = torch.ones(1, 4, 16, 16), torch.ones(1, 3, 16)
    # Without our spec peft takes alpha = rank, which is what TINY has.
    assert torch.allclose(unet(noisy, 5, context).sample, amplifier.predict(noisy, torch.tensor(5), context), atol=1e-5)


def test_an_existing_file_is_kept(amplifier: Amplifier, saved: Path):
    with pytest.raises(OutputExistsError):
        save_amplifier(amplifier, saved)
    save_amplifier(amplifier, saved, force=True)


def test_a_missing_file_is_said(tmp_path: Path, backbone: Backbone):
    with pytest.raises(MissingModelError, match=r"expected a safetensors file at .*none\.safetensors"):
        load_amplifier(tmp_path / "none.safetensors", backbone)


@pytest.mark.parametrize("is_zip", [True, False])
def test_a_pickle_is_refused_whatever_its_name(tmp_path: Path, backbone: Backbone, is_zip: bool):
    path = tmp_path / "look.safetensors"
    torch.save({"a": torch.ones(1)}, path, _use_new_zipfile_serialization=is_zip)
    with pytest.raises(MissingModelError, match="is a pickle"):
        load_amplifier(path, backbone)


@pytest.mark.parametrize("keep", [0, 4, 100, -10])
def test_a_damaged_file_is_refused(saved: Path, fresh: Fresh, keep: int):
    saved.write_bytes(saved.read_bytes()[:keep])
    with pytest.raises(MissingModelError, match="not a whole safetensors file"):
        load_amplifier(saved, fresh())


def test_another_safetensors_file_is_refused(sd_folder: Path, backbone: Backbone):
    with pytest.raises(UsageError, match="was not written by kohl"):
        load_amplifier(sd_folder / "unet/diffusion_pytorch_model.safetensors", backbone)


def test_another_backbones_file_is_refused_and_leaves_the_backbone_free(saved: Path, fresh: Fresh, tmp_path: Path):
    weights = load_file(saved)
    name = "projector.linear.weight"
    meta = {"format": "kohl.stable_diffusion_amplifier.1", "config": {"num_tokens": 4, "lora_rank": 2, "lora_alpha": 2.0}}
    save_file(weights | {name: torch.zeros(64, 99)}, tmp_path / "other.safetensors", metadata={"kohl": json.dumps(meta)})
    backbone = fresh()
    with pytest.raises(UsageError, match=r"1 of its tensors differ, first projector\.linear\.weight, expected \(64, 12\), got \(64, 99\)"):
        load_amplifier(tmp_path / "other.safetensors", backbone)
    load_amplifier(saved, backbone)


def test_weights_that_do_not_fit_change_nothing(amplifier: Amplifier):
    before = answer(amplifier)
    with pytest.raises(UsageError, match="tensors differ"):
        amplifier.load_weights({"projector.norm.weight": torch.zeros(16)}, source="half a file")
    assert torch.equal(answer(amplifier), before)


def test_another_rank_is_another_amplifier(amplifier: Amplifier, fresh: Fresh):
    larger = Amplifier(fresh(), replace(TINY, lora_rank=3))
    with pytest.raises(UsageError, match="lora_A"):
        larger.load_weights(amplifier.trainable(), source="rank 2")
