"""The amplifier: a backbone, LoRA on its attention, and the tokens that tell it face and look.

After Jin et al., "Toward Tiny and High-quality Facial Makeup with Data Amplify Learning" (ECCV 2024, arXiv 2403.15033):

* the backbone's UNet, VAE and image encoder are frozen; LoRA and one projector are trained;
* the context of cross-attention is [content tokens | style tokens], with no text at all;
* "no condition" is the projector's answer to all-zero embeddings, for both halves;
* the style's embedding is the mean over the example pairs: any number of them, in any order.

`README.md` lists what differs from the paper and from its release.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from kohl.core.errors import UsageError
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone, Control
from kohl.methods.amplifier.stable_diffusion.config import SD15, AmplifierConfig
from kohl.methods.amplifier.stable_diffusion.lora import add_lora, lora_parameters, remove_lora
from kohl.methods.amplifier.stable_diffusion.tokens import TokenProjector


class Amplifier:
    """A backbone with its LoRA and projector. It writes its LoRA into `backbone.unet`, so a backbone carries one amplifier at a time.

    A sampling scales the LoRA while the UNet runs: don't share one amplifier between threads.
    """

    def __init__(self, backbone: Backbone, config: AmplifierConfig = SD15, *, seed: int = 0) -> None:
        """Add fresh LoRA and projector, drawn from `seed`. Raises UsageError where the backbone already carries an amplifier."""
        self.backbone = backbone
        self.config = config
        add_lora(backbone.unet, rank=config.lora_rank, alpha=config.lora_alpha, seed=seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            projector = TokenProjector(embedding_dim=backbone.embedding_dim, num_tokens=config.num_tokens, cross_dim=backbone.cross_dim)
        self.projector = projector.to(backbone.device)

    def context(self, content: Tensor, style: Tensor) -> Tensor:
        """Embeddings (B, E) of the bare face and of the look → the context of cross-attention (B, 2·T, C)."""
        return torch.cat([self.projector(content), self.projector(style)], dim=1)

    def no_context(self) -> Tensor:
        """(1, 2·T, C): the context of "no condition"."""
        nothing = torch.zeros(1, self.backbone.embedding_dim, device=self.backbone.device)
        return self.context(nothing, nothing)

    def predict(self, noisy: Tensor, timestep: Tensor, context: Tensor, *, lora_scale: float = 1.0, control: Control | None = None) -> Tensor:
        """See `Backbone.predict`."""
        return self.backbone.predict(noisy, timestep, context, lora_scale=lora_scale, control=control)

    def trainable(self) -> dict[str, nn.Parameter]:
        """All that is trained, by name: `unet.….lora_A.weight`, … (as diffusers writes LoRA files) and `projector.…`."""
        lora = {f"unet.{name}": parameter for name, parameter in lora_parameters(self.backbone.unet).items()}
        return lora | {f"projector.{name}": parameter for name, parameter in self.projector.named_parameters()}

    @torch.no_grad()
    def load_weights(self, weights: Mapping[str, Tensor], *, source: str) -> None:
        """Take over `weights`, named and shaped as `trainable`; `source` is for the message.

        Raises UsageError, and changes nothing, where a name or a shape differs: the file was trained on another backbone.
        """
        own = self.trainable()
        wanted = {name: tuple(parameter.shape) for name, parameter in own.items()}
        given = {name: tuple(tensor.shape) for name, tensor in weights.items()}
        if wrong := sorted(name for name in wanted.keys() | given.keys() if wanted.get(name) != given.get(name)):
            name = wrong[0]
            raise UsageError(
                f"{source} does not fit this backbone ({self.backbone.source}): {len(wrong)} of its tensors differ, first {name}, "
                f"expected {wanted.get(name, 'none')}, got {given.get(name, 'none')}; load the backbone that it was trained on"
            )
        for name, parameter in own.items():
            parameter.copy_(weights[name])

    def detach(self) -> None:
        """Take the LoRA off the backbone, which is then free for another amplifier; this one can't be used any more."""
        remove_lora(self.backbone.unet)
