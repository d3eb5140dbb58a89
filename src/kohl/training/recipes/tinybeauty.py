"""One look into a tiny network: from pairs, true ones and amplified ones, by pixel losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from kohl.core.arrays import AnyArray
from kohl.core.errors import UsageError
from kohl.methods.tinybeauty.config import MOBILE, TinyBeautySpec
from kohl.methods.tinybeauty.losses import eyeliner_loss, feature_loss, gradient_loss, pixel_loss
from kohl.methods.tinybeauty.model import TinyBeauty
from kohl.methods.tinybeauty.onnx_model import model_from_onnx
from kohl.nn.devices import follow
from kohl.training.checkpoints import read_tensors
from kohl.training.loop import Losses, Schedule, Step, Watching, fit
from kohl.training.loose_crops import EXACT, Looseness, check_sheets, cut, cut_batch, to_tensor
from kohl.training.recipes.adversary import Adversary

_SHIPPED = Path(__file__).parents[2] / "methods" / "tinybeauty"
TRUNK = _SHIPPED / "trunk.safetensors"
"""What `kohl.training.recipes.trunk` taught; see its card."""
LEARNED = _SHIPPED / "looks" / "plum-evening.onnx"
"""A look of middle strength: a network that already paints lips, lids, lashes, cheeks and skin learns another look in a third of the steps."""
_AS_GOOD_AS_AMPLIFIED = 15
"""Number of true pairs that are worth as much of a batch as all that the amplifier makes of them."""
Start: TypeAlias = Literal["learned", "trunk", "random"]
STARTS: Mapping[Start, str] = {
    "learned": f"the network began as kohl's learned/{LEARNED.stem}",
    "trunk": "the network began with kohl's trunk",
    "random": "the network began with random weights",
}
"""Start → how a card says it: what the start was trained on, a look was trained on too."""


@dataclass(frozen=True, slots=True)
class StudentRecipe:
    """How a tiny network learns a look."""

    schedule: Schedule = field(default_factory=lambda: Schedule(steps=1500, learning_rate=4e-3))
    batch: int = 8
    eyeliner: float = 0.1
    """Weight of the Sobel loss around the eyes; 0 leaves it out."""
    structure: float = 0.2
    """Weight of the gradient loss; 0 leaves it out."""
    perceptual: float = 0.0
    """Weight of the feature loss, in the eyes of the shipped trunk."""
    adversarial: float = 0.0
    """Weight of what a critic, taught beside the network, says against its work."""
    true_share: float = 0.25
    """Least share of each batch that is drawn from the true pairs, where there are amplified ones beside them; see `share_of_true`."""
    start: Start = "learned"
    """What the network is before it learns: a learned look of the wheel (see LEARNED), the trunk alone, or random weights."""
    looseness: Looseness = field(default_factory=Looseness)
    spec: TinyBeautySpec = MOBILE


@dataclass(frozen=True, eq=False)
class Sheets:
    """Pictures before and after, (N, SIDE, SIDE, 3) uint8, and where eyes are, (N, SIDE, SIDE, 1) uint8."""

    before: AnyArray
    after: AnyArray
    eyes: AnyArray

    def __post_init__(self) -> None:
        check_sheets(self.before, self.after, self.eyes)

    @property
    def unit(self) -> float:
        """Root mean square of the change, sRGB [0, 1]: what losses are counted in. Raises UsageError where nothing changes."""
        squares = [np.square(after.astype(np.float32) - before).mean() for before, after in zip(self.before, self.after, strict=True)]
        unit = float(np.sqrt(np.mean(squares))) / 255
        if unit == 0:
            raise UsageError("expected pairs in which something changes, but every after equals its before")
        return unit

    def part(self, numbers: Sequence[int] | AnyArray) -> Sheets:
        """The sheets of these numbers, in this order."""
        return Sheets(self.before[numbers], self.after[numbers], self.eyes[numbers])

    def batch(self, size: int, random: np.random.Generator, looseness: Looseness) -> list[Tensor]:
        """Crops before and after and eye masks, (size, C, 256, 256) each."""
        return cut_batch((self.before, self.after, self.eyes), size, random, looseness)


def learn_look(
    true: Sheets,
    amplified: Sheets | None,
    recipe: StudentRecipe,
    *,
    seed: int = 0,
    watching: Watching | None = None,
    device: str | torch.device = "cpu",
    onwards: TinyBeauty | None = None,
) -> TinyBeauty:
    """Teach a tiny network the look of the pairs, on `device`.

    true: the artist's pairs. amplified: what the amplifier made of them, or None for plain augmentation of the true ones alone.
    onwards: a network of the recipe's spec that goes on learning, in place of the recipe's start; it is left as it is.
    Returns the network in evaluation mode. Raises as `fit`, and UsageError where nothing changes.
    """
    torch.manual_seed(seed)
    network = TinyBeauty(recipe.spec)
    if onwards is None:
        begin(network, recipe.start)
    else:
        network.load_state_dict(onwards.state_dict())
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    watching = watching or Watching()
    terms = Terms(recipe, true.unit, device)
    watching.beside.update(terms.taught_beside)
    fitted = fit(network, student_step(true, amplified, recipe, terms), recipe.schedule, seed=seed, watching=watching, device=device)
    assert isinstance(fitted, TinyBeauty)  # noqa: S101  for the type checker: fit gives back what it was given
    return fitted


def begin(network: TinyBeauty, start: Start) -> None:
    """Give a fresh network the weights of `start`.

    Raises UsageError where the network has another shape than what is shipped, InputError or ModelFormatError where that is damaged.
    """
    try:
        if start == "learned":
            network.load_state_dict(model_from_onnx(LEARNED).state_dict())
        elif start == "trunk":
            network.trunk.load_state_dict({name: value.float() for name, value in read_tensors(TRUNK)[1].items()})
    except RuntimeError as error:
        raise UsageError(f"what is shipped fits the spec 'mobile' alone, not {network.spec}; train with start='random'") from error


class Terms:
    """The weighted losses of a recipe. `unit`: see `kohl.methods.tinybeauty.losses`; `device`: where the batches are."""

    def __init__(self, recipe: StudentRecipe, unit: float, device: str | torch.device = "cpu") -> None:
        self._recipe, self._unit = recipe, unit
        self._adversary = Adversary(unit, device) if recipe.adversarial else None
        self._eyes_of_another = _frozen_trunk().to(device) if recipe.perceptual else None

    @property
    def taught_beside(self) -> dict[str, nn.Module]:
        """Networks that learn beside the one that is trained, by name."""
        return {} if self._adversary is None else {"critic": self._adversary.critic}

    def __call__(self, before: Tensor, made: Tensor, wanted: Tensor, eyes: Tensor) -> Losses:
        """Losses of a batch: bare faces, residuals made and wanted (B, 3, H, W), and where eyes are (B, 1, H, W)."""
        recipe, unit = self._recipe, self._unit
        losses = {"pixels": pixel_loss(made, wanted, unit)}
        if recipe.eyeliner:
            losses["eyeliner"] = recipe.eyeliner * eyeliner_loss(made, wanted, eyes, unit)
        if recipe.structure:
            losses["structure"] = recipe.structure * gradient_loss(made, wanted, unit)
        if self._eyes_of_another is not None:
            losses["perceptual"] = recipe.perceptual * feature_loss(self._eyes_of_another, before, made, wanted)
        if self._adversary is not None:
            losses["adversarial"] = recipe.adversarial * self._adversary(before, made, wanted)
        return losses


def _frozen_trunk() -> nn.Module:
    judge = TinyBeauty()
    begin(judge, "trunk")
    return judge.trunk.eval().requires_grad_(requires_grad=False)


def share_of_true(pairs: int, recipe: StudentRecipe) -> float:
    """Share of each batch that is drawn from so many true pairs: the more there are, the less is left for the amplifier to say."""
    return max(recipe.true_share, pairs / (pairs + _AS_GOOD_AS_AMPLIFIED))


def student_step(true: Sheets, amplified: Sheets | None, recipe: StudentRecipe, terms: Terms) -> Step:
    """A step of training on loose crops of true and amplified pairs."""
    num_true = recipe.batch if amplified is None else max(1, round(recipe.batch * share_of_true(len(true.before), recipe)))

    def run(network: nn.Module, random: np.random.Generator) -> Losses:
        parts = [true.batch(num_true, random, recipe.looseness)]
        if amplified is not None and num_true < recipe.batch:
            parts.append(amplified.batch(recipe.batch - num_true, random, recipe.looseness))
        before, after, eyes = follow(network, (torch.cat(tensors) for tensors in zip(*parts, strict=True)))
        return terms(before, network(before), after - before, eyes)

    return run


@torch.no_grad()
def put_on(network: nn.Module, sheets: AnyArray, *, at_once: int = 16) -> AnyArray:
    """Wear the look: middle crops (N, 256, 256, 3) uint8 after, of `sheets` (N, SIDE, SIDE, 3) uint8 before."""
    made = []
    for first in range(0, len(sheets), at_once):
        crops = to_tensor(middle_crops(sheets[first : first + at_once]))
        made.append(((crops + network(crops)).clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy())
    result: AnyArray = np.concatenate(made)
    return result


def middle_crops(sheets: AnyArray) -> AnyArray:
    """The crops (N, 256, 256, 3) that the analyser's own box gives, of sheets (N, SIDE, SIDE, 3) uint8."""
    exact = EXACT.draw(np.random.default_rng(0))
    crops: AnyArray = np.stack([cut(sheet, exact) for sheet in sheets])
    return crops


def psnr_each(made: AnyArray, wanted: AnyArray) -> Sequence[float]:
    """PSNR in dB of each of (N, H, W, 3) uint8 against its twin; 60 for equal ones."""
    errors = np.square(made.astype(np.float32) - wanted).mean(axis=(1, 2, 3)) / 255**2
    return [float(value) for value in -10 * np.log10(np.maximum(errors, 1e-6))]


def shorter(recipe: StudentRecipe, steps: int) -> StudentRecipe:
    """The same recipe over `steps` steps."""
    return replace(recipe, schedule=replace(recipe.schedule, steps=steps))
