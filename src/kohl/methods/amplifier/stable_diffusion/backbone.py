"""A pretrained diffusion model as one object with its contract: what comes in, what goes out, in kohl's own terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from kohl.methods.amplifier.stable_diffusion.preprocessing import Preprocessing


@dataclass(frozen=True, eq=False)
class Backbone:
    """Stable Diffusion without its text encoder, and a CLIP image encoder; `loading.load_backbone` makes it. All parts are frozen.

    `unet`, `vae`, `controlnet` are diffusers' UNet2DConditionModel, AutoencoderKL and ControlNetModel (or None); `encoder` is
    transformers' CLIPVisionModelWithProjection; `schedule` the scheduler's configuration; `source` says where it was loaded from.
    """

    unet: Any
    vae: Any
    encoder: Any
    preprocessing: Preprocessing
    schedule: Mapping[str, Any]
    source: str
    controlnet: Any = None

    @property
    def device(self) -> torch.device:
        """Where the parts are."""
        return torch.device(self.unet.device)

    @property
    def latent_side(self) -> int:
        """Height and width of the latent: 64 for Stable Diffusion 1.5."""
        return int(self.unet.config.sample_size)

    @property
    def side(self) -> int:
        """Height and width in pixels of the picture that the backbone was trained on: 512 for Stable Diffusion 1.5."""
        return self.latent_side * int(2 ** (len(self.vae.config.block_out_channels) - 1))

    @property
    def cross_dim(self) -> int:
        """Width of the tokens that cross-attention reads: 768 for Stable Diffusion 1.5."""
        return int(self.unet.config.cross_attention_dim)

    @property
    def embedding_dim(self) -> int:
        """Width of the image encoder's pooled, projected embedding: 1,024 for OpenCLIP's ViT-H/14."""
        return int(self.encoder.config.projection_dim)

    @torch.no_grad()
    def encode(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) [0, 1] → mean and standard deviation of the latent, each (B, 4, s, s), scaled as the UNet wants it."""
        posterior = self.vae.encode((2 * pixels - 1).to(self.vae.dtype)).latent_dist
        factor = float(self.vae.config.scaling_factor)
        return factor * posterior.mean.float(), factor * posterior.std.float()

    @torch.no_grad()
    def decode(self, latents: Tensor) -> Tensor:
        """(B, 4, s, s) → (B, 3, S, S) float32 [0, 1]."""
        decoded = self.vae.decode((latents / float(self.vae.config.scaling_factor)).to(self.vae.dtype)).sample
        return torch.as_tensor((decoded.float() / 2 + 0.5).clamp(0, 1))

    @torch.no_grad()
    def embed(self, pixels: Tensor) -> Tensor:
        """(B, 3, S, S) [0, 1] → (B, E) float32, the encoder's pooled, projected embedding."""
        seen = self.preprocessing(pixels).to(self.encoder.dtype)
        return self.encoder(pixel_values=seen).image_embeds.float()  # type: ignore[no-any-return]

    def predict(self, noisy: Tensor, timestep: Tensor, context: Tensor, *, lora_scale: float = 1.0, control: Control | None = None) -> Tensor:
        """The UNet's noise, (B, 4, h, w) float32, for `noisy` (B, 4, h, w) at `timestep` (B,) or () under `context` (B, N, C).

        `lora_scale` weighs the LoRA, where there is one. `control` is used only by backbones with a ControlNet.
        """
        dtype: torch.dtype = self.unet.dtype
        noisy = noisy.to(dtype)
        # The LoRA and the projector stay in float32; autocast lets them meet a backbone in half precision.
        with torch.autocast(self.device.type, dtype, enabled=dtype != torch.float32):
            extra = self._control_residuals(noisy, timestep, context, control)
            return self.unet(  # type: ignore[no-any-return]
                noisy, timestep, context.to(dtype), cross_attention_kwargs={"scale": lora_scale}, **extra
            ).sample.float()

    def _control_residuals(self, noisy: Tensor, timestep: Tensor, context: Tensor, control: Control | None) -> dict[str, Any]:
        if self.controlnet is None or control is None:
            return {}
        down, middle = self.controlnet(
            noisy, timestep, context.to(noisy.dtype), control.edges.to(noisy.dtype), conditioning_scale=control.scale, return_dict=False
        )
        return {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}


@dataclass(frozen=True, eq=False)
class Control:
    """What a ControlNet is told: `edges` (B, 3, S, S) of 0 and 1, and its `scale`."""

    edges: Tensor
    scale: float = 1.0
