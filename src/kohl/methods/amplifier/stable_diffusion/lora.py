"""LoRA on q, k, v and out of every attention of a UNet, self and cross, through peft (Hu et al. 2021, arXiv 2106.09685)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from kohl.core.errors import UsageError
from kohl.core.extras import require

ADAPTER = "kohl"
"""The adapter's name in the UNet."""
TARGETS = ("to_q", "to_k", "to_v", "to_out.0")
"""What diffusers calls the four linear layers of an attention."""


def add_lora(unet: Any, *, rank: int, alpha: float, seed: int) -> None:
    """Freeze `unet` (a diffusers UNet2DConditionModel) and add trainable LoRA layers in float32; until trained they change nothing.

    Raises UsageError where the UNet already carries ours, or has no attention.
    """
    if ADAPTER in getattr(unet, "peft_config", {}):
        raise UsageError("this backbone already carries an amplifier; call detach() on that one, or load the backbone again")
    peft = require("peft", extra="diffusion", purpose="LoRA on a diffusion backbone")
    unet.requires_grad_(False)
    # Both would otherwise be a silent choice of peft's: the seed of the process, and the backbone's half precision.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        unet.add_adapter(peft.LoraConfig(r=rank, lora_alpha=alpha, init_lora_weights="gaussian", target_modules=list(TARGETS)), adapter_name=ADAPTER)
    for parameter in lora_parameters(unet).values():
        parameter.data = parameter.data.float()


def lora_parameters(unet: Any) -> dict[str, nn.Parameter]:
    """The LoRA's own weights by name, without the adapter's name: ``….to_q.lora_A.weight``, as peft and diffusers write them."""
    marker = f".{ADAPTER}."
    return {name.replace(marker, "."): parameter for name, parameter in unet.named_parameters() if marker in name}


def remove_lora(unet: Any) -> None:
    """Take our LoRA off again; the UNet is then as it was loaded."""
    # delete_adapters() would leave peft's empty wrappers around the layers, and their names in the state dict.
    unet.unload_lora()
