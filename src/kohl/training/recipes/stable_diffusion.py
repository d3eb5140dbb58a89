"""Adapting Stable Diffusion to a few before/after pairs (Jin et al. 2024, arXiv 2403.15033): LoRA and one projector.

    amplifier = fit({"plum": pairs}, load_backbone("sd15", image_encoder="image_encoder"), folder=Path("runs/plum"))

The published run takes about 50 minutes on a V100 (batch 1, 512×512, 500 epochs of five pairs). Ours has not been run on real
weights: there is no number of our own to expect.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from kohl.core.arrays import Image
from kohl.core.errors import KohlError, OutputExistsError, UsageError
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.batches import PreparedStyle, draw_sample, draw_window, prepare_style
from kohl.methods.amplifier.stable_diffusion.config import SD15, AmplifierConfig, SamplingKnobs
from kohl.methods.amplifier.stable_diffusion.examples import BareFace, Example
from kohl.methods.amplifier.stable_diffusion.files import read_tensors, save_amplifier, write_tensors
from kohl.methods.amplifier.stable_diffusion.generating import DEFAULT_KNOBS, check_regions, generate
from kohl.methods.amplifier.stable_diffusion.losses import amplifier_loss
from kohl.methods.amplifier.stable_diffusion.model import Amplifier
from kohl.methods.amplifier.stable_diffusion.sampling import make_scheduler
from kohl.methods.amplifier.stable_diffusion.styles import embed_style

WEIGHTS_FILE = "amplifier.safetensors"
"""What was learned; all that using it needs."""
RESUME_FILE = "resume.safetensors"
"""The same with the optimiser's memory, in one file, so that the two can't disagree; only resuming needs it."""
RESUME_FORMAT = "kohl.stable_diffusion_resume.1"
MOMENTS = ("exp_avg", "exp_avg_sq")
"""AdamW's memory, in torch's names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The published training, by default. Raises UsageError where a number makes no sense."""

    steps: int = 2500
    """Samples in all, one at a time: the paper's 500 epochs of five pairs."""
    learning_rate: float = 1e-4
    weight_decay: float = 1e-2
    max_norm: float = 1.0
    """Gradients longer than this are shortened to it."""
    crop_weight: float = 5.0
    """Weight of the loss on the window; 0 leaves the second pass out."""
    crop_share: float = 0.75
    """Side of the window, as a share of the latent's: 48 of 64."""
    uses_masks: bool = True
    """Whether the loss counts only where makeup may be."""
    checkpoint_every: int = 250
    """Steps between two checkpoints."""
    seed: int = 0

    def __post_init__(self) -> None:
        if self.steps < 1 or self.checkpoint_every < 1 or self.seed < 0:
            raise UsageError(f"steps and checkpoint_every must be at least 1 and seed at least 0, got {self}")
        if not (self.learning_rate > 0 and self.max_norm > 0):
            raise UsageError(f"learning_rate and max_norm must be above 0, got {self}")
        if not (self.weight_decay >= 0 and self.crop_weight >= 0 and 0 < self.crop_share <= 1):
            raise UsageError(f"weight_decay and crop_weight must be at least 0 and crop_share in (0, 1], got {self}")


PUBLISHED = Recipe()
Styles = Mapping[str, Sequence[Example]]
"""Example pairs by the name of their style."""
OnStep = Callable[[int, float], None]
"""Called after every step with its number, from 1, and its loss."""


@dataclass(frozen=True, eq=False)
class Memory:
    """What resuming starts from: the `steps` done, and by name the weights and AdamW's moments."""

    steps: int
    tensors: Mapping[str, Tensor]


def amplify(
    pairs: Sequence[Example] | Styles,
    faces: Iterable[BareFace],
    backbone: Backbone,
    *,
    recipe: Recipe = PUBLISHED,
    regions: Mapping[str, str] | None = None,
    knobs: SamplingKnobs = DEFAULT_KNOBS,
) -> Iterator[tuple[Image, Image]]:
    """Learn the look of `pairs`, then put it on `faces`: yields (before, after), each (S, S, 3) float32 [0, 1], aligned to the pixel.

    Training happens in this call, the pairs then come one by one. `pairs` may hold several styles by name; `regions` says which
    region wears which. To keep what was learned call `fit`, then `generate`, yourself: this is the two in a row, and raises as they do.
    """
    styles = dict(pairs) if isinstance(pairs, Mapping) else {"look": pairs}
    # A wrong mix is refused now, not after an hour of training.
    check_regions(styles, regions)
    amplifier = fit(styles, backbone, recipe=recipe)
    embedded = {name: embed_style(backbone, examples) for name, examples in styles.items()}
    made = generate(amplifier, embedded, faces, regions=regions, knobs=knobs, seed=recipe.seed)
    return ((example.before, example.after) for example in made)


def fit(
    styles: Styles,
    backbone: Backbone,
    *,
    recipe: Recipe = PUBLISHED,
    config: AmplifierConfig = SD15,
    folder: Path | None = None,
    resume: bool = False,
    on_step: OnStep | None = None,
) -> Amplifier:
    """Train an amplifier. One LoRA and one projector serve all styles.

    Parameters
    ----------
    styles
        Example pairs by the name of their style; at least one each.
    backbone
        Gets the LoRA; see `Amplifier`. When training fails it is given back without.
    recipe, config
        The loop's numbers, and the sizes of what is trained.
    folder
        Where checkpoints go (`amplifier.safetensors`, `resume.safetensors`); it is made. None writes nothing.
    resume
        Go on from `folder`. Every step draws from its own number and the seed, so this ends where one straight run ends.
    on_step
        Told about every step.

    Raises
    ------
    UsageError
        No style or no example; resuming without a folder, or with another recipe, config or backbone; a backbone that is taken.
    MissingModelError
        Resuming where there is no checkpoint, or a damaged one.
    OutputExistsError
        `folder` has a checkpoint already and `resume` is not set.
    KohlError
        The loss became infinite or not a number.
    """
    check_styles(styles)
    memory = read_memory(folder, recipe, config) if resume else None
    if not resume:
        check_fresh(folder)
    amplifier = Amplifier(backbone, config, seed=recipe.seed)
    try:
        _train(amplifier, styles, recipe, folder=folder, memory=memory, on_step=on_step)
    except BaseException:
        amplifier.detach()
        raise
    return amplifier


