"""What a look looks like to the amplifier: one embedding, read from any number of example pairs."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from kohl.core.errors import UsageError
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.examples import Example
from kohl.methods.amplifier.stable_diffusion.masks import changed_mask
from kohl.methods.amplifier.stable_diffusion.tensors import tensor_from_image, tensor_from_mask


def embed_style(backbone: Backbone, examples: Sequence[Example]) -> Tensor:
    """(1, E): the mean embedding of the examples' made-up faces with everything but the makeup's regions blanked.

    Blank is the encoder's mean colour. Deep-set averages are free of order (Zaheer et al. 2017). Raises UsageError where there is no example.
    """
    if not examples:
        raise UsageError("a style needs at least one example pair, got none")
    # Summed from the smallest up, so that not even the last bit depends on the order of the examples.
    embeddings = torch.cat([backbone.embed(style_picture(backbone, example)) for example in examples]).double()
    return embeddings.sort(dim=0).values.mean(dim=0, keepdim=True).float()


def style_picture(backbone: Backbone, example: Example) -> Tensor:
    """(1, 3, S, S) [0, 1]: the made-up face under M_changed, blank elsewhere, at the backbone's size."""
    pixels = tensor_from_image(example.after, backbone.side, backbone.device)
    mask = tensor_from_mask(changed_mask(example.masks), backbone.side, backbone.device)
    blank = backbone.preprocessing.neutral(backbone.device)
    return blank + mask * (pixels - blank)
