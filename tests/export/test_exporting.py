from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from twins import BACK, WEIGHTS, Twin

from kohl.core.errors import MissingExtraError, OutputError, OutputExistsError, ParityError, UsageError
from kohl.core.region import Region
from kohl.export import exporting, original, smaller_onnx
from kohl.export.exporting import export_look
from kohl.export.formats import PROMISES, Format
from kohl.export.original import original_network, run_onnx
from kohl.methods.tinybeauty.joining import join
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.methods.tinybeauty.shipped import names as shipped_names
from kohl.methods.tinybeauty.spelling import parse_learned
from learned_looks import card, tint_look

Rebuilt = Callable[[torch.nn.Module], None]


@pytest.fixture(autouse=True)
def _torch_has_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks made by hand are none that kohl's own model can rebuild; tests that want torch say so with `rebuilt`."""
    monkeypatch.setitem(sys.modules, "kohl.methods.tinybeauty.onnx_model", None)


@pytest.mark.parametrize("export_format", [Format.ONNX, Format.ONNX_FP16, Format.ONNX_INT8])
def test_onnx_formats_are_learned_looks_that_keep_their_promise(export_format: Format, look: LearnedLook, tmp_path: Path):
    output = tmp_path / "out.onnx"
    report = export_look(look, output, export_format)
    assert report.parity is not None
    assert report.parity.against == "onnxruntime"
    assert report.parity.largest <= PROMISES[export_format].largest
    assert report.bytes == output.stat().st_size
    assert report.milliseconds is not None
    assert report.milliseconds > 0
    written = LearnedLook.load(output)
    assert written.card == look.card
    crop = np.random.default_rng(3).random((256, 256, 3), np.float32)
    assert np.abs(written.residual(crop) - look.residual(crop)).max() <= PROMISES[export_format].largest
    assert (written.data == look.data) == (export_format is Format.ONNX)


def test_smaller_formats_hold_smaller_numbers(look: LearnedLook, tmp_path: Path):
    kinds = {}
    for export_format in (Format.ONNX_FP16, Format.ONNX_INT8):
        export_look(look, tmp_path / f"{export_format}.onnx", export_format)
        kinds[export_format] = {tensor.data_type for tensor in onnx.load(tmp_path / f"{export_format}.onnx").graph.initializer}
    assert onnx.TensorProto.FLOAT16 in kinds[Format.ONNX_FP16]
    assert onnx.TensorProto.FLOAT not in kinds[Format.ONNX_FP16]
    assert onnx.TensorProto.INT8 in kinds[Format.ONNX_INT8]


@pytest.mark.parametrize("name", ["gothic", *(pytest.param(name, marks=pytest.mark.slow) for name in sorted(set(shipped_names()) - {"gothic"}))])
def test_every_shipped_look_goes_into_8_bits(name: str, tmp_path: Path):
    shipped = parse_learned(f"learned/{name}")
    assert isinstance(shipped, LearnedLook)
    report = export_look(shipped, tmp_path / "out.onnx", Format.ONNX_INT8)
    assert report.parity is not None
    assert report.parity.mean < 0.0005
    assert report.bytes < len(shipped.data) * 0.4


def test_weights_of_8_bits_are_within_half_a_step_of_their_channel(look: LearnedLook):
    smaller = {
        tensor.name: onnx.numpy_helper.to_array(tensor)
        for tensor in onnx.load_from_string(smaller_onnx.eight_bit_weights(look.data)).graph.initializer
    }
    for name, weight in (("weights", WEIGHTS), ("back", BACK)):
        assert name not in smaller
        whole, step = smaller[f"{name}_whole"], smaller[f"{name}_step"]
        assert whole.dtype == np.int8
        assert step.shape == (len(weight), 1, 1, 1)
        assert (np.abs(whole * step - weight) <= step * 0.501).all()


def test_a_channel_of_nothing_stays_nothing():
    empty = LearnedLook.from_bytes(tint_look(matrix=[[0.1, 0, 0], [0, 0, 0], [0, 0, 0.2]]))
    smaller = LearnedLook.from_bytes(smaller_onnx.eight_bit_weights(empty.data))
    crop = np.random.default_rng(4).random((256, 256, 3), np.float32)
    np.testing.assert_allclose(smaller.residual(crop), empty.residual(crop), atol=1e-6)