def _train(amplifier: Amplifier, styles: Styles, recipe: Recipe, *, folder: Path | None, memory: Memory | None, on_step: OnStep | None) -> None:
    """The loop; read it downward."""
    trainable = amplifier.trainable()
    optimizer = torch.optim.AdamW(trainable.values(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, betas=(0.9, 0.999))
    done = remember(amplifier, optimizer, memory) if memory else 0
    prepared = [prepare_style(amplifier.backbone, examples, uses_masks=recipe.uses_masks) for examples in styles.values()]
    scheduler = make_scheduler("ddpm", amplifier.backbone.schedule)

    for step in range(done + 1, recipe.steps + 1):
        loss = _loss(amplifier, prepared, scheduler, recipe, step)
        value = loss.item()
        if not math.isfinite(value):
            raise KohlError(f"the loss became {value} at step {step}; lower the learning rate, or load the backbone in float32 or bfloat16")
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trainable.values(), recipe.max_norm)
        optimizer.step()
        if folder is not None and (step % recipe.checkpoint_every == 0 or step == recipe.steps):
            save_checkpoint(folder, amplifier, optimizer, recipe, step)
        if on_step is not None:
            on_step(step, value)


def _loss(amplifier: Amplifier, styles: Sequence[PreparedStyle], scheduler: Any, recipe: Recipe, step: int) -> Tensor:
    """The loss of step number `step`: all its randomness comes from that number and the seed, so resuming needs no state of a generator."""
    rng = np.random.default_rng([recipe.seed, step])
    sample = draw_sample(amplifier, styles, scheduler, rng)
    window = draw_window(amplifier.backbone, recipe.crop_share, rng)
    return amplifier_loss(amplifier.predict, sample, window, crop_weight=recipe.crop_weight)


def check_styles(styles: Styles) -> None:
    """Require at least one style, each with at least one example. Raises UsageError."""
    if not styles:
        raise UsageError("expected at least one style with its example pairs, got none")
    if empty := [name for name, examples in styles.items() if not examples]:
        raise UsageError(f"every style needs at least one example pair, got none for {', '.join(empty)}")


def check_fresh(folder: Path | None) -> None:
    """Refuse to start over a checkpoint. Raises OutputExistsError."""
    for name in (WEIGHTS_FILE, RESUME_FILE):
        if folder is not None and (folder / name).exists():
            raise OutputExistsError(f"{folder / name} is the checkpoint of another run; go on with resume=True, or choose another folder")


def save_checkpoint(folder: Path, amplifier: Amplifier, optimizer: torch.optim.Optimizer, recipe: Recipe, step: int) -> None:
    """Write both files. Raises OutputError."""
    folder.mkdir(parents=True, exist_ok=True)
    meta = {"format": RESUME_FORMAT, "step": step, "recipe": _fixed(recipe), "config": asdict(amplifier.config)}
    trainable = amplifier.trainable()
    moments = {f"{kind}.{name}": optimizer.state[parameter][kind] for name, parameter in trainable.items() for kind in MOMENTS}
    write_tensors(folder / RESUME_FILE, trainable | moments, meta, force=True)
    save_amplifier(amplifier, folder / WEIGHTS_FILE, force=True)


def read_memory(folder: Path | None, recipe: Recipe, config: AmplifierConfig) -> Memory:
    """Read the checkpoint to go on from. Raises MissingModelError and UsageError as `fit`."""
    if folder is None:
        raise UsageError("resume=True needs the folder of the run to go on with, got None")
    tensors, meta = read_tensors(folder / RESUME_FILE, RESUME_FORMAT)
    for name, asked in {"recipe": _fixed(recipe), "config": asdict(config)}.items():
        if meta[name] != asked:
            raise UsageError(
                f"{folder} was trained with another {name}: expected {json.dumps(meta[name])}, got {json.dumps(asked)}; resume with its own"
            )
    return Memory(int(meta["step"]), tensors)


def remember(amplifier: Amplifier, optimizer: torch.optim.Optimizer, memory: Memory) -> int:
    """Take over weights and moments; returns the steps done. Raises UsageError where they belong to another backbone."""
    trainable = amplifier.trainable()
    weights = {name: tensor for name, tensor in memory.tensors.items() if not name.startswith(MOMENTS)}
    amplifier.load_weights(weights, source=RESUME_FILE)
    for name, parameter in trainable.items():
        moments = {kind: memory.tensors[f"{kind}.{name}"].to(parameter.device) for kind in MOMENTS}
        optimizer.state[parameter] = {"step": torch.tensor(float(memory.steps)), **moments}
    return memory.steps


def _fixed(recipe: Recipe) -> dict[str, Any]:
    """What may not change between a run and its resumption: all but its length and how often it saves."""
    return {name: value for name, value in asdict(recipe).items() if name not in ("steps", "checkpoint_every")}
