"""Between the torch network and the `.onnx` that is shipped; the file holds all that is needed to come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper

import kohl
from kohl.core.errors import ModelFormatError
from kohl.core.silence import without_warnings
from kohl.methods.tinybeauty.card import CARD_KEY, LearnedLookCard
from kohl.methods.tinybeauty.config import TinyBeautySpec
from kohl.methods.tinybeauty.crop import CROP_SIDE
from kohl.methods.tinybeauty.model import TinyBeauty, count_macs, count_parameters

_OPSET = 18


def onnx_from_model(network: TinyBeauty, card: LearnedLookCard) -> bytes:
    """The network as an ONNX file's bytes: `crop` (1, 3, 256, 256) → `residual` (1, 3, 256, 256), static shapes, the card inside."""
    crop = torch.zeros(1, 3, CROP_SIDE, CROP_SIDE)
    # torch warns about its own deprecations while it exports, and logs what of torchvision it does not find.
    with without_warnings("torch.onnx"):
        program = torch.onnx.export(
            network.eval(), (crop,), dynamo=True, input_names=["crop"], output_names=["residual"], opset_version=_OPSET, verbose=False
        )
    if program is None:
        raise ModelFormatError(card.name, "torch gave back no ONNX program for it")
    model = program.model_proto
    del model.metadata_props[:]
    entry = model.metadata_props.add()
    entry.key, entry.value = CARD_KEY, card.to_json()
    for node in model.graph.node:
        # Where in the source each node came from: machine paths, which belong into no file.
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data


def network_facts(network: TinyBeauty) -> dict[str, Any]:
    """What a card says of its network: spec, parameters, macs, and the kohl that made it."""
    return {
        "spec": network.spec.as_dict(),
        "parameters": count_parameters(network),
        "macs": count_macs(network),
        "created_with": f"kohl {kohl.__version__}",
    }


def model_from_onnx(path: str | Path) -> TinyBeauty:
    """Build the torch network of a learned look's file again: (1, 3, 256, 256) → residual, in evaluation mode.

    Raises ModelFormatError for a file that `onnx_from_model` did not write.
    """
    try:
        model = onnx.load(path)
    except Exception as error:  # onnx raises whatever protobuf does
        raise ModelFormatError(str(path), f"it is no ONNX file: {error}") from error
    cards = [entry.value for entry in model.metadata_props if entry.key == CARD_KEY]
    if not cards:
        raise ModelFormatError(str(path), "it carries no card of kohl")
    network = TinyBeauty(TinyBeautySpec.from_dict(LearnedLookCard.from_json(cards[0], source=str(path)).spec))
    weights = {item.name: torch.from_numpy(numpy_helper.to_array(item).copy()) for item in model.graph.initializer}
    wanted = network.state_dict()
    if missing := sorted(wanted.keys() - weights.keys()):
        raise ModelFormatError(str(path), f"it lacks weights that its spec needs: {', '.join(missing)}")
    try:
        network.load_state_dict({name: weights[name] for name in wanted})
    except RuntimeError as error:
        raise ModelFormatError(str(path), f"its weights are not those of its spec: {error}") from error
    return network.eval()
