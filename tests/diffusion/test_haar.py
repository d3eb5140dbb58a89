"""The Haar transform: lossless, orthonormal, and nothing else."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kohl.core.errors import UsageError
from kohl.diffusion.haar import from_haar, to_haar


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 1000), levels=st.integers(1, 3), channels=st.integers(1, 4))
def test_it_is_lossless_and_keeps_energy(seed: int, levels: int, channels: int):
    pictures = torch.randn(2, channels, 16, 24, generator=torch.Generator().manual_seed(seed))
    bands = to_haar(pictures, levels)
    assert bands.shape == (2, channels * 4**levels, 16 // 2**levels, 24 // 2**levels)
    torch.testing.assert_close(from_haar(bands, levels), pictures, atol=1e-5, rtol=0)
    torch.testing.assert_close(bands.square().sum(), pictures.square().sum(), rtol=1e-5, atol=0)


def test_a_flat_picture_lives_in_its_means_alone():
    bands = to_haar(torch.full((1, 3, 8, 8), 0.5))
    torch.testing.assert_close(bands[:, :3], torch.full((1, 3, 2, 2), 2.0))
    assert float(bands[:, 3:].abs().max()) == 0.0


@pytest.mark.parametrize("shape", [(1, 3, 6, 8), (3, 8, 8)])
def test_sides_that_cannot_be_halved_are_refused(shape: tuple[int, ...]):
    with pytest.raises(UsageError, match="multiples of 4"):
        to_haar(torch.zeros(shape))


def test_channels_that_are_no_bands_are_refused():
    with pytest.raises(UsageError, match="16 channels"):
        from_haar(torch.zeros(1, 15, 4, 4))
