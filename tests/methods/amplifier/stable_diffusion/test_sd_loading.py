from __future__ import annotations

import json
import pickle
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import huggingface_hub.constants
import numpy as np
import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from safetensors.torch import load_file, save_file
from transformers.models.clip.configuration_clip import CLIPConfig, CLIPTextConfig
from transformers.models.clip.modeling_clip import CLIPModel

from kohl.core.errors import KohlError, MissingExtraError, MissingModelError, UsageError
from kohl.methods.amplifier import stable_diffusion
from kohl.methods.amplifier.stable_diffusion import hub
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.loading import load_backbone
from tiny_diffusion import models


@pytest.fixture
def copy(sd_folder: Path, tmp_path: Path) -> Path:
    """A copy whose files may be broken."""
    return Path(shutil.copytree(sd_folder, tmp_path / "sd"))


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache of the hub."""
    folder = tmp_path / "hub"
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(folder))
    return folder


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def no_network(*_: object, **__: object) -> None:
    raise AssertionError("something tried to reach the network")


def put_in_cache(cache: Path, repo: str, folder: Path) -> None:
    """Lay `folder` out as the hub's cache does."""
    home = cache / f"models--{repo.replace('/', '--')}"
    (home / "refs").mkdir(parents=True)
    (home / "refs/main").write_text("0" * 40)
    shutil.copytree(folder, home / "snapshots" / ("0" * 40))


def test_what_was_saved_is_what_is_loaded(backbone: Backbone):
    loaded = {"unet": backbone.unet, "vae": backbone.vae, "image_encoder": backbone.encoder}
    for name, model in loaded.items():
        assert type(model) is type(models()[name])
        weights = models()[name].state_dict()
        assert all(torch.equal(tensor, weights[key]) for key, tensor in model.state_dict().items())
        assert not model.training
        assert not any(parameter.requires_grad for parameter in model.parameters())


def test_the_backbone_knows_its_sizes(backbone: Backbone):
    assert (backbone.side, backbone.latent_side, backbone.cross_dim, backbone.embedding_dim) == (32, 16, 16, 12)
    assert backbone.controlnet is None


def test_encode_decode_embed_have_the_shapes_and_ranges_they_promise(backbone: Backbone):
    pixels = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    mean, deviation = backbone.encode(pixels)
    assert mean.shape == deviation.shape == (2, 4, 16, 16)
    assert (deviation > 0).all()
    decoded = backbone.decode(mean)
    assert decoded.shape == pixels.shape
    assert 0 <= decoded.min() <= decoded.max() <= 1
    assert backbone.embed(pixels).shape == (2, 12)


def test_latents_are_scaled_as_the_unet_wants_them(backbone: Backbone):
    pixels = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    plain = backbone.vae.encode(2 * pixels - 1).latent_dist.mean
    assert torch.allclose(backbone.encode(pixels)[0], 0.18215 * plain)


