"""All that resuming needs, in one safetensors file: no pickle, so opening one runs nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from kohl.core.atomic import write_atomically
from kohl.core.errors import InputError

_FORMAT = "kohl.checkpoint.1"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training stands: steps done, seconds spent, and what the recipe wants to remember."""

    step: int
    seconds: float
    notes: Mapping[str, Any]


def save_checkpoint(
    path: Path, networks: Mapping[str, nn.Module], optimizer: torch.optim.Optimizer, random: np.random.Generator, progress: Progress
) -> None:
    """Write networks, optimizer, generators and progress, whole or not at all. Raises OutputError."""
    tensors = {f"{name}/{key}": value for name, network in networks.items() for key, value in network.state_dict().items()}
    tensors |= {f"optimizer/{number}/{key}": value for number, state in optimizer.state_dict()["state"].items() for key, value in state.items()}
    tensors["torch_random"] = torch.get_rng_state()
    header = {
        "format": _FORMAT,
        "random": json.dumps(random.bit_generator.state),
        "progress": json.dumps({"step": progress.step, "seconds": progress.seconds, "notes": dict(progress.notes)}),
    }
    data = save({key: value.detach().contiguous().clone() for key, value in tensors.items()}, metadata=header)
    write_atomically(path, data, force=True)


def load_checkpoint(path: Path, networks: Mapping[str, nn.Module], optimizer: torch.optim.Optimizer, random: np.random.Generator) -> Progress:
    """Put everything back as `save_checkpoint` found it. Raises InputError for a file that is none of ours or of another network."""
    header, tensors = read_tensors(path)
    if header.get("format") != _FORMAT:
        raise InputError(f"{path} is no checkpoint of kohl ({_FORMAT} expected, got {header.get('format')!r}); remove it or name another")
    try:
        for name, network in networks.items():
            network.load_state_dict(_under(tensors, name))
    except RuntimeError as error:
        raise InputError(f"{path} is the checkpoint of another network: {error}; start anew without --resume") from error
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in _under(tensors, "optimizer").items():
        number, _, name = key.partition("/")
        state.setdefault(int(number), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    torch.set_rng_state(tensors["torch_random"])
    random.bit_generator.state = json.loads(header["random"])
    return Progress(**json.loads(header["progress"]))


def read_tensors(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Header and tensors of a safetensors file. Raises InputError for a file that is not one, a pickle above all."""
    try:
        with safe_open(path, framework="pt") as file:
            return dict(file.metadata() or {}), {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  not a dict
    except (OSError, SafetensorError) as error:
        raise InputError(f"expected a safetensors file, {path} is not one ({error}); kohl reads no pickle, for that can run code") from error


def _under(tensors: Mapping[str, Tensor], name: str) -> dict[str, Tensor]:
    return {key.removeprefix(f"{name}/"): value for key, value in tensors.items() if key.startswith(f"{name}/")}