@pytest.mark.parametrize("before", [Format.ONNX_FP16, Format.ONNX_INT8])
def test_what_is_smaller_already_is_not_called_8_bits(before: Format, look: LearnedLook, tmp_path: Path):
    export_look(look, tmp_path / "small.onnx", before)
    with pytest.raises(UsageError, match="export the original"):
        export_look(LearnedLook.load(tmp_path / "small.onnx"), tmp_path / "out.onnx", Format.ONNX_INT8)
    assert not (tmp_path / "out.onnx").exists()


def test_own_photos_are_compared_on_too(look: LearnedLook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    own = np.full((2, 1, 3, 256, 256), 0.5, np.float32)
    monkeypatch.setattr(exporting.crops, "faces_in", lambda folder: own if folder == tmp_path else None)
    report = export_look(look, tmp_path / "out.onnx", Format.ONNX_INT8, calibration=tmp_path)
    assert report.parity is not None
    assert report.parity.crops == 18 + len(own)


def test_torch_is_what_is_compared_with_where_it_can_be(look: LearnedLook, rebuilt: Rebuilt, tmp_path: Path):
    rebuilt(Twin())
    report = export_look(look, tmp_path / "out.onnx", Format.ONNX)
    assert report.parity is not None
    assert report.parity.against == "torch"
    assert report.parity.largest < 1e-5


@pytest.mark.parametrize("export_format", [Format.ONNX, Format.ONNX_FP16, Format.ONNX_INT8, Format.WEB])
def test_other_numbers_no_file(export_format: Format, look: LearnedLook, rebuilt: Rebuilt, tmp_path: Path):
    rebuilt(Twin(off=0.1))
    output = tmp_path / f"out{PROMISES[export_format].suffix}"
    with pytest.raises(ParityError, match="nothing was written") as caught:
        export_look(look, output, export_format)
    assert caught.value.difference == pytest.approx(0.1, abs=0.03)
    assert list(tmp_path.iterdir()) == []


def test_a_conversion_that_spoils_the_numbers_is_refused(look: LearnedLook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting.smaller_onnx, "half_precision", lambda data: tint_look())
    with pytest.raises(ParityError):
        export_look(look, tmp_path / "out.onnx", Format.ONNX_FP16)
    assert not (tmp_path / "out.onnx").exists()


def test_web_is_a_folder_that_says_everything(look: LearnedLook, tmp_path: Path):
    report = export_look(look, tmp_path / "page", Format.WEB)
    assert {path.name for path in (tmp_path / "page").iterdir()} == {"look.onnx", "manifest.json", "README.md"}
    manifest = json.loads((tmp_path / "page/manifest.json").read_text())
    model = (tmp_path / "page" / manifest["model"]["file"]).read_bytes()
    assert model == look.data
    assert manifest["model"]["sha256"] == hashlib.sha256(model).hexdigest()
    assert manifest["model"]["bytes"] == len(model)
    assert (manifest["input"]["name"], manifest["input"]["shape"]) == ("crop", [1, 3, 256, 256])
    assert manifest["card"] == json.loads(look.card.to_json())
    page = (tmp_path / "page/README.md").read_text()
    assert len(page.splitlines()) <= 20
    assert "http:" not in page
    assert "https:" not in page
    assert report.bytes == sum(path.stat().st_size for path in (tmp_path / "page").iterdir())


def test_nothing_is_replaced_without_force(look: LearnedLook, tmp_path: Path):
    file, folder = tmp_path / "out.onnx", tmp_path / "page"
    file.write_bytes(b"mine")
    folder.mkdir()
    (folder / "holiday.jpg").write_bytes(b"mine")
    for output, export_format in ((file, Format.ONNX), (folder, Format.WEB)):
        with pytest.raises(OutputExistsError):
            export_look(look, output, export_format)
    assert file.read_bytes() == b"mine"
    export_look(look, file, Format.ONNX, force=True)
    assert LearnedLook.load(file).sha256 == look.sha256


def test_force_replaces_an_export_but_never_another_folder(look: LearnedLook, tmp_path: Path):
    page, holiday = tmp_path / "page", tmp_path / "holiday"
    export_look(look, page, Format.WEB)
    (page / "old.txt").write_text("old")
    export_look(look, page, Format.WEB, force=True)
    assert not (page / "old.txt").exists()
    holiday.mkdir()
    with pytest.raises(OutputError, match="not a folder that kohl export wrote"):
        export_look(look, holiday, Format.WEB, force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["holiday", "page"]


def test_a_folder_that_cannot_be_finished_leaves_the_old_one(look: LearnedLook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = tmp_path / "page"
    export_look(look, page, Format.WEB)
    before = (page / "manifest.json").read_bytes()

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(original, "torch_module", lambda look: (_ for _ in ()).throw(MissingExtraError("x", "train")))
    with pytest.raises(OutputError, match="No space left"):
        export_look(look, page, Format.WEB, force=True)
    assert (page / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["page"]


@pytest.mark.parametrize(
    ("name", "export_format", "told"),
    [("out.png", Format.ONNX, r"ends in \.onnx"), ("out.onnx", Format.TFLITE, r"ends in \.tflite"), ("out", Format.COREML, r"ends in \.mlpackage")],
)
def test_another_formats_ending_is_refused(name: str, export_format: Format, told: str, look: LearnedLook, tmp_path: Path):
    with pytest.raises(UsageError, match=told):
        export_look(look, tmp_path / name, export_format)


def test_what_makes_no_sense_is_refused(look: LearnedLook, tmp_path: Path):
    with pytest.raises(UsageError, match="several put together"):
        export_look(join({Region.LIPS: look}), tmp_path / "out.onnx", Format.ONNX)
    with pytest.raises(UsageError, match="calibration is for onnx-int8"):
        export_look(look, tmp_path / "out.onnx", Format.ONNX_FP16, calibration=tmp_path)
    with pytest.raises(UsageError, match="found none in"):
        export_look(look, tmp_path / "out.onnx", Format.ONNX_INT8, calibration=tmp_path)
    with pytest.raises(OutputError, match="does not exist"):
        export_look(look, tmp_path / "no/out.onnx", Format.ONNX)
    with pytest.raises(OutputError, match="does not exist"):
        export_look(look, tmp_path / "no/page", Format.WEB)


def test_without_torch_the_original_is_run_by_onnxruntime(look: LearnedLook):
    network, against = original_network(look)
    crop = np.random.default_rng(0).random((1, 3, 256, 256), np.float32)
    assert against == "onnxruntime"
    np.testing.assert_array_equal(network(crop), run_onnx(look.data, source="x")(crop))


@pytest.mark.parametrize("export_format", [Format.ONNX_FP16, Format.ONNX_INT8])
def test_without_onnx_the_extra_is_named(export_format: Format, look: LearnedLook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingExtraError, match=r"kohl\[train\]"):
        export_look(look, tmp_path / "out.onnx", export_format)


@pytest.mark.slow
@pytest.mark.parametrize("export_format", [Format.ONNX, Format.ONNX_FP16, Format.ONNX_INT8, Format.WEB])
def test_the_network_that_kohl_learns_is_exported_and_compared_with_torch(export_format: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    from kohl.methods.tinybeauty.config import TINY  # noqa: PLC0415  brings torch's exporter
    from kohl.methods.tinybeauty.model import TinyBeauty  # noqa: PLC0415
    from kohl.methods.tinybeauty.onnx_model import onnx_from_model  # noqa: PLC0415

    torch.manual_seed(0)
    network = TinyBeauty(TINY).eval()
    with torch.no_grad():
        network.out.weight.normal_(0, 0.06)
    tiny = LearnedLook.from_bytes(onnx_from_model(network, card(spec=TINY.as_dict())))
    report = export_look(tiny, tmp_path / f"out{PROMISES[export_format].suffix}", export_format)
    assert report.parity is not None
    assert report.parity.against == "torch"
