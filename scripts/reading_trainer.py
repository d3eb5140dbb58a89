"""Fit one of the reader's small networks with PyTorch; what goes in and comes out are `kohl.reading.networks.Network`s.

A network is fitted from scratch, or goes on from one that is there, held towards it (L2-SP: Li, Grandvalet & Davoine 2018): what older
paint has taught is kept, and inputs that are new since then start without a say. Colours are learnt by CIEDE2000 itself, not by
distance in Lab: among dark pigments lightness hardly counts, among greys hue does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from kohl.core.arrays import FloatArray
from kohl.reading.networks import Network

HIDDEN = 24
NETS = 3
STEPS = {"from scratch": 1000, "going on": 300}
RATE = {"from scratch": 0.01, "going on": 0.003}
BATCH = 256
NOISE = 0.1
"""Standard deviations of the noise on the inputs, so that no single one is relied on."""
HOLD = 0.03
"""How strongly weights are held towards those that are there, or towards none. 0.01 was the same on people left out."""
SHARE = 0.25
"""How far a network that goes on moves from where it started to where it was fitted (WiSE-FT: Wortsman et al. 2022). On people left
out more was better; on the validation split, whose bare faces are those of the older paint, it was worse.
"""
_DELTA_E, _COVERAGE = 1 / 8, 1 / 40
"""Weights of a colour's difference and of its coverage's."""
_LAB = 3
_TINY = 1e-9
_PARTS = ("inner", "inner_bias", "outer", "outer_bias")
Array = npt.NDArray[np.float64]


def train(inputs: FloatArray, answers: Array, kind: str, start: Network | None = None) -> Network:
    """Fit answers (N, K) to inputs (N, F); NaN answers are left out.

    kind: "presence" (logits of answers in {0, 1}), "colour" (K = 4: Lab and scaled coverage, see `kohl.reading.answers`) or "number".
    start: a network for the same question, whose inputs are the first ones of these; None: from scratch.
    """
    network = widened(start, inputs) if start else _fresh(inputs, answers, kind)
    pace = "going on" if start else "from scratch"
    standard = torch.from_numpy(np.clip((inputs - network.mean) / network.scale, -4, 4).astype(np.float32))
    wanted = torch.from_numpy(((answers - network.answer_mean) / network.answer_scale).astype(np.float32))
    scaling = torch.from_numpy(np.stack([network.answer_mean, network.answer_scale]).astype(np.float32))
    held = [torch.from_numpy(np.array(getattr(network, part))) * (1.0 if start else 0.0) for part in _PARTS]
    weights = [torch.from_numpy(np.array(getattr(network, part))).requires_grad_() for part in _PARTS]
    random = torch.Generator().manual_seed(0)
    optimizer = torch.optim.Adam(weights, lr=RATE[pace])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE[pace], STEPS[pace], pct_start=0.1)
    for _ in range(STEPS[pace]):
        chosen = torch.randint(len(standard), (BATCH,), generator=random)
        shown = standard[chosen] + torch.randn((BATCH, standard.shape[1]), generator=random) * NOISE
        loss = _loss(_answers(shown, weights), wanted[chosen], kind, scaling)
        loss = loss + HOLD * sum((now - then).square().sum() for now, then in zip(weights, held, strict=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    moved = (then + SHARE * (now.detach() - then) if start else now.detach() for now, then in zip(weights, held, strict=True))
    return replace(network, **{part: array.numpy() for part, array in zip(_PARTS, moved, strict=True)})


def widened(network: Network, inputs: FloatArray) -> Network:
    """The network with room for the inputs (N, F) that it does not know yet, which have no say at first."""
    new = inputs[:, len(network.mean) :]
    mean, scale = np.concatenate([network.mean, new.mean(0)]), np.concatenate([network.scale, new.std(0) + np.float32(1e-3)])
    nets, _, hidden = network.inner.shape
    return replace(network, mean=mean, scale=scale, inner=np.concatenate([network.inner, np.zeros((nets, new.shape[1], hidden), np.float32)], 1))


def _fresh(inputs: FloatArray, answers: Array, kind: str) -> Network:
    """A network of random weights, its inputs and answers scaled as the samples are."""
    random = np.random.default_rng(0)
    count, outputs = inputs.shape[1], answers.shape[1]
    shift, spread = np.zeros(outputs, np.float32), np.ones(outputs, np.float32)
    if kind != "presence":
        shift, spread = np.nanmean(answers, 0).astype(np.float32), np.nanstd(answers, 0).astype(np.float32) + np.float32(1e-6)
    return Network(
        mean=inputs.mean(0),
        scale=inputs.std(0) + np.float32(1e-3),
        inner=random.standard_normal((NETS, count, HIDDEN), np.float32) * np.float32(count**-0.5),
        inner_bias=np.zeros((NETS, HIDDEN), np.float32),
        outer=random.standard_normal((NETS, HIDDEN, outputs), np.float32) * np.float32(HIDDEN**-0.5),
        outer_bias=np.zeros((NETS, outputs), np.float32),
        answer_mean=shift,
        answer_scale=spread,
    )


def _answers(inputs: Tensor, weights: list[Tensor]) -> Tensor:
    """(B, nets, K) what every net says of inputs (B, F), before scaling."""
    inner, inner_bias, outer, outer_bias = weights
    hidden = torch.tanh(torch.einsum("bf,nfh->bnh", inputs, inner) + inner_bias)
    return torch.einsum("bnh,nhk->bnk", hidden, outer) + outer_bias


def _loss(given: Tensor, wanted: Tensor, kind: str, scaling: Tensor) -> Tensor:
    """Of what the nets say (B, nets, K), against scaled answers (B, K) with NaN where there are none."""
    known = torch.isfinite(wanted)
    if kind == "colour":
        shift, spread = scaling
        there = known.all(1)
        ours = given[there] * spread + shift
        theirs = (wanted[there] * spread + shift)[:, None].expand_as(ours)
        difference = delta_e2000(ours[..., :_LAB].reshape(-1, _LAB), theirs[..., :_LAB].reshape(-1, _LAB)).sum()
        return (_DELTA_E * difference + _COVERAGE * (ours[..., _LAB] - theirs[..., _LAB]).abs().sum()) / len(given)
    theirs = torch.nan_to_num(wanted)[:, None].expand_as(given)
    functional = torch.nn.functional
    if kind == "presence":
        error = functional.binary_cross_entropy_with_logits(given, theirs, reduction="none")
    else:
        error = functional.smooth_l1_loss(given, theirs, reduction="none", beta=0.5)
    return (error * known[:, None]).sum() / len(given)


def delta_e2000(lab1: Tensor, lab2: Tensor) -> Tensor:
    """CIEDE2000 (N,) of Lab (N, 3) with slopes everywhere (Sharma, Wu & Dalal 2005); see `kohl.color.difference` for the exact one."""
    (light1, red1, yellow1), (light2, red2, yellow2) = lab1.unbind(-1), lab2.unbind(-1)
    mean_chroma = (_length(red1, yellow1) + _length(red2, yellow2)) / 2
    stretch = 1.5 - 0.5 * _saturated(mean_chroma)
    chroma1, chroma2 = _length(stretch * red1, yellow1), _length(stretch * red2, yellow2)
    hue1, hue2 = torch.atan2(yellow1, stretch * red1), torch.atan2(yellow2, stretch * red2)
    turn = torch.remainder(hue2 - hue1 + torch.pi, 2 * torch.pi) - torch.pi
    hue = hue1 + turn / 2
    light, chroma = (light1 + light2) / 2, (chroma1 + chroma2) / 2
    by_light = (light2 - light1) / (1 + 0.015 * (light - 50) ** 2 / torch.sqrt(20 + (light - 50) ** 2))
    by_chroma = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    by_hue = 2 * torch.sqrt(chroma1 * chroma2 + _TINY) * torch.sin(turn / 2) / (1 + 0.015 * chroma * _hue_weight(hue))
    rotation = -torch.sin(_rotation_angle(hue)) * 2 * _saturated(chroma)
    square = by_light**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue
    return torch.sqrt(torch.clamp(square, min=0) + 1e-4)


def _length(first: Tensor, second: Tensor) -> Tensor:
    return torch.sqrt(first**2 + second**2 + _TINY)


def _saturated(chroma: Tensor) -> Tensor:
    return torch.sqrt(chroma**7 / (chroma**7 + 25.0**7) + _TINY)


def _hue_weight(hue: Tensor) -> Tensor:
    """T of the formula, `hue` in radians."""
    degree = torch.pi / 180
    first, second = -0.17 * torch.cos(hue - 30 * degree), 0.24 * torch.cos(2 * hue)
    return 1 + first + second + 0.32 * torch.cos(3 * hue + 6 * degree) - 0.2 * torch.cos(4 * hue - 63 * degree)


def _rotation_angle(hue: Tensor) -> Tensor:
    """2 Δθ of the formula, radians."""
    degrees = torch.remainder(hue * 180 / torch.pi, 360)
    return torch.deg2rad(60 * torch.exp(-(((degrees - 275) / 25) ** 2)))
