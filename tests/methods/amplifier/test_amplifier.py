"""The amplifier: it reads an artist from pairs and paints a stranger; order and number of pairs, masks, knobs and seeds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from kohl.core.arrays import Image
from kohl.core.errors import InputError, UsageError
from kohl.methods.amplifier.chart_lines import Example
from kohl.methods.amplifier.config import PRIOR, REGIONS, TINY, AmplifierSpec
from kohl.methods.amplifier.method import FORMAT, Amplifier, AmplifierKnobs
from kohl.methods.amplifier.model import ResidualDenoiser
from kohl.methods.amplifier.regions import region_masks
from kohl.methods.amplifier.situations import Style, everywhere, middle
from kohl.methods.amplifier.style import ChartStyle
from kohl.training.learning.prior import load_prior
from kohl.training.recipes.amplifier import adapt


def psnr(first: Image, second: Image) -> float:
    return float(-10 * np.log10(np.square(first - second).mean()))


@pytest.fixture(scope="module")
def tiny() -> Amplifier:
    torch.manual_seed(0)
    denoiser = ResidualDenoiser(TINY)
    for parameter in denoiser.parameters():
        if not bool(parameter.any()):
            torch.nn.init.normal_(parameter, std=0.02)
    return Amplifier(denoiser)


def test_a_style_read_from_pairs_paints_a_stranger(style: Style, stranger: Example):
    change, doubt = style.chart.change_on(stranger.before, stranger.face)
    nothing = psnr(stranger.before, stranger.after)
    assert psnr(np.clip(stranger.before + change, 0, 1), stranger.after) > nothing + 4
    assert change.dtype == doubt.dtype == np.float32
    assert doubt.shape == (*stranger.before.shape[:2], 2)


def test_the_order_of_pairs_does_not_matter(people: list[Example], style: Style, stranger: Example, tiny: Amplifier):
    forth, back = (tiny.paint(stranger.before, stranger.face, everywhere(read)) for read in (style, Style.of(people[::-1])))
    np.testing.assert_allclose(forth, back, atol=2e-4)


def test_an_example_unlike_the_others_is_heard_less(people: list[Example], style: Style):
    odd = [*people[:2], replace(people[2], after=people[2].before)]
    alike, unlike = style.chart.heard, ChartStyle.of(odd).heard
    assert len(alike) == len(unlike) == 3
    assert unlike[2] == min(unlike) < alike[2]
    assert ChartStyle.of(people[:2]).heard == (1.0, 1.0), "two cannot tell"


def test_unchanged_pairs_teach_no_change(people: list[Example], stranger: Example):
    bare = [replace(example, after=example.before) for example in people]
    change, _ = ChartStyle.of(bare).change_on(stranger.before, stranger.face)
    assert float(np.abs(change).max()) < 1e-4


def test_no_pairs_are_refused():
    with pytest.raises(UsageError, match="at least one before/after pair"):
        ChartStyle.of([])


def test_regions_share_the_face_out(stranger: Example):
    masks = region_masks(stranger.face)
    assert masks.shape == (len(REGIONS), *stranger.before.shape[:2])
    assert float(masks.min()) >= 0
    assert float(masks.sum(axis=0).max()) <= 1 + 1e-5
    assert all(float(mask.max()) > 0.9 for mask in masks)


@pytest.mark.parametrize("amplifier", ["chart", "tiny", "shipped"])
def test_outside_the_regions_nothing_changes(amplifier: str, style: Style, stranger: Example, tiny: Amplifier):
    chosen = {"chart": Amplifier(None), "tiny": tiny, "shipped": load_prior()}[amplifier]
    painted = chosen.paint(stranger.before, stranger.face, everywhere(style))
    outside = region_masks(stranger.face).sum(axis=0) == 0
    np.testing.assert_array_equal(painted[outside], stranger.before[outside])
    assert (painted[~outside] != stranger.before[~outside]).any()


def test_makeup_at_0_keeps_the_face(style: Style, stranger: Example, tiny: Amplifier):
    for amplifier in (Amplifier(None), tiny):
        painted = amplifier.paint(stranger.before, stranger.face, everywhere(style), AmplifierKnobs(makeup=0.0))
        np.testing.assert_allclose(painted, stranger.before, atol=1e-6)


def test_the_shipped_prior_paints_as_well_as_the_chart(style: Style, stranger: Example):
    """It was trained on photographs; on a drawn face it must at least do no harm."""
    chart, prior = (amplifier.paint(stranger.before, stranger.face, everywhere(style)) for amplifier in (Amplifier(None), load_prior()))
    assert psnr(prior, stranger.after) > psnr(chart, stranger.after) - 1.0


def test_styles_mix_by_region(style: Style, stranger: Example):
    lips = Amplifier(None).paint(stranger.before, stranger.face, {"lips": style})
    masks = dict(zip(REGIONS, region_masks(stranger.face), strict=True))
    np.testing.assert_array_equal(lips[masks["lips"] == 0], stranger.before[masks["lips"] == 0])
    assert np.abs(lips - stranger.before)[masks["lips"] > 0.9].mean() > 0.01
    with pytest.raises(UsageError, match="nose"):
        Amplifier(None).paint(stranger.before, stranger.face, {"nose": style})


def test_same_seed_same_sample(style: Style, stranger: Example, tiny: Amplifier):
    styles, knobs = everywhere(style), AmplifierKnobs(steps=3)
    first, second, other = (tiny.paint(stranger.before, stranger.face, styles, knobs, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


@pytest.mark.parametrize("knobs", [{"makeup": 1.5}, {"detail": -0.1}, {"steps": 0}])
def test_knobs_out_of_range_are_refused(knobs: dict[str, float]):
    with pytest.raises(UsageError):
        AmplifierKnobs(**knobs)  # type: ignore[arg-type]


def test_weights_come_back(tmp_path: Path, tiny: Amplifier):
    assert tiny.denoiser is not None
    header = {"format": FORMAT, "spec": json.dumps(TINY.as_dict())}
    save_file(tiny.denoiser.state_dict(), tmp_path / "tiny.safetensors", metadata=header)
    again = Amplifier.load(tmp_path / "tiny.safetensors").denoiser
    assert again is not None
    for name, value in tiny.denoiser.state_dict().items():
        assert torch.equal(again.state_dict()[name], value)


def test_foreign_weights_are_refused(tmp_path: Path):
    pickled = tmp_path / "prior.safetensors"
    pickled.write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(InputError, match="could not load"):
        Amplifier.load(pickled)
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors", metadata={"format": "other"})
    with pytest.raises(InputError, match="not an amplifier"):
        Amplifier.load(tmp_path / "other.safetensors")


def test_the_prior_keeps_to_its_budget():
    denoiser = load_prior().denoiser
    assert denoiser is not None
    assert sum(parameter.numel() for parameter in denoiser.parameters()) <= 8_000_000
    assert AmplifierSpec.from_dict(PRIOR.as_dict()) == PRIOR


def test_a_picture_too_small_is_refused():
    with pytest.raises(UsageError, match="at least 256"):
        middle(np.zeros((200, 300, 3), np.float32))


def test_adapting_changes_a_copy_and_needs_two_pairs(people: list[Example], tiny: Amplifier):
    assert adapt(tiny, people[:1], 3) is tiny
    adapted = adapt(tiny, people, 2, seed=0, lessons_each=1)
    assert tiny.denoiser is not None
    assert adapted.denoiser is not None
    before, after = tiny.denoiser.state_dict(), adapted.denoiser.state_dict()
    assert before.keys() == after.keys()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed
    assert not any(name.startswith("down_fine.first") for name in changed)
