"""An optional term of the tiny network's training: a critic that tells its makeup from the artist's.

Hinge losses (Lim & Ye 2017, "Geometric GAN", eq. 4) over patches (Isola et al. 2017), given the bare face. TinyBeauty (arXiv 2403.15033) does
without; whether it helps is asked by the arm `adversarial` of benchmarks/learning.py.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor, nn

_WIDTHS = (24, 48, 64)
_RATE = 1e-3
_SLOPE = 0.2
"""Of the leaky ReLU."""


class Critic(nn.Module):
    """Face and residual (B, 3, H, W) each → how real the makeup looks, patch by patch, (B, 1, H / 16, W / 16)."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third = _WIDTHS
        self.enter = nn.Conv2d(6, first, 4, 4)
        self.halve = nn.Conv2d(first, second, 4, 2, 1)
        self.quarter = nn.Conv2d(second, third, 4, 2, 1)
        self.leave = nn.Conv2d(third, 1, 1)

    def forward(self, face: Tensor, residual: Tensor) -> Tensor:
        """The judgement: above 0 for the artist's work."""
        x = torch.cat([face, residual], dim=1)
        for layer in (self.enter, self.halve, self.quarter):
            x = F.leaky_relu(layer(x), _SLOPE)
        judged: Tensor = self.leave(x)
        return judged


class Adversary:
    """A critic and its own training, a step at each call. `unit`: as in `kohl.methods.tinybeauty.losses`; `device`: where the batches are."""

    def __init__(self, unit: float, device: str | torch.device = "cpu") -> None:
        self.critic = Critic().to(device)
        self._unit = unit
        self._optimizer = torch.optim.AdamW(self.critic.parameters(), lr=_RATE, betas=(0.5, 0.9))

    def __call__(self, face: Tensor, made: Tensor, wanted: Tensor) -> Tensor:
        """Teach the critic on this batch, then return what it says against `made`, a scalar; all (B, 3, H, W)."""
        with torch.enable_grad():
            artist, pupil = (self.critic(face, residual.detach() / self._unit) for residual in (wanted, made))
            self._optimizer.zero_grad(set_to_none=True)
            mistakes = F.relu(1 - artist).mean() + F.relu(1 + pupil).mean()
            mistakes.backward()  # type: ignore[no-untyped-call]
            self._optimizer.step()
        self.critic.requires_grad_(requires_grad=False)
        against: Tensor = -self.critic(face, made / self._unit).mean()
        self.critic.requires_grad_(requires_grad=True)
        return against
