"""The recipe on a tiny backbone: what it trains, what it writes, and that resuming is as if it had never stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from kohl.core.errors import KohlError, MissingModelError, OutputExistsError, UsageError
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.batches import draw_sample, draw_window, prepare_style
from kohl.methods.amplifier.stable_diffusion.config import SD15, TINY, SamplingKnobs
from kohl.methods.amplifier.stable_diffusion.examples import Example
from kohl.methods.amplifier.stable_diffusion.files import load_amplifier
from kohl.methods.amplifier.stable_diffusion.loading import load_backbone
from kohl.methods.amplifier.stable_diffusion.model import Amplifier
from kohl.methods.amplifier.stable_diffusion.sampling import make_scheduler
from kohl.training.recipes.stable_diffusion import PUBLISHED, Recipe, amplify, fit
from tiny_diffusion import Fresh, bare_face, example

STYLES = {"red": [example(1), example(2)], "green": [example(3, colour=(0.1, 0.8, 0.2))]}
SHORT = Recipe(steps=3, checkpoint_every=2, learning_rate=1e-3)


def weights(amplifier: Amplifier) -> dict[str, torch.Tensor]:
    return {name: parameter.detach().clone() for name, parameter in amplifier.trainable().items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_the_published_numbers():
    assert (PUBLISHED.learning_rate, PUBLISHED.weight_decay, PUBLISHED.max_norm) == (1e-4, 1e-2, 1.0)
    assert (PUBLISHED.crop_weight, PUBLISHED.crop_share) == (5.0, 48 / 64)


def test_training_changes_lora_and_projector_alone(backbone: Backbone):
    frozen = {
        f"{part}.{name}": tensor.clone()
        for part, model in (("unet", backbone.unet), ("vae", backbone.vae), ("encoder", backbone.encoder))
        for name, tensor in model.state_dict().items()
    }
    start = weights(Amplifier(backbone, TINY, seed=SHORT.seed))
    backbone.unet.unload_lora()
    losses: list[float] = []
    amplifier = fit(STYLES, backbone, recipe=SHORT, config=TINY, on_step=lambda step, loss: losses.append(loss))
    assert len(losses) == 3
    assert np.isfinite(losses).all()
    end = weights(amplifier)
    # lora_A starts to move one step after lora_B, which starts at zero.
    assert [name for name in end if torch.equal(start[name], end[name])] == []
    amplifier.detach()
    now = {f"{part}.{name}": tensor for part in ("unet", "vae", "encoder") for name, tensor in getattr(backbone, part).state_dict().items()}
    assert same(frozen, now)


def test_training_learns(backbone: Backbone):
    """Twelve steps on one example: the loss of one fixed sample falls."""
    recipe = Recipe(steps=12, learning_rate=3e-2)
    prepared, scheduler = [prepare_style(backbone, STYLES["red"][:1])], make_scheduler("ddpm", backbone.schedule)

    def loss(amplifier: Amplifier) -> float:
        with torch.no_grad():
            samples = [draw_sample(amplifier, prepared, scheduler, np.random.default_rng(seed)) for seed in range(8)]
            errors = [sample.mask * (amplifier.predict(sample.noisy, sample.timestep, sample.context) - sample.noise) for sample in samples]
        return float(torch.stack(errors).square().mean())

    fresh = Amplifier(backbone, TINY)
    before = loss(fresh)
    fresh.detach()
    assert loss(fit({"red": STYLES["red"][:1]}, backbone, recipe=recipe, config=TINY)) < 0.95 * before


def test_resuming_is_as_if_it_had_never_stopped(fresh: Fresh, tmp_path: Path):
    straight = fit(STYLES, fresh(), recipe=replace(SHORT, steps=5), config=TINY)
    fit(STYLES, fresh(), recipe=SHORT, config=TINY, folder=tmp_path)
    seen: list[int] = []
    recipe = replace(SHORT, steps=5)
    resumed = fit(STYLES, fresh(), recipe=recipe, config=TINY, folder=tmp_path, resume=True, on_step=lambda step, _: seen.append(step))
    assert seen == [4, 5]
    assert same(weights(straight), weights(resumed))


def test_a_run_that_was_cut_off_goes_on_from_its_last_checkpoint(fresh: Fresh, tmp_path: Path):
    def cut_off(step: int, _: float) -> None:
        if step == 3:
            raise KeyboardInterrupt

    backbone, recipe = fresh(), replace(SHORT, steps=4)
    with pytest.raises(KeyboardInterrupt):
        fit(STYLES, backbone, recipe=recipe, config=TINY, folder=tmp_path, on_step=cut_off)
    # The interrupted run took its LoRA off again, so the same backbone serves.
    resumed = fit(STYLES, backbone, recipe=recipe, config=TINY, folder=tmp_path, resume=True)
    assert same(weights(resumed), weights(fit(STYLES, fresh(), recipe=recipe, config=TINY)))


def test_a_checkpoint_is_the_amplifier(fresh: Fresh, tmp_path: Path):
    trained = fit(STYLES, fresh(), recipe=SHORT, config=TINY, folder=tmp_path / "new" / "run")
    loaded = load_amplifier(tmp_path / "new/run/amplifier.safetensors", fresh())
    assert same(weights(trained), weights(loaded))
    assert sorted(path.name for path in (tmp_path / "new/run").iterdir()) == ["amplifier.safetensors", "resume.safetensors"]


def test_same_seed_same_weights(fresh: Fresh):
    first, again, other = (weights(fit(STYLES, fresh(), recipe=replace(SHORT, seed=seed), config=TINY)) for seed in (1, 1, 2))
    assert same(first, again)
    assert not same(first, other)


def test_a_finished_run_resumes_to_itself(fresh: Fresh, tmp_path: Path):
    done = fit(STYLES, fresh(), recipe=SHORT, config=TINY, folder=tmp_path)
    assert same(weights(done), weights(fit(STYLES, fresh(), recipe=SHORT, config=TINY, folder=tmp_path, resume=True)))


def test_half_precision_trains(sd_folder: Path):
    losses: list[float] = []
    amplifier = fit(STYLES, load_backbone(sd_folder, dtype=torch.bfloat16), recipe=SHORT, config=TINY, on_step=lambda _, loss: losses.append(loss))
    assert np.isfinite(losses).all()
    assert all(parameter.dtype == torch.float32 for parameter in amplifier.trainable().values())


def test_masks_keep_the_loss_off_the_rest(backbone: Backbone):
    masked, free = prepare_style(backbone, [example()]), prepare_style(backbone, [example()], uses_masks=False)
    assert masked.examples[0].mask.mean() < 0.7
    assert free.examples[0].mask.min() == 1


def test_windows_are_three_quarters_wide_and_everywhere(backbone: Backbone):
    windows = [draw_window(backbone, 0.75, np.random.default_rng(seed)) for seed in range(60)]
    assert {window.side for window in windows} == {12}
    assert {window.y for window in windows} == {window.x for window in windows} == set(range(5))
    assert draw_window(backbone, 1.0, np.random.default_rng(0)).side == 16
    assert draw_window(backbone, 0.01, np.random.default_rng(0)).side == 2


def test_pairs_come_as_before_and_after(backbone: Backbone):
    faces = [bare_face(seed, side=40) for seed in (8, 9)]
    made = list(amplify(STYLES["red"], faces, backbone, recipe=SHORT, knobs=SamplingKnobs(steps=2, strength=1.0)))
    assert len(made) == 2
    for (before, after), face in zip(made, faces, strict=True):
        assert before is face.image
        assert after.shape == (40, 40, 3)
        assert after.dtype == np.float32
        assert not np.array_equal(before, after)


def test_styles_mix_after_training_them_together(backbone: Backbone):
    face = bare_face(side=32)
    ((before, after),) = amplify(STYLES, [face], backbone, recipe=replace(SHORT, steps=1), regions={"lips": "red", "eyes": "green"})
    moved = (before != after).any(-1)
    assert moved[face.masks["lips"] == 1].mean() > 0.9
    assert not moved[face.masks["face"] == 1].any()


@pytest.mark.parametrize("styles", [{}, {"red": []}, {"red": STYLES["red"], "green": []}])
def test_nothing_to_learn_from_is_refused(backbone: Backbone, styles: dict[str, list[Example]]):
    with pytest.raises(UsageError, match="at least one"):
        fit(styles, backbone, recipe=SHORT, config=TINY)
    Amplifier(backbone, TINY)


def test_a_wrong_mix_is_refused_before_training(backbone: Backbone):
    with pytest.raises(UsageError, match="say which region wears which"):
        amplify(STYLES, [bare_face()], backbone)


@pytest.mark.parametrize(
    "values",
    [{"steps": 0}, {"checkpoint_every": 0}, {"seed": -1}, {"learning_rate": 0.0}, {"max_norm": -1.0}, {"crop_share": 1.5}, {"crop_weight": -1.0}],
)
def test_senseless_recipes_are_refused(values: dict[str, float]):
    with pytest.raises(UsageError, match=next(iter(values))):
        Recipe(**values)  # type: ignore[arg-type]


def test_a_loss_that_is_not_finite_stops_the_run_and_frees_the_backbone(backbone: Backbone, tmp_path: Path):
    backbone.unet.conv_out.bias.data.fill_(float("inf"))
    with pytest.raises(KohlError, match=r"the loss became (inf|nan) at step 1; lower the learning rate"):
        fit(STYLES, backbone, recipe=SHORT, config=TINY, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    Amplifier(backbone, TINY)


@pytest.fixture(scope="module")
def finished_run(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    fit(STYLES, fresh(), recipe=replace(SHORT, steps=1), config=TINY, folder=folder)
    return folder


class TestResumingIsRefused:
    @pytest.fixture(autouse=True)
    def _leaves_the_backbone_free(self, backbone: Backbone) -> Iterator[None]:
        yield
        Amplifier(backbone, TINY)

    def test_over_another_run_without_being_asked(self, finished_run: Path, backbone: Backbone):
        with pytest.raises(OutputExistsError, match="resume=True"):
            fit(STYLES, backbone, recipe=SHORT, config=TINY, folder=finished_run)

    def test_without_a_folder(self, backbone: Backbone):
        with pytest.raises(UsageError, match="needs the folder"):
            fit(STYLES, backbone, recipe=SHORT, config=TINY, resume=True)

    def test_where_there_is_no_checkpoint(self, backbone: Backbone, tmp_path: Path):
        with pytest.raises(MissingModelError, match=r"resume\.safetensors"):
            fit(STYLES, backbone, recipe=SHORT, config=TINY, folder=tmp_path, resume=True)

    def test_with_another_recipe(self, finished_run: Path, backbone: Backbone):
        with pytest.raises(UsageError, match="trained with another recipe"):
            fit(STYLES, backbone, recipe=replace(SHORT, learning_rate=1.0), config=TINY, folder=finished_run, resume=True)

    def test_with_another_config(self, finished_run: Path, backbone: Backbone):
        with pytest.raises(UsageError, match="trained with another config"):
            fit(STYLES, backbone, recipe=SHORT, config=SD15, folder=finished_run, resume=True)

    def test_on_another_backbone(self, finished_run: Path, backbone: Backbone, tmp_path: Path):
        with safe_open(finished_run / "resume.safetensors", "pt") as file:
            metadata = file.metadata()
        tensors = load_file(finished_run / "resume.safetensors")
        save_file(tensors | {"projector.linear.bias": torch.zeros(3)}, tmp_path / "resume.safetensors", metadata=metadata)
        with pytest.raises(UsageError, match="does not fit this backbone"):
            fit(STYLES, backbone, recipe=SHORT, config=TINY, folder=tmp_path, resume=True)
