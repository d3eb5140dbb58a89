"""LoRA: it starts as nothing, trains alone, and is gone after merging, with what it learnt kept."""

from __future__ import annotations

import torch
from torch import nn

from kohl.nn.low_rank import merge_low_rank, with_low_rank


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 1), nn.Conv2d(4, 4, 3, padding=1), nn.Flatten(), nn.Linear(64, 2))


def test_it_starts_as_nothing_and_trains_only_itself():
    plain, x = network(), torch.randn(2, 3, 4, 4)
    before = plain(x)
    corrected = with_low_rank(network(), rank=2)
    torch.testing.assert_close(corrected(x), before)
    trainable = {name for name, parameter in corrected.named_parameters() if parameter.requires_grad}
    assert trainable == {f"{layer}.parametrizations.weight.0.{side}" for layer in ("0", "3") for side in ("up", "down")}


def test_merging_keeps_what_was_learnt():
    corrected, x = with_low_rank(network(), rank=2), torch.randn(2, 3, 4, 4)
    for parameter in corrected.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter)
    learnt = corrected(x)
    merged = merge_low_rank(corrected)
    torch.testing.assert_close(merged(x), learnt)
    assert set(merged.state_dict()) == set(network().state_dict())
    assert all(parameter.requires_grad for parameter in merged.parameters())
