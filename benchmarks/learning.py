"""The DAL table: what a tiny network learns of an artist from a few pairs, with and without the amplifier, on faces it never saw.

    python benchmarks/learning.py [--artists A,B] [--arms A,B] [--pairs N,N] [--steps N] [--cache DIR] [--save]

Arms: `nothing`; `plain` (b): the pairs with plain augmentation; `amplified` (c): the pairs and the amplifier over all training faces; `oracle`
(d): the artist's own work on all training faces. Ablations of `amplified`: see ABLATIONS; other networks on the data of `oracle`: SHAPES.
Every arm has the same budget of steps. Rows that docs/results/learning-rows.json already holds are not trained again, so the table can be
made in pieces; --fresh makes them all anew.
"""

from __future__ import annotations

import argparse
import functools
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import torch
from torch import nn

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.color.skin import ita_bin
from kohl.core.arrays import AnyArray
from kohl.data import painters
from kohl.data.crops import FaceCrop
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
from portraits import FACES, portrait
from published_tinybeauty import PublishedTinyBeauty
from record import RESULTS, ROOT, Record, Table

ROWS = RESULTS / "learning-rows.json"
ARTISTS = ("lab_brush", "histogram", "airbrush", "inks", "procedural.wine-velvet", "procedural.smoky-eye")
"""Four that share nothing with the renderer whose looks the amplifier's prior and the network's start were trained on, and two presets of that
renderer (not the one that the start knows)."""
SEED = 11
"""Of the draw of the pairs, and of the training."""
_CHANGED = 6.0 / 255
"""A pixel counts as changed area where a channel differs by this much."""
_SSIM_FACES = 40
"""SSIM is slow; it is taken over this many of the test faces, evenly spread."""


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


ARMS = {
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
    "amplified-from-trunk": Arm("(c) from the trunk, not from a learned look", recipe=lambda recipe: replace(recipe, start="trunk")),
    "amplified-from-random": Arm("(c) from random weights", recipe=lambda recipe: replace(recipe, start="random")),
    "oracle-from-random": Arm("ours, from random weights", is_oracle=True, recipe=lambda recipe: replace(recipe, start="random")),
    "published": Arm("the published shape, from random weights", is_oracle=True, published=True),
    "published-slower": Arm("the same, at a quarter of the learning rate", is_oracle=True, published=True, recipe=at_quarter_rate),
}
MAIN = ("plain", "amplified", "oracle")
SHAPES = ("oracle", "oracle-from-random", "published", "published-slower")
ABLATIONS = tuple(name for name in ARMS if name not in (*MAIN, *SHAPES))


@functools.cache
def crops(split: str, cache: str | None) -> FaceSet:
    """The faces of a split of ../shared/data/faces."""
    return load_faces(FACES, split=split, cache=None if cache is None else f"{cache}/{split}")


@functools.lru_cache(maxsize=2)
def work_of(artist: str, split: str, cache: str | None) -> Sheets:
    """The artist's own work on all faces of a split: the truth."""
    painter = painters.create(artist)
    return stack_sheets((crop.image, to_bytes(painter.paint(crop.pixels, crop.face())), crop.face()) for crop in crops(split, cache))


def choose_pairs(count: int, cache: str | None) -> list[int]:
    """Numbers of the training faces that the artist edits: frontal, of spread skin tones, the first ones the same for every count."""
    faces = crops("train", cache)
    frontal = [number for number, crop in enumerate(faces) if abs(crop.face().pose.yaw) < 15]
    tones = np.array([portrait(faces.names[number]).ita for number in frontal])
    order = np.random.default_rng(SEED).permutation(len(frontal))
    ranks = np.argsort(np.argsort(tones))[order] * 5 // len(order)
    # One of each fifth of the tones in turn.
    turns = sorted(range(len(order)), key=lambda place: ((ranks[:place] == ranks[place]).sum(), ranks[place]))
    return [frontal[order[place]] for place in turns[:count]]


