"""The specs: what an amplifier is made of (it travels in the checkpoint), and the knobs of one sampling."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from kohl.core.checks import check_unit
from kohl.core.errors import UsageError

Sampler = Literal["euler_ancestral", "ddim"]
SAMPLERS: tuple[Sampler, ...] = ("euler_ancestral", "ddim")


@dataclass(frozen=True, slots=True, kw_only=True)
class AmplifierConfig:
    """What is added to a backbone: the tokens and the LoRA. Everything else (widths, picture size) is the backbone's own.

    Raises UsageError where a number makes no sense.
    """

    num_tokens: int = 32
    """Tokens per picture: so many for the content, and as many for the style (the paper's IPB and SPB)."""
    lora_rank: int = 4
    """Rank of the LoRA on q, k, v and out of every attention, self and cross."""
    lora_alpha: float = 4.0
    """The LoRA's output is scaled by `lora_alpha / lora_rank`."""

    def __post_init__(self) -> None:
        if self.num_tokens < 1 or self.lora_rank < 1 or not self.lora_alpha > 0:
            raise UsageError(f"num_tokens and lora_rank must be at least 1 and lora_alpha above 0, got {self}")


SD15 = AmplifierConfig()
"""The published sizes: 64 tokens in all, rank 4. On Stable Diffusion 1.5 that trains 797,184 + 25,191,936 numbers."""
TINY = replace(SD15, num_tokens=4, lora_rank=2, lora_alpha=2.0)
"""For tests: on backbones of a few thousand numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingKnobs:
    """The knobs of one sampling. Defaults are the released script's, `makeup` and `detail` the paper's. Raises UsageError."""

    sampler: Sampler = "euler_ancestral"
    steps: int = 10
    """Steps of a whole way from noise; of these only the last `strength` are walked."""
    strength: float = 0.3
    """How far into the noise the photo is carried, in (0, 1]."""
    guidance: float = 2.5
    """Of the pass with conditions, at least 1 (classifier-free guidance; 1 is none)."""
    makeup: float = 1.0
    """λm: how much of the makeup's residual is laid on, at least 0. 0 lays on none."""
    detail: float = 0.8
    """λd: how much of the photo's detail comes back, in [0, 1]. 1 keeps it all; the paper finds that oversaturated."""
    lora_bare: float = 0.8
    """Scale of the LoRA in the pass without conditions."""
    lora_makeup: float = 0.9
    """Scale of the LoRA in the pass with conditions."""
    control: float = 1.0
    """Scale of the ControlNet, where the backbone has one."""

    def __post_init__(self) -> None:
        if self.sampler not in SAMPLERS:
            raise UsageError(f"sampler must be one of {', '.join(SAMPLERS)}, got {self.sampler!r}")
        check_unit(self.strength, name="strength")
        check_unit(self.detail, name="detail")
        if self.num_walked < 1:
            raise UsageError(f"steps × strength must leave at least one step, got {self.steps} × {self.strength}; raise either")
        self._check_at_least("guidance", 1.0)
        for name in ("makeup", "lora_bare", "lora_makeup", "control"):
            self._check_at_least(name, 0.0)

    @property
    def num_walked(self) -> int:
        """Steps that are really taken."""
        # The nudge keeps 10 × 0.3 at 3, whatever floats make of it.
        return int(self.steps * self.strength + 1e-9)

    def _check_at_least(self, name: str, lowest: float) -> None:
        value = getattr(self, name)
        if not lowest <= value < float("inf"):
            raise UsageError(f"{name} must be a finite number of at least {lowest:g}, got {value!r}")


def config_from_dict(values: dict[str, Any]) -> AmplifierConfig:
    """Build the spec that a checkpoint carries. Raises UsageError where it has other fields than ours."""
    known = {field.name for field in fields(AmplifierConfig)}
    if set(values) != known:
        raise UsageError(f"the checkpoint's spec must have the fields {sorted(known)}, got {sorted(values)}; it is from another version of kohl")
    return AmplifierConfig(**values)
