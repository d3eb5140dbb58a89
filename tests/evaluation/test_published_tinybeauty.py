"""The yardstick has the size that the paper's own network has, learns like any other network, and says the same as ONNX."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs kohl[train]")

import onnxruntime  # noqa: E402

import published_tinybeauty as published  # noqa: E402


def convolutions(model: torch.nn.Module) -> list[torch.nn.Conv2d]:
    return [part for part in model.modules() if isinstance(part, torch.nn.Conv2d)]


def test_it_has_the_published_number_of_parameters_and_convolutions():
    model = published.PublishedTinyBeauty()
    assert sum(weights.numel() for weights in model.parameters()) == published.PARAMETERS == 85_227
    assert len(convolutions(model)) == 14


def test_it_has_the_published_number_of_multiplications():
    model, macs = published.PublishedTinyBeauty(), []

    def count(conv: torch.nn.Conv2d, _: object, output: torch.Tensor) -> None:
        macs.append(conv.weight.numel() * output.shape[2] * output.shape[3])

    for conv in convolutions(model):
        conv.register_forward_hook(count)
    with torch.no_grad():
        model(torch.zeros(1, 3, published.SIDE, published.SIDE))
    assert sum(macs) == published.MACS
    assert sum(macs) == pytest.approx(1.48e9, rel=0.01)


@pytest.mark.parametrize("size", [(64, 64), (32, 48)])
def test_a_crop_gives_a_residual_of_its_size(size: tuple[int, int]):
    with torch.no_grad():
        residual = published.PublishedTinyBeauty()(torch.rand(2, 3, *size))
    assert residual.shape == (2, 3, *size)
    assert residual.abs().max() <= 1


def test_pictures_of_a_batch_do_not_see_each_other():
    model, crops = published.PublishedTinyBeauty().eval(), torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        together, alone = model(crops), torch.cat([model(crop[None]) for crop in crops])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def test_fusions_are_normed_over_the_whole_feature():
    fusion = published.Fusion(24)
    with torch.no_grad():
        normed = fusion.conv[1](fusion.conv[0](fusion.larger(torch.randn(1, 48, 8, 8))))
    assert float(normed.mean()) == pytest.approx(0, abs=1e-5)
    assert float(normed.var(correction=0)) == pytest.approx(1, abs=1e-2)
    assert float(normed.mean(dim=(0, 2, 3)).abs().max()) > 1e-3, "channel by channel it is not"


def test_it_learns():
    torch.manual_seed(0)
    model, crop = published.PublishedTinyBeauty(), torch.rand(1, 3, 32, 32)
    truth = 0.2 * torch.ones_like(crop)
    adam, losses = torch.optim.Adam(model.parameters(), 2e-3), []
    for _ in range(20):
        loss = (model(crop) - truth).abs().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.6 * losses[0]
    assert all(weights.grad is not None for weights in model.parameters())


def test_the_exported_network_says_the_same(tmp_path: Path):
    torch.manual_seed(1)
    model = published.PublishedTinyBeauty().eval()
    path = published.export(tmp_path / "published.onnx", side=64, model=model)
    crop = torch.rand(1, 3, 64, 64)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (residual,) = session.run(["residual"], {"crop": crop.numpy()})
    with torch.no_grad():
        np.testing.assert_allclose(residual, model(crop).numpy(), atol=2e-4)
