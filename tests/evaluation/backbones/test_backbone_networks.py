"""Every network is loaded from its own format, by path alone, and gives what the library itself gives."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from tiny_networks import LINS, alexnet, save_clip, save_lpips, save_onnx, save_vit
from torchmetrics.functional.image import lpips as reference_lpips

from kohl.core.errors import MissingExtraError, MissingModelError, UsageError
from kohl.evaluation.backbones.crops import aligned_square, as_batch, face_square
from kohl.evaluation.backbones.lpips import Lpips
from kohl.evaluation.backbones.onnx_network import OnnxNetwork
from kohl.evaluation.backbones.transformer import ImageEmbedder, VisionTransformer
from kohl.evaluation.case import Case


@pytest.mark.parametrize("kind", ["dinov2", "vit"])
def test_tokens_and_keys_are_the_library_s(kind: str, tmp_path: Path, case: Case):
    network = VisionTransformer(save_vit(tmp_path, kind))
    found = network.tokens(case.source.image, case.source.face)
    loaded = transformers.AutoModel.from_pretrained(tmp_path, local_files_only=True).eval()
    side = loaded.config.image_size
    mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    pixels = torch.from_numpy(as_batch(face_square(case.source.image, case.source.face, side), mean, deviation))
    with torch.inference_mode():
        output = loaded(pixel_values=pixels, output_hidden_states=True)
    np.testing.assert_allclose(found.cls, output.last_hidden_state[0, 0].numpy(), atol=1e-5)
    assert found.keys.shape == (1 + (side // loaded.config.patch_size) ** 2, 32)
    last = [module for name, module in loaded.named_modules() if name.endswith(("k_proj", ".key"))][-1]
    layer = [module for name, module in loaded.named_modules() if name.endswith(("norm1", "layernorm_before"))][-1]
    with torch.inference_mode():
        np.testing.assert_allclose(found.keys, last(layer(output.hidden_states[-2]))[0].numpy(), atol=1e-4)


def test_embeddings_are_clip_s_and_the_folder_s_own_preparation_counts(tmp_path: Path, case: Case):
    save_clip(tmp_path)
    plain = ImageEmbedder(tmp_path).embed(case.source.image, case.source.face)
    (tmp_path / "preprocessor_config.json").write_text('{"crop_size": {"height": 32, "width": 32}, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}')
    found = ImageEmbedder(tmp_path).embed(case.source.image, case.source.face)
    loaded = transformers.CLIPVisionModelWithProjection.from_pretrained(tmp_path, local_files_only=True).eval()
    pixels = torch.from_numpy(as_batch(face_square(case.source.image, case.source.face, 32), (0, 0, 0), (1, 1, 1)))
    with torch.inference_mode():
        np.testing.assert_allclose(found, loaded(pixel_values=pixels).image_embeds[0].numpy(), atol=1e-5)
    assert abs(plain - found).max() > 1e-3


def test_lpips_is_torchmetrics_(tmp_path: Path, case: Case, monkeypatch: pytest.MonkeyPatch):
    # Torchvision, from which it takes the layers, is not needed for them: they are the same list.
    monkeypatch.setattr(reference_lpips, "_get_tv_model_features", lambda net, pretrained=False: alexnet())
    theirs = reference_lpips._LPIPS(pretrained=False, net="alex", pnet_rand=True)
    rng = torch.Generator().manual_seed(5)
    for lin, count in zip(theirs.lins, LINS, strict=True):
        lin.model[1].weight = torch.nn.Parameter(torch.rand(1, count, 1, 1, generator=rng))
    ours = Lpips(save_lpips(tmp_path / "alex.safetensors"))
    first, second = case.source.image, case.reference.image
    pair = (torch.from_numpy(image.transpose(2, 0, 1)[None].copy()) for image in (first, second))
    with torch.inference_mode():
        expected = float(theirs(*pair, normalize=True))
    assert expected > 0.01
    assert ours.distance(first, second) == pytest.approx(expected, rel=1e-4)
    assert ours.distance(first, first) == 0
    with pytest.raises(UsageError, match="of one shape"):
        ours.distance(first, second[1:])


@pytest.mark.parametrize("side", [8, "side"])
def test_an_onnx_network_gets_rgb_from_minus_one_to_one(side: int | str, tmp_path: Path):
    network = OnnxNetwork(save_onnx(tmp_path / "tiny.onnx", side=side), 16)
    assert network.side == (8 if side == 8 else 16)
    rng = np.random.default_rng(1)
    pixels = np.repeat(np.repeat(rng.random((8, 8, 3)), network.side // 8, 0), network.side // 8, 1).astype(np.float32)
    weights = np.random.default_rng(3).normal(0, 1, (3 * 64, 6)).astype(np.float32)
    if network.side == 8:
        np.testing.assert_allclose(network.vector(pixels), (pixels * 2 - 1).transpose(2, 0, 1).ravel() @ weights, rtol=1e-4, atol=1e-4)
    assert network.vector(pixels).shape == (6,)


def test_recognition_s_crop_puts_the_eyes_where_arcface_wants_them(case: Case):
    image = np.zeros_like(case.source.image)
    right, left = (case.source.face.points[list(pair), :2].mean(0).astype(int) for pair in ((33, 133), (362, 263)))
    for x, y in (right, left):
        image[y - 1 : y + 2, x - 1 : x + 2] = 1
    crop = aligned_square(image, case.source.face, 112)[..., 0]
    rows, columns = np.nonzero(crop > 0.2)
    assert abs(rows.mean() - 51.6) < 6
    assert abs(columns[columns < 56].mean() - 38.3) < 6
    assert abs(columns[columns > 56].mean() - 73.5) < 6


def test_what_is_no_network_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "config.json").write_text("{}")
    for make in (VisionTransformer, ImageEmbedder):
        with pytest.raises(MissingModelError, match=r"config\.json"):
            make(tmp_path / "nowhere")
        with pytest.raises(MissingModelError, match="transformers loads"):
            make(tmp_path)
    (tmp_path / "text.onnx").write_text("no network")
    with pytest.raises(MissingModelError, match="onnxruntime refuses"):
        OnnxNetwork(tmp_path / "text.onnx", 8)
    with pytest.raises(MissingModelError, match="no such file"):
        OnnxNetwork(tmp_path / "none.onnx", 8)
    with pytest.raises(MissingModelError, match="no such file"):
        Lpips(tmp_path / "none.safetensors")
    with pytest.raises(MissingModelError, match=r"without lin3\.model\.1\.weight"):
        Lpips(save_lpips(tmp_path / "half.safetensors", without="lin3.model.1.weight"))
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingExtraError, match="diffusion"):
        VisionTransformer(tmp_path)


def test_a_network_without_attention_is_no_vision_transformer(tmp_path: Path):
    torch.manual_seed(0)
    config = transformers.ResNetConfig(embedding_size=8, hidden_sizes=[8, 8], depths=[1, 1])
    transformers.utils.logging.disable_progress_bar()
    transformers.ResNetModel(config).save_pretrained(tmp_path)
    with pytest.raises(MissingModelError, match="attention keys"):
        VisionTransformer(tmp_path)
