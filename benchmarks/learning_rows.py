"""The arms of the DAL table, and the training and measuring of one row of it (`learning.py` makes the table)."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.color.skin import ita_bin
from kohl.core.arrays import AnyArray
from kohl.core.images import open_image, save_image
from kohl.data import painters
from kohl.data.faces_folder import FaceSet, load_faces
from kohl.data.painters.base import Painter
from kohl.evaluation.machine import commit_of
from kohl.evaluation.metrics.structure import ssim
from kohl.methods.amplifier.chart_lines import Example
from kohl.methods.amplifier.method import Amplifier, AmplifierKnobs
from kohl.methods.amplifier.situations import Style
from kohl.methods.amplifier.trust import trust_in_prior
from kohl.training.learning.material import amplify, stack_sheets
from kohl.training.learning.prior import load_prior
from kohl.training.loop import fit
from kohl.training.loose_crops import to_bytes
from kohl.training.recipes.amplifier import adapt
from kohl.training.recipes.tinybeauty import (
    Sheets,
    StudentRecipe,
    Terms,
    learn_look,
    middle_crops,
    psnr_each,
    put_on,
    shorter,
    student_step,
)
from portraits import FACES, portrait, portraits
from published_tinybeauty import PublishedTinyBeauty
from record import ROOT

Row = dict[str, object]
"""What was measured of one trained network."""
SPLITS = ("train", "test")
SEED = 11
"""Of the training."""
PAIRS = (
    372, 230, 63, 81, 790, 394, 67, 122, 189, 112, 651, 578, 612, 284, 873, 427, 445, 544, 279, 661, 502, 417, 605, 231, 893,
    400, 238, 21, 6, 76, 362, 312, 635, 561, 133, 468, 389, 386, 554, 818, 512, 591, 102, 761, 876, 273, 233, 14, 146, 56,
)  # fmt: skip
"""Lines of the portraits' index whose faces the artist edits: frontal, one of each fifth of the skin tones in turn, drawn once. They stand
here because a rule of yaw chose others as soon as a mesh moved by a pixel, and rows of two engines were about other people.
"""
SHOWN = ("female_091", "female_033", "male_059", "female_046", "male_036", "male_049")
"""Whose results are kept as pictures where they are asked for: synthetic people of the test split, very light to dark."""
_CHANGED = 6.0 / 255
"""A pixel counts as changed area where a channel differs by this much."""
_SSIM_FACES = 40
"""SSIM is slow; it is taken over this many of the test faces, evenly spread."""


@dataclass(frozen=True)
class Place:
    """Where rows are made: `cache` keeps analysed crops, `works` the artists' work for all processes of one run, `device` trains; `shown` takes
    the pictures of `SHOWN`, where one wants them.
    """

    cache: str | None
    works: str
    device: str
    shown: str | None = None


@dataclass(frozen=True)
class Asked:
    """One row: whose work, which arm, from how many pairs, over how many steps."""

    artist: str
    arm: str
    pairs: int
    steps: int

    @property
    def key(self) -> str:
        """Its name in docs/results/learning-rows.json."""
        return f"{self.artist} | {self.arm} | {self.pairs} | {self.steps}"

    @property
    def material(self) -> tuple[object, ...]:
        """Equal for rows that are trained on the same sheets."""
        arm = ARMS[self.arm]
        return self.artist, self.pairs, arm.is_plain or arm.is_oracle, repr(arm.knobs), arm.without_prior, arm.adapt_steps


@dataclass(frozen=True, slots=True)
class Arm:
    """How an arm differs from the full amplified one."""

    what: str
    knobs: AmplifierKnobs = field(default_factory=AmplifierKnobs)
    recipe: Callable[[StudentRecipe], StudentRecipe] = lambda recipe: recipe
    is_plain: bool = False
    is_oracle: bool = False
    without_prior: bool = False
    adapt_steps: int = 0
    published: bool = False
    """Whether the network of the published shape learns, in place of ours."""


def at_quarter_rate(recipe: StudentRecipe) -> StudentRecipe:
    """The same recipe at a quarter of its learning rate."""
    return replace(recipe, schedule=replace(recipe.schedule, learning_rate=recipe.schedule.learning_rate / 4))


def from_random(recipe: StudentRecipe) -> StudentRecipe:
    """The same recipe from random weights."""
    return replace(recipe, start="random")


def from_trunk(recipe: StudentRecipe) -> StudentRecipe:
    """The same recipe from the trunk, which knows faces and no makeup."""
    return replace(recipe, start="trunk")


ARMS = {
    "nothing": Arm("(a) nothing", is_plain=True),
    "plain": Arm("(b) pairs, plain augmentation", is_plain=True),
    "amplified": Arm("(c) pairs and amplifier"),
    "oracle": Arm("(d) true pairs of all training faces", is_oracle=True),
    "no-prior": Arm("(c) without the diffusion prior: the chart's lines alone", without_prior=True),
    "no-tokens": Arm("(c) without style tokens", knobs=AmplifierKnobs(style_tokens=False)),
    "no-masks": Arm("(c) without region masks", knobs=AmplifierKnobs(confine=False)),
    "no-composition": Arm("(c) without the residual composition", knobs=AmplifierKnobs(compose=False)),
    "no-eyeliner": Arm("(c) without the eyeliner loss", recipe=lambda recipe: replace(recipe, eyeliner=0.0)),
    "no-structure": Arm("(c) without the structural loss", recipe=lambda recipe: replace(recipe, structure=0.0)),
    "perceptual": Arm("(c) with a perceptual loss beside", recipe=lambda recipe: replace(recipe, perceptual=0.3)),
    "adversarial": Arm("(c) with an adversarial loss beside", recipe=lambda recipe: replace(recipe, adversarial=0.03)),
    "adapted": Arm("(c) with the prior fitted to the pairs, 150 steps of LoRA", adapt_steps=150),
    "plain-from-trunk": Arm("(b) from the trunk", is_plain=True, recipe=from_trunk),
    "amplified-from-trunk": Arm("(c) from the trunk, not from a learned look", recipe=from_trunk),
    "oracle-from-trunk": Arm("(d) from the trunk", is_oracle=True, recipe=from_trunk),
    "amplified-from-random": Arm("(c) from random weights", recipe=from_random),
    "oracle-from-random": Arm("ours, from random weights", is_oracle=True, recipe=from_random),
    "published": Arm("the published shape, from random weights", is_oracle=True, published=True),
    "published-slower": Arm("the same, at a quarter of the learning rate", is_oracle=True, published=True, recipe=at_quarter_rate),
}
MAIN = ("plain", "amplified", "oracle")
FROM_TRUNK = tuple(f"{name}-from-trunk" for name in MAIN)
SHAPES = ("oracle", "oracle-from-random", "published", "published-slower")
ABLATIONS = tuple(name for name in ARMS if name not in ("nothing", *MAIN, "plain-from-trunk", "oracle-from-trunk", *SHAPES))


@functools.cache
def crops(split: str, cache: str | None) -> FaceSet:
    """The faces of a split of ../shared/data/faces."""
    return load_faces(FACES, split=split, cache=None if cache is None else f"{cache}/{split}")


def paint_work(artist: str, split: str, place: Place) -> None:
    """Paint the artist's own work on all faces of a split, the truth, and leave it in `place.works`."""
    painter = painters.create(artist)
    work = stack_sheets((crop.image, to_bytes(painter.paint(crop.pixels, crop.face())), crop.face()) for crop in crops(split, place.cache))
    for name in ("before", "after", "eyes"):
        np.save(_work_file(artist, split, name, place), getattr(work, name))
    if split == "test":
        _show(bare_of(artist), middle_crops(work.before), place)
        _show(truth_of(artist), middle_crops(work.after), place)


