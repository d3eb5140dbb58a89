"""Tiny, randomly initialised copies of the classes that Stable Diffusion is made of, saved as a real one is. No weights, no download."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.controlnets.controlnet import ControlNetModel
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_pndm import PNDMScheduler
from transformers.models.clip.configuration_clip import CLIPVisionConfig
from transformers.models.clip.modeling_clip import CLIPVisionModelWithProjection
from transformers.utils import logging

from kohl.core.arrays import Image, Mask
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.examples import BareFace, Example
from kohl.methods.amplifier.stable_diffusion.loading import load_backbone

Fresh = Callable[[], Backbone]
SIDE = 32
"""Pixels of the tiny backbone's pictures; its latent has half of them."""
SCHEDULE = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "skip_prk_steps": True,
    "set_alpha_to_one": False,
    "steps_offset": 1,
}
"""Stable Diffusion 1.5's."""


@cache
def models() -> dict[str, Any]:
    """UNet, VAE, image encoder and ControlNet of some ten thousand weights each; the same every time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        unet = UNet2DConditionModel(
            sample_size=16,
            block_out_channels=(8, 16),
            layers_per_block=1,
            norm_num_groups=4,
            cross_attention_dim=16,
            attention_head_dim=2,
            down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        )
        vae = AutoencoderKL(
            sample_size=SIDE,
            block_out_channels=(8, 16),
            layers_per_block=1,
            norm_num_groups=4,
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            latent_channels=4,
        )
        sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 24, "patch_size": 8}
        encoder = CLIPVisionModelWithProjection(CLIPVisionConfig(**sizes, projection_dim=12))
        controlnet = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(4, 8))
    return {"unet": unet, "vae": vae, "image_encoder": encoder, "controlnet": controlnet}


def save_backbone(folder: Path) -> Path:
    """Write them as diffusers and transformers do; the ControlNet goes to `folder/controlnet`."""
    logging.disable_progress_bar()
    for name, model in models().items():
        model.save_pretrained(str(folder / name))
    logging.enable_progress_bar()
    PNDMScheduler(**SCHEDULE).save_pretrained(str(folder / "scheduler"))
    return folder


@pytest.fixture(scope="session")
def sd_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read it only; tests that break files copy it first."""
    return save_backbone(tmp_path_factory.mktemp("stable_diffusion"))


@pytest.fixture(scope="session")
def fresh(sd_folder: Path) -> Fresh:
    """Gives another copy of the backbone at every call; it was loaded by the real code."""
    loaded = load_backbone(sd_folder)
    return lambda: copy.deepcopy(loaded)


@pytest.fixture
def backbone(fresh: Fresh) -> Backbone:
    return fresh()


def bare_face(seed: int = 0, side: int = SIDE) -> BareFace:
    """Noise for a face; boxes for its regions, which touch but do not overlap, well inside the picture."""
    rng = np.random.default_rng(seed)
    image = rng.uniform(0.2, 0.8, (side, side, 3)).astype(np.float32)
    return BareFace(image, region_boxes(side))


def region_boxes(side: int = SIDE) -> dict[str, Mask]:
    """Masks of 0 and 1: face in the middle rows, brows and eyes above, lips below."""
    rows = {"brows": (4, 6), "eyes": (6, 12), "face": (12, 20), "lips": (20, 26)}
    return {region: box(side, top * side // 32, bottom * side // 32) for region, (top, bottom) in rows.items()}


def box(side: int, top: int, bottom: int) -> Mask:
    mask = np.zeros((side, side), np.float32)
    mask[top:bottom, side // 8 : -side // 8] = 1
    return mask


def example(seed: int = 0, side: int = SIDE, colour: tuple[float, float, float] = (0.7, 0.1, 0.2)) -> Example:
    """A bare face, and the same with `colour` over half of its lips and eyes."""
    face = bare_face(seed, side)
    worn = np.maximum(face.masks["lips"], face.masks["eyes"])[..., None] * np.float32(0.5)
    after: Image = (face.image * (1 - worn) + np.array(colour, np.float32) * worn).astype(np.float32)
    return Example(face.image, after, face.masks)