def test_loading_reaches_for_no_network(sd_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    load_backbone(sd_folder, controlnet=sd_folder / "controlnet")
    assert capfd.readouterr() == ("", "")


def test_telemetry_is_off_after_loading(backbone: Backbone):
    assert huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY


def test_parts_may_come_from_elsewhere(sd_folder: Path, copy: Path):
    shutil.move(copy / "image_encoder", copy.parent / "encoder")
    backbone = load_backbone(str(copy), image_encoder=copy.parent / "encoder", controlnet=sd_folder / "controlnet")
    assert backbone.controlnet is not None
    assert backbone.source == str(copy)


def test_half_precision_files_serve_where_they_are_all_there_is(copy: Path):
    weights = copy / "unet/diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_name("diffusion_pytorch_model.fp16.safetensors"))
    assert load_backbone(copy).side == 32


def test_sharded_files_serve(copy: Path):
    (copy / "unet/diffusion_pytorch_model.safetensors").unlink()
    models()["unet"].save_pretrained(str(copy / "unet"), max_shard_size="20KB")
    assert len(list((copy / "unet").glob("*-of-*.safetensors"))) > 1
    assert load_backbone(copy).side == 32


def test_a_precision_can_be_chosen(sd_folder: Path):
    backbone = load_backbone(sd_folder, dtype=torch.bfloat16)
    assert backbone.unet.dtype == backbone.vae.dtype == backbone.encoder.dtype == torch.bfloat16


@pytest.mark.parametrize(
    "missing",
    [
        "unet/config.json",
        "unet/diffusion_pytorch_model.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
        "scheduler/scheduler_config.json",
        "image_encoder/model.safetensors",
    ],
)
def test_a_missing_file_is_named(copy: Path, missing: str):
    (copy / missing).unlink()
    with pytest.raises(MissingModelError, match=f"expected .*{missing}"):
        load_backbone(copy)


def test_a_missing_image_encoder_is_named(copy: Path):
    shutil.rmtree(copy / "image_encoder")
    with pytest.raises(MissingModelError, match=r"image_encoder.*config\.json, model\.safetensors"):
        load_backbone(copy)


@pytest.mark.parametrize(("part", "stem"), [("unet", "diffusion_pytorch_model"), ("image_encoder", "pytorch_model")])
def test_pickles_are_refused(copy: Path, part: str, stem: str):
    for weights in (copy / part).glob("*.safetensors"):
        weights.unlink()
    torch.save(models()[part].state_dict(), copy / part / f"{stem}.bin")
    with pytest.raises(MissingModelError, match=rf"pickles \({stem}\.bin\)"):
        load_backbone(copy)


def test_a_pickle_beside_the_real_file_is_not_opened(copy: Path):
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (print, ("boom",))

    for name in ("diffusion_pytorch_model.bin", "pytorch_model.bin"):
        (copy / "unet" / name).write_bytes(pickle.dumps(Bomb()))
    assert load_backbone(copy).side == 32


def test_a_damaged_file_is_refused(copy: Path):
    weights = copy / "vae/diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(MissingModelError, match=r"vae does not load as a AutoencoderKL"):
        load_backbone(copy)


def test_a_damaged_config_is_refused(copy: Path):
    (copy / "unet/config.json").write_text("{")
    with pytest.raises(MissingModelError, match=r"config\.json cannot be read"):
        load_backbone(copy)


@pytest.mark.parametrize("part", ["unet", "image_encoder"])
def test_weights_that_do_not_fill_the_model_are_refused(copy: Path, part: str):
    """diffusers and transformers would fill the rest with noise, and only warn."""
    (path,) = (copy / part).glob("*.safetensors")
    weights = load_file(path)
    weights.pop(sorted(weights)[0])
    save_file(weights, path, metadata={"format": "pt"})
    with pytest.raises(MissingModelError, match="lacks 1 of the weights"):
        load_backbone(copy)


def test_a_folder_of_another_model_is_refused(sd_folder: Path):
    with pytest.raises(UsageError, match="must describe a CLIPVisionModelWithProjection, got AutoencoderKL"):
        load_backbone(sd_folder, image_encoder=sd_folder / "vae")


@pytest.mark.parametrize(
    ("path", "values", "expected"),
    [
        ("scheduler/scheduler_config.json", {"prediction_type": "v_prediction"}, "predicts noise"),
        ("unet/config.json", {"_class_name": "UNet2DModel"}, "must describe a UNet2DConditionModel"),
        ("image_encoder/config.json", {"architectures": ["CLIPTextModel"]}, "got CLIPTextModel"),
    ],
)
def test_other_architectures_are_refused(copy: Path, path: str, values: dict[str, object], expected: str):
    change(copy / path, **values)
    with pytest.raises(UsageError, match=expected):
        load_backbone(copy)


def test_an_inpainting_unet_is_refused(copy: Path):
    UNet2DConditionModel.from_config(models()["unet"].config, in_channels=9).save_pretrained(str(copy / "unet"))
    with pytest.raises(UsageError, match="a UNet of 4 channels, as its VAE's latent, got 9"):
        load_backbone(copy)


def test_a_whole_clip_serves_as_image_encoder(copy: Path):
    text = CLIPTextConfig(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, vocab_size=10, projection_dim=12)
    whole = CLIPModel(CLIPConfig(text_config=text.to_dict(), vision_config=models()["image_encoder"].config.to_dict(), projection_dim=12))
    whole.save_pretrained(str(copy / "clip"))
    backbone = load_backbone(copy, image_encoder=copy / "clip")
    assert backbone.embedding_dim == 12
    assert torch.equal(backbone.encoder.visual_projection.weight, whole.visual_projection.weight)


def test_a_single_file_is_refused(sd_folder: Path):
    with pytest.raises(UsageError, match="a folder or a hub id, got the file"):
        load_backbone(sd_folder / "unet/config.json")


@pytest.mark.parametrize("source", ["./nowhere", "/nowhere/at/all", "nowhere", "~/nowhere", ""])
def test_a_folder_that_is_not_there_is_said(source: str, cache: Path):
    with pytest.raises(KohlError, match=r"unet/config\.json"):
        load_backbone(source)


def test_a_hub_id_is_looked_up_on_this_machine_only(cache: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    with pytest.raises(MissingModelError, match=r"nor in the hub's cache.*unet/diffusion_pytorch_model\.safetensors.*allow_download=True"):
        load_backbone("owner/stable-diffusion")


def test_a_download_that_fails_is_said(cache: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(socket.socket, "connect", no_network)
    with pytest.raises(MissingModelError, match=r"could not be fetched.*HF_HUB_OFFLINE"):
        load_backbone("owner/stable-diffusion", allow_download=True)


def test_a_hub_id_in_the_cache_loads(sd_folder: Path, cache: Path):
    put_in_cache(cache, "owner/sd", sd_folder)
    backbone = load_backbone("owner/sd", image_encoder="owner/sd/image_encoder", controlnet="owner/sd/controlnet")
    assert backbone.side == 32
    assert backbone.source == "owner/sd"


def test_only_what_is_needed_is_fetched():
    patterns = [pattern for part in (hub.UNET, hub.VAE, hub.SCHEDULER, hub.ENCODER) for pattern in part.patterns()]
    assert "unet/diffusion_pytorch_model.safetensors" in patterns
    assert not [pattern for pattern in patterns if "text_encoder" in pattern or pattern.endswith((".bin", ".ckpt")) or "fp16" in pattern]
    assert "models/image_encoder/model.safetensors" in hub.ENCODER.patterns("models/image_encoder")


def test_the_missing_extra_is_named(sd_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "diffusers.models.unets.unet_2d_condition", None)
    with pytest.raises(MissingExtraError, match=r"pip install \"kohl\[diffusion\]\""):
        load_backbone(sd_folder)


def test_the_package_loads_torch_only_when_something_needs_it():
    code = (
        "import sys; import kohl.methods.amplifier.stable_diffusion as sd; sd.SamplingKnobs, sd.Example\n"
        "assert 'torch' not in sys.modules and 'diffusers' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_is_there():
    assert sorted(stable_diffusion.__all__) == dir(stable_diffusion)
    for name in stable_diffusion.__all__:
        assert getattr(stable_diffusion, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        stable_diffusion.nothing  # noqa: B018


def test_torch_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match="diffusion"):
        stable_diffusion.load_backbone  # noqa: B018


def test_same_picture_same_embedding(backbone: Backbone):
    pixels = torch.from_numpy(np.random.default_rng(0).uniform(0, 1, (1, 3, 32, 32)).astype(np.float32))
    assert torch.equal(backbone.embed(pixels), backbone.embed(pixels))
