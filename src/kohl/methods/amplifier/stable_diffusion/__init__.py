"""The amplifier's two modules on a real backbone, Stable Diffusion 1.5 through diffusers: needs `kohl[diffusion]`.

    from kohl.methods.amplifier.stable_diffusion import load_backbone

`kohl.training.recipes.stable_diffusion` trains it. The names below load torch at first use, and say which extra brings it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from kohl.core.extras import require

if TYPE_CHECKING:
    from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
    from kohl.methods.amplifier.stable_diffusion.config import SD15, AmplifierConfig, SamplingKnobs
    from kohl.methods.amplifier.stable_diffusion.crops import crop_pair, crop_square
    from kohl.methods.amplifier.stable_diffusion.examples import BareFace, Example
    from kohl.methods.amplifier.stable_diffusion.files import load_amplifier, save_amplifier
    from kohl.methods.amplifier.stable_diffusion.generating import generate
    from kohl.methods.amplifier.stable_diffusion.loading import load_backbone
    from kohl.methods.amplifier.stable_diffusion.masks import build_masks
    from kohl.methods.amplifier.stable_diffusion.model import Amplifier
    from kohl.methods.amplifier.stable_diffusion.styles import embed_style

_HOMES = {
    "SD15": "config",
    "Amplifier": "model",
    "AmplifierConfig": "config",
    "Backbone": "backbone",
    "BareFace": "examples",
    "Example": "examples",
    "SamplingKnobs": "config",
    "build_masks": "masks",
    "crop_pair": "crops",
    "crop_square": "crops",
    "embed_style": "styles",
    "generate": "generating",
    "load_amplifier": "files",
    "load_backbone": "loading",
    "save_amplifier": "files",
}
_WITHOUT_TORCH = {"config", "crops", "examples", "masks"}

__all__ = [
    "SD15",
    "Amplifier",
    "AmplifierConfig",
    "Backbone",
    "BareFace",
    "Example",
    "SamplingKnobs",
    "build_masks",
    "crop_pair",
    "crop_square",
    "embed_style",
    "generate",
    "load_amplifier",
    "load_backbone",
    "save_amplifier",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES[name]
    if home not in _WITHOUT_TORCH:
        require("torch", extra="diffusion", purpose="the amplifier on Stable Diffusion")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