def work_of(artist: str, split: str, place: Place) -> Sheets:
    """What `paint_work` left."""
    return Sheets(*(np.load(_work_file(artist, split, name, place), mmap_mode="r") for name in ("before", "after", "eyes")))


def _work_file(artist: str, split: str, name: str, place: Place) -> Path:
    return Path(place.works) / f"{artist}-{split}-{name}.npy"


@functools.cache
def choose_pairs(count: int, cache: str | None) -> list[int]:
    """Numbers of the training faces that the artist edits, the first ones the same for every count."""
    files = [item.file for item in portraits()]
    names = crops("train", cache).names
    return [names.index(files[line]) for line in PAIRS[:count]]


def amplified_sheets(painter: Painter, chosen: Sequence[int], arm: Arm, place: Place) -> Sheets:
    """The amplifier's work on all training faces, from the chosen pairs alone."""
    faces = crops("train", place.cache)
    examples = [Example(crop.pixels, painter.paint(crop.pixels, crop.face()), crop.face()) for crop in (faces[number] for number in chosen)]
    amplifier = Amplifier(None) if arm.without_prior else load_prior()
    if arm.adapt_steps:
        amplifier = adapt(amplifier, examples, arm.adapt_steps, seed=SEED)
    amplifier.to(place.device)
    knobs = replace(arm.knobs, trust=trust_in_prior(amplifier, examples, arm.knobs))
    return amplify(Style.of(examples), ((crop.pixels, crop.face()) for crop in faces), amplifier, knobs, seed=SEED)