def amplified_sheets(painter: Painter, chosen: Sequence[int], arm: Arm, cache: str | None) -> Sheets:
    """The amplifier's work on all training faces, from the chosen pairs alone."""
    faces: Sequence[FaceCrop] = crops("train", cache)
    examples = [Example(crop.pixels, painter.paint(crop.pixels, crop.face()), crop.face()) for crop in (faces[number] for number in chosen)]
    amplifier = Amplifier(None) if arm.without_prior else load_prior()
    if arm.adapt_steps:
        amplifier = adapt(amplifier, examples, arm.adapt_steps, seed=SEED)
    knobs = replace(arm.knobs, prior=trust_in_prior(amplifier, examples, arm.knobs))
    return amplify(Style.of(examples), ((crop.pixels, crop.face()) for crop in faces), amplifier, knobs, seed=SEED)


def run(artist: str, arm_name: str, count: int, steps: int, cache: str | None) -> dict[str, object]:
    """Train one arm and measure it on all test faces."""
    began, arm = time.process_time(), ARMS[arm_name]
    painter = painters.create(artist)
    chosen = choose_pairs(count, cache)
    whole = work_of(artist, "train", cache)
    true = whole.part(chosen)
    more = None if arm.is_plain else whole if arm.is_oracle else amplified_sheets(painter, chosen, arm, cache)
    prepared = time.process_time() - began
    recipe = shorter(arm.recipe(StudentRecipe()), steps)
    network = learn_published(true, more, recipe) if arm.published else learn_look(true, more, recipe, seed=SEED)
    test = work_of(artist, "test", cache)
    numbers = measure(put_on(network, test.before), test, cache)
    if more is not None and not arm.is_oracle:
        numbers["amplifier"] = float(np.mean(psnr_each(middle_crops(more.after), middle_crops(whole.after))))
    seconds = {"cpu_seconds": round(time.process_time() - began), "cpu_seconds_before_training": round(prepared)}
    return numbers | seconds | {"commit": commit_of(ROOT)[0]}


def learn_published(true: Sheets, more: Sheets | None, recipe: StudentRecipe) -> nn.Module:
    """As `learn_look`, with the network that was published, from random weights."""
    torch.manual_seed(SEED)
    network = PublishedTinyBeauty().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return fit(network, student_step(true, more, recipe, Terms(recipe, true.unit)), recipe.schedule, seed=SEED)


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


def key_of(artist: str, arm: str, pairs: int, steps: int) -> str:
    return f"{artist} | {arm} | {pairs} | {steps}"


def fill(arguments: argparse.Namespace) -> dict[str, dict[str, object]]:
    """Train what is missing and write each row as soon as it is there."""
    rows: dict[str, dict[str, object]] = json.loads(ROWS.read_text()) if ROWS.is_file() and not arguments.fresh else {}
    for artist in arguments.artists.split(","):
        for count in map(int, arguments.pairs.split(",")):
            for arm in arguments.arms.split(","):
                key = key_of(artist, arm, count, arguments.steps)
                if key in rows:
                    continue
                if arm == "nothing":
                    test = work_of(artist, "test", arguments.cache)
                    found = measure(middle_crops(test.before), test, arguments.cache)
                else:
                    found = run(artist, arm, count, arguments.steps, arguments.cache)
                # Another process may have written rows meanwhile.
                rows = (json.loads(ROWS.read_text()) if ROWS.is_file() else {}) | {key: found}
                ROWS.write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n")
                print(
                    f"{key}: {found['psnr']:.2f} dB, amplifier {found.get('amplifier', float('nan')):.2f} dB, {found.get('cpu_seconds', 0)} s",
                    flush=True,
                )
    return rows


