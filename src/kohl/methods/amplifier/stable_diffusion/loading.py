"""Real backbones through diffusers and transformers: from a folder, or from a hub's local copy; safetensors only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from kohl.core.errors import MissingModelError, UsageError
from kohl.core.extras import require
from kohl.core.silence import without_warnings
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.hub import (
    CONTROLNET,
    ENCODER,
    SCHEDULER,
    UNET,
    VAE,
    Part,
    find_model,
    read_json,
    silence_telemetry,
    variant_of,
)
from kohl.methods.amplifier.stable_diffusion.preprocessing import read_preprocessing

IMAGE_ENCODER = "image_encoder"
"""Where the image encoder is looked for when none is named: a folder of that name inside the backbone's."""

_MODULES = {
    "UNet2DConditionModel": "diffusers.models.unets.unet_2d_condition",
    "AutoencoderKL": "diffusers.models.autoencoders.autoencoder_kl",
    "ControlNetModel": "diffusers.models.controlnets.controlnet",
    "CLIPVisionModelWithProjection": "transformers.models.clip.modeling_clip",
}


def load_backbone(
    source: str | Path,
    *,
    image_encoder: str | Path | None = None,
    controlnet: str | Path | None = None,
    allow_download: bool = False,
    device: str | torch.device = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Backbone:
    """Load Stable Diffusion and a CLIP image encoder, frozen. Nothing is fetched unless `allow_download` says so.

    Parameters
    ----------
    source
        A folder with `unet/`, `vae/` and `scheduler/` as diffusers writes them, or a hub id ("stable-diffusion-v1-5/stable-diffusion-v1-5").
        The text encoder is not needed.
    image_encoder
        A folder or hub id of a CLIPVisionModelWithProjection ("h94/IP-Adapter/models/image_encoder"); by default `image_encoder/` in `source`.
    controlnet
        A folder or hub id of a Canny ControlNet ("lllyasviel/sd-controlnet-canny"); optional.
    allow_download
        Whether files that are not on this machine may be fetched from the hub.
    device, dtype
        Where the parts go, and their precision. In half precision choose bfloat16 for training; the LoRA stays in float32.

    Raises
    ------
    MissingModelError
        Something is not there, is damaged, or comes as a pickle only; the message lists the files that are expected.
    UsageError
        A folder holds another kind of model, or parts that don't fit each other.
    MissingExtraError
        `kohl[diffusion]` is not installed.
    """
    silence_telemetry()
    folder = find_model(source, [UNET, VAE, SCHEDULER], allow_download=allow_download)
    encoder_source = image_encoder if image_encoder is not None else folder / IMAGE_ENCODER
    encoder_folder = find_model(encoder_source, [ENCODER], allow_download=allow_download)
    control_folder = None if controlnet is None else find_model(controlnet, [CONTROLNET], allow_download=allow_download)

    unet, vae, encoder = _load(folder, UNET, dtype), _load(folder, VAE, dtype), _load(encoder_folder, ENCODER, dtype)
    control = None if control_folder is None else _load(control_folder, CONTROLNET, dtype)
    schedule = read_json(folder / SCHEDULER.folder / SCHEDULER.config)
    check_fit(unet, vae, control, schedule, source=str(source))
    for model in filter(None, (unet, vae, encoder, control)):
        model.requires_grad_(False).eval().to(device)
    preprocessing = read_preprocessing(encoder_folder, image_side=int(encoder.config.image_size))
    return Backbone(unet, vae, encoder, preprocessing, schedule, str(source), control)


def check_fit(unet: Any, vae: Any, controlnet: Any, schedule: dict[str, Any], *, source: str) -> None:
    """Refuse, with UsageError, backbones that load but are not what the amplifier is built on: plain image-to-image, noise-predicting."""
    config = unet.config
    problems = {
        f"a UNet of {vae.config.latent_channels} channels, as its VAE's latent, got {config.in_channels}": config.in_channels
        != vae.config.latent_channels,
        f"a UNet that needs nothing but tokens, got addition_embed_type {config.addition_embed_type!r} (SDXL)": bool(config.addition_embed_type),
        f"one square sample_size, got {config.sample_size!r}": not isinstance(config.sample_size, int),
        f"one cross_attention_dim, got {config.cross_attention_dim!r}": not isinstance(config.cross_attention_dim, int),
        f"a model that predicts noise ('epsilon'), got {schedule.get('prediction_type')!r}": schedule.get("prediction_type", "epsilon") != "epsilon",
        "a ControlNet of the UNet's cross_attention_dim, got another": controlnet is not None
        and controlnet.config.cross_attention_dim != config.cross_attention_dim,
    }
    if wrong := [expected for expected, is_wrong in problems.items() if is_wrong]:
        raise UsageError(f"{source} cannot carry the amplifier: expected {'; '.join(wrong)}; use Stable Diffusion 1.5, or 2.1-base")


def _load(folder: Path, part: Part, dtype: torch.dtype) -> Any:
    """One model of a local folder; refuses files that don't fill it, where the libraries would fill it up with noise."""
    architecture = getattr(require(_MODULES[part.architecture], extra="diffusion", purpose="a pretrained backbone"), part.architecture)
    place = folder / part.folder
    try:
        with _quiet():
            model, report = architecture.from_pretrained(
                str(place),
                local_files_only=True,
                use_safetensors=True,
                variant=variant_of(folder, part),
                torch_dtype=dtype,
                output_loading_info=True,
            )
    # The libraries raise whatever the layer below raised: OSError, ValueError, KeyError, RuntimeError, safetensors' own.
    except Exception as error:
        raise MissingModelError(f"{place} does not load as a {part.architecture} ({type(error).__name__}: {error}); fetch its files again") from error
    if missing := sorted({*report["missing_keys"], *map(str, report["mismatched_keys"])}):
        raise MissingModelError(f"{place} lacks {len(missing)} of the weights of its {part.architecture}, first {missing[0]}; fetch its files again")
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' progress bars and findings off stderr while a model loads; what matters of them becomes our errors."""
    chatty = require("transformers.utils.logging", extra="diffusion", purpose="a pretrained backbone")
    was_shown = chatty.is_progress_bar_enabled()
    chatty.disable_progress_bar()
    try:
        with without_warnings("diffusers"), without_warnings("transformers"):
            yield
    finally:
        if was_shown:
            chatty.enable_progress_bar()
