from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.errors import UsageError
from kohl.methods.amplifier.stable_diffusion.config import SD15, TINY, AmplifierConfig, SamplingKnobs, config_from_dict


def test_the_published_sizes():
    assert (SD15.num_tokens, SD15.lora_rank) == (32, 4)
    assert SD15 != TINY


def test_the_defaults_walk_three_steps_as_the_release_does():
    knobs = SamplingKnobs()
    assert (knobs.num_walked, knobs.makeup, knobs.detail) == (3, 1.0, 0.8)


@pytest.mark.parametrize("config", [SD15, TINY])
def test_a_spec_survives_its_way_through_a_dict(config: AmplifierConfig):
    assert config_from_dict(asdict(config)) == config


def test_a_spec_of_another_version_is_refused():
    with pytest.raises(UsageError, match=r"must have the fields .* got \['num_tokens', 'width'\]"):
        config_from_dict({"num_tokens": 3, "width": 2})


@pytest.mark.parametrize("values", [{"num_tokens": 0}, {"lora_rank": 0}, {"lora_alpha": 0.0}, {"lora_alpha": float("nan")}])
def test_senseless_specs_are_refused(values: dict[str, float]):
    with pytest.raises(UsageError, match="must be at least 1"):
        AmplifierConfig(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sampler": "euler"}, "one of euler_ancestral, ddim, got 'euler'"),
        ({"strength": 1.5}, "strength must be from 0 to 1"),
        ({"strength": 0.0}, "at least one step"),
        ({"steps": 0}, "at least one step"),
        ({"steps": 3, "strength": 0.3}, "got 3 × 0.3"),
        ({"detail": -0.1}, "detail must be from 0 to 1"),
        ({"guidance": 0.5}, "guidance must be a finite number of at least 1"),
        ({"makeup": -1.0}, "makeup must be a finite number of at least 0"),
        ({"makeup": float("nan")}, "makeup must be a finite number"),
        ({"control": float("inf")}, "control must be a finite number"),
    ],
)
def test_senseless_knobs_are_refused(values: dict[str, object], words: str):
    with pytest.raises(UsageError, match=words):
        SamplingKnobs(**values)  # type: ignore[arg-type]


@given(walked=st.integers(1, 100), steps=st.integers(1, 100))
def test_a_strength_of_n_out_of_m_steps_walks_n(walked: int, steps: int):
    walked = min(walked, steps)
    assert SamplingKnobs(steps=steps, strength=walked / steps).num_walked == walked