def tables(rows: dict[str, dict[str, object]], steps: int) -> list[Table]:
    """The table of the arms, by number of pairs, and of the ablations."""
    keyed = {tuple(key.split(" | ")): value for key, value in rows.items() if key.endswith(f" | {steps}")}
    artists = [artist for artist in ARTISTS if any(key[0] == artist for key in keyed)]

    def value(artist: str, arm: str, pairs: int, name: str) -> float:
        return float(keyed.get((artist, arm, str(pairs), str(steps)), {}).get(name, float("nan")))  # type: ignore[arg-type]

    def all_three(artist: str, arm: str) -> str:
        return f"{value(artist, arm, 5, 'psnr'):.2f} · {value(artist, arm, 5, 'ssim'):.4f} · {value(artist, arm, 5, 'delta_e_changed'):.2f}"

    def closed(artist: str) -> float:
        b, c, d = (value(artist, arm, 5, "psnr") for arm in MAIN)
        return (c - b) / (d - b) if d != b else float("nan")

    arms = ("nothing", *MAIN)
    main = Table(
        f"Five pairs, faces never seen: PSNR in dB · SSIM · ΔE2000 in the changed area, after {steps} steps",
        [
            "artist",
            "(a) nothing",
            "(b) plain",
            "(c) amplified",
            "(d) oracle",
            "share of (b) to (d) that (c) closes",
            "worst skin tone of (c)",
            "amplifier itself",
        ],
        [
            [
                artist,
                *(all_three(artist, arm) for arm in arms),
                closed(artist),
                _worst_tone(keyed.get((artist, "amplified", "5", str(steps)), {})),
                value(artist, "amplified", 5, "amplifier"),
            ]
            for artist in artists
        ],
        "(c) closes: share of the way from (b) to (d). Wanted: at least 0.8, and (c) at least 36 dB where nothing has 30. The amplifier itself: its "
        "work on the training faces against the artist's own there. PSNR is over the whole 256×256 crop; all usable faces of the test split. "
        "Each row of docs/results/learning-rows.json names the commit that it was trained at.",
    )
    counts = sorted({int(key[2]) for key in keyed if key[1] == "amplified"})
    few = Table(
        "How few pairs will do: PSNR of (b) / (c); – was not trained",
        ["artist", *(f"{count} pair{'s' if count > 1 else ''}" for count in counts)],
        [
            [artist, *(" / ".join(_decibels(value(artist, arm, count, "psnr")) for arm in ("plain", "amplified")) for count in counts)]
            for artist in artists
        ],
    )
    present = [arm for arm in ("amplified", *ABLATIONS) if any(key[1] == arm for key in keyed)]
    ablated = [artist for artist in artists if any(value(artist, arm, 5, "psnr") > 0 for arm in ABLATIONS)]
    ablations = Table(
        "Ablations, five pairs: PSNR of the network · of the amplifier itself · ΔE2000 in the changed area",
        ["what", *ablated],
        [
            [
                ARMS[arm].what,
                *(
                    f"{value(artist, arm, 5, 'psnr'):.2f} · {value(artist, arm, 5, 'amplifier'):.2f} · {value(artist, arm, 5, 'delta_e_changed'):.2f}"
                    for artist in ablated
                ),
            ]
            for arm in present
        ],
    )
    shaped = [artist for artist in artists if value(artist, "published", 5, "psnr") > 0]
    shapes = Table(
        "The published shape beside ours, on true pairs of all training faces, with equal steps and losses: PSNR · SSIM · ΔE2000 in the changed area",
        ["network", *shaped],
        [
            [
                "ours, as it is begun (d)" if arm == "oracle" else ARMS[arm].what,
                *(all_three(artist, arm) for artist in shaped),
            ]
            for arm in SHAPES
        ],
        "79,600 parameters and 73 million multiplications a frame against 85,227 and 1,482 million. Times: `python benchmarks/tinybeauty.py`.",
    )
    return [main, few, ablations, *([shapes] if shaped else [])]


def _decibels(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"


def _worst_tone(row: dict[str, object]) -> str:
    tones: dict[str, float] = row.get("psnr_by_tone", {})  # type: ignore[assignment]
    if not tones:
        return "–"
    worst = min(tones, key=lambda tone: tones[tone])
    return f"{worst}: {tones[worst]:.2f} dB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--artists", default=",".join(ARTISTS))
    parser.add_argument("--arms", default=",".join(("nothing", *MAIN)))
    parser.add_argument("--pairs", default="5")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", help="a folder that keeps the analysed crops between runs; it holds pictures of people, so keep it private")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--save", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(arguments.threads)
    record = Record("learning", "How much of an artist's work does a tiny network learn from a few pairs?")
    rows = fill(arguments)
    record.tables += tables(rows, arguments.steps)
    record.numbers |= rows
    record.show()
    if arguments.save:
        record.save()


if __name__ == "__main__":
    main()
