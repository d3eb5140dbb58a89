"""The tiny network's promises: its size, its shapes, and that its file holds all of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from kohl.core.errors import ModelFormatError, UsageError
from kohl.methods.tinybeauty.card import LearnedLookCard
from kohl.methods.tinybeauty.config import MAX_PARAMETERS, MOBILE, TINY, TinyBeautySpec
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.methods.tinybeauty.model import TinyBeauty, count_macs, count_parameters
from kohl.methods.tinybeauty.onnx_model import model_from_onnx, onnx_from_model


def card(spec: TinyBeautySpec) -> LearnedLookCard:
    return LearnedLookCard(
        name="test",
        description="a test",
        regions=(),
        licence="CC0-1.0",
        training_data="none",
        metrics={},
        spec=spec.as_dict(),
        parameters=1,
        macs=1,
        created_with="kohl test",
        limits="all",
    )


def test_it_keeps_to_its_budget():
    network = TinyBeauty(MOBILE)
    assert count_parameters(network) <= MAX_PARAMETERS
    assert count_macs(network) <= 0.3e9


def test_macs_are_counted_as_by_hand():
    layer = torch.nn.Conv2d(3, 8, 3, stride=2, padding=1, groups=1)
    assert count_macs(torch.nn.Sequential(layer), side=16) == 8 * 8 * 8 * 3 * 3 * 3


@pytest.mark.parametrize("side", [256, 64])
def test_residuals_have_the_crop_s_shape(side: int):
    assert TinyBeauty(TINY)(torch.rand(2, 3, side, side)).shape == (2, 3, side, side)


def test_a_batch_equals_its_singles():
    network = TinyBeauty(TINY).eval()
    crops = torch.rand(3, 3, 64, 64)
    torch.testing.assert_close(network(crops), torch.cat([network(crop[None]) for crop in crops]), atol=1e-6, rtol=1e-4)


def test_no_two_specs_are_equal_and_they_come_back_from_plain_values():
    assert MOBILE != TINY
    for spec in (MOBILE, TINY):
        assert TinyBeautySpec.from_dict(spec.as_dict()) == spec


def test_a_spec_that_cannot_be_is_refused():
    with pytest.raises(UsageError, match="one fewer"):
        TinyBeautySpec(widths=(8, 8))
    with pytest.raises(UsageError, match="depth"):
        TinyBeautySpec.from_dict({"depth": 3})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinyBeauty, Path]:
    torch.manual_seed(0)
    network = TinyBeauty(TINY).eval()
    torch.nn.init.normal_(network.out.weight, std=0.05)
    path = tmp_path_factory.mktemp("model") / "look.onnx"
    path.write_bytes(onnx_from_model(network, card(TINY)))
    return network, path


def test_the_file_computes_what_the_network_does(written: tuple[TinyBeauty, Path]):
    network, path = written
    crop = np.random.default_rng(0).random((256, 256, 3), np.float32)
    wanted = network(torch.from_numpy(crop).permute(2, 0, 1)[None])[0].permute(1, 2, 0).detach().numpy()
    np.testing.assert_allclose(LearnedLook.load(path).residual(crop), wanted, atol=2e-6)


def test_the_network_comes_back_from_its_file(written: tuple[TinyBeauty, Path]):
    network, path = written
    again = model_from_onnx(path)
    assert again.spec == TINY
    for name, value in network.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name


def test_the_file_tells_nothing_of_the_machine_that_wrote_it(written: tuple[TinyBeauty, Path]):
    assert str(Path(__file__).parents[3]).encode() not in written[1].read_bytes()


def test_foreign_files_are_refused(tmp_path: Path, written: tuple[TinyBeauty, Path]):
    (tmp_path / "text.onnx").write_text("no model")
    with pytest.raises(ModelFormatError, match=r"no ONNX|no card"):
        model_from_onnx(tmp_path / "text.onnx")
    model = onnx.load(written[1])
    del model.metadata_props[:]
    onnx.save(model, tmp_path / "bare.onnx")
    with pytest.raises(ModelFormatError, match="no card"):
        model_from_onnx(tmp_path / "bare.onnx")
    model = onnx.load(written[1])
    del model.graph.initializer[0]
    onnx.save(model, tmp_path / "holed.onnx")
    with pytest.raises(ModelFormatError, match="lacks weights"):
        model_from_onnx(tmp_path / "holed.onnx")