def make_rows(asked: Sequence[Asked], place: Place) -> list[tuple[str, Row]]:
    """Train and measure rows of one material, which is made once: (key, row) each."""
    began, first = time.process_time(), asked[0]
    arm, painter = ARMS[first.arm], painters.create(first.artist)
    chosen, whole = choose_pairs(first.pairs, place.cache), work_of(first.artist, "train", place)
    alone = arm.is_plain or arm.is_oracle
    amplified = None if alone else amplified_sheets(painter, chosen, arm, place)
    reached = {} if amplified is None else {"amplifier": _decibels_of(amplified, whole)}
    prepared = round(time.process_time() - began)
    return [(one.key, _make_row(one, chosen, whole, amplified, place) | reached | {"cpu_seconds_before_training": prepared}) for one in asked]


def _make_row(asked: Asked, chosen: Sequence[int], whole: Sheets, amplified: Sheets | None, place: Place) -> Row:
    began, arm = time.process_time(), ARMS[asked.arm]
    test = work_of(asked.artist, "test", place)
    if asked.arm == "nothing":
        return measure(middle_crops(test.before), test, place.cache)
    true, more = whole.part(chosen), whole if arm.is_oracle else amplified
    recipe = shorter(arm.recipe(StudentRecipe()), asked.steps)
    learn = learn_published if arm.published else learn_look
    network = learn(true, more, recipe, seed=SEED, device=place.device)
    made = put_on(network, test.before)
    numbers = measure(made, test, place.cache)
    _show(asked.key, made, place)
    trained = {"cpu_seconds": round(time.process_time() - began), "device": _name_of(place.device), "commit": commit_of(ROOT)[0]}
    return numbers | trained


def bare_of(artist: str) -> str:
    """What the picture of the bare faces is called."""
    return f"{artist} | bare"


def truth_of(artist: str) -> str:
    """What the picture of the artist's own work is called."""
    return f"{artist} | truth"


def picture_file(folder: str | Path, name: str) -> Path:
    """Where the picture of a row, by its key, or of one of the two above lies."""
    return Path(folder) / f"{name.replace(' | ', '_')}.png"


def _show(name: str, pictures: AnyArray, place: Place) -> None:
    """Keep what was made of `SHOWN`, side by side, where one wants it."""
    if place.shown is None:
        return
    names, path = crops("test", place.cache).names, picture_file(place.shown, name)
    strip = np.concatenate([pictures[names.index(f"faker/{face}.jpg")] for face in SHOWN], axis=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_image(path, open_image(strip), _unit(strip), force=True)


def learn_published(true: Sheets, more: Sheets | None, recipe: StudentRecipe, *, seed: int, device: str) -> nn.Module:
    """As `learn_look`, with the network that was published, from random weights."""
    torch.manual_seed(seed)
    network = PublishedTinyBeauty().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return fit(network, student_step(true, more, recipe, Terms(recipe, true.unit, device)), recipe.schedule, seed=seed, device=device)


def _decibels_of(made: Sheets, wanted: Sheets) -> float:
    return float(np.mean(psnr_each(middle_crops(made.after), middle_crops(wanted.after))))


def _name_of(device: str) -> str:
    return torch.cuda.get_device_name() if device == "cuda" else device


def measure(made: AnyArray, test: Sheets, cache: str | None) -> dict[str, object]:
    """PSNR (mean, by skin tone), SSIM, and ΔE2000 in the changed area, of results (N, 256, 256, 3) uint8 against the artist's own."""
    before, wanted = middle_crops(test.before), middle_crops(test.after)
    decibels = np.array(psnr_each(made, wanted))
    tones = np.array([str(ita_bin(portrait(name).ita)) for name in crops("test", cache).names])
    some = np.linspace(0, len(made) - 1, _SSIM_FACES).astype(int)
    return {
        "psnr": float(decibels.mean()),
        "psnr_worst_twentieth": float(np.percentile(decibels, 5)),
        "psnr_by_tone": {tone: float(decibels[tones == tone].mean()) for tone in sorted(set(tones))},
        "ssim": float(np.mean([ssim(_unit(made[number]), _unit(wanted[number])) for number in some])),
        "delta_e_changed": float(np.mean([_changed_error(*pictures) for pictures in zip(before, made, wanted, strict=True)])),
        "faces": len(made),
    }


def _changed_error(before: AnyArray, made: AnyArray, wanted: AnyArray) -> float:
    changed = (np.abs(before.astype(np.float32) - wanted) > _CHANGED * 255).any(axis=-1)
    if not changed.any():
        return 0.0
    return float(delta_e2000(lab_from_srgb(_unit(made[changed])[None]), lab_from_srgb(_unit(wanted[changed])[None])).mean())


def _unit(picture: AnyArray) -> AnyArray:
    return picture.astype(np.float32) / np.float32(255)
