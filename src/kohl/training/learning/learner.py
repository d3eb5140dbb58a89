"""From pairs to a learned look: check, read the style, amplify, teach, measure, write."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from torch import nn

from kohl.core.arrays import AnyArray
from kohl.core.atomic import write_atomically
from kohl.core.region import Region
from kohl.data.faces_folder import load_faces
from kohl.data.pairs import CheckedPairs, Pair, load_pairs
from kohl.faces.analyzer import Analyzer
from kohl.methods.amplifier.config import REGIONS
from kohl.methods.amplifier.regions import region_masks
from kohl.methods.amplifier.situations import Style
from kohl.methods.amplifier.style import MOST_FOLDS
from kohl.methods.amplifier.trust import trust_in_prior
from kohl.methods.tinybeauty.card import LearnedLookCard
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.methods.tinybeauty.model import TinyBeauty
from kohl.methods.tinybeauty.onnx_model import network_facts, onnx_from_model
from kohl.training.learning.journal import Journal
from kohl.training.learning.material import amplify, examples_of, sheets_of, vary_pairs
from kohl.training.learning.preview import save_preview
from kohl.training.learning.prior import load_prior
from kohl.training.learning.request import MOST_FACES, STEPS, VARIATIONS, LearnRequest
from kohl.training.loop import Watching
from kohl.training.recipes.amplifier import adapt
from kohl.training.recipes.tinybeauty import STARTS, Sheets, learn_look, middle_crops, psnr_each, put_on

Tell: TypeAlias = Callable[[str, float, str], None]
"""Stage, progress from 0 to 1 within it, and a sentence for a person."""
LASTING = ("refused", "passed over", "note")
"""Beginnings of the sentences that are told to stay, not to tell of progress; the report keeps them as its `notes`."""
ENOUGH = 5
"""Pairs from which on a look is known on more skins than a few."""
_HELD_OUT = 0.06
"""Share of the amplified faces that training never sees: they say how well the network generalises."""
_MOST_HELD_OUT = 24
_LOOK_EVERY = 200
_MOST_NAMED = 5
_UNLIKE = 0.4
"""Share at which a pair is heard from which on it is named: pairs by another hand came to .26 to .45, an artist's own to .46 to 1, but for
histogram's (.35 to 1), whose work asks more of some faces than of others.
"""
_LEAST_TRAINING = 0.2
"""Minutes that are trained in any case, however long the reading took."""
_WORTH_WEARING = 0.1
"""Decibels over doing nothing below which a look has not been learnt; one that needs landing does one to ten."""
_SHEET = 8
_REGION_CHANGED = 0.04
"""Root mean square change, in the whole face's, from which on a region counts as made up."""


@dataclass(frozen=True)
class Learned:
    """What learning gave: the look, where it is, and everything that was measured."""

    look: LearnedLook
    path: Path
    report: Mapping[str, object]


def learn(request: LearnRequest, tell: Tell | None = None) -> Learned:
    """Learn a look from a folder of pairs and write it, with its sheet, its curves and its report.

    Ctrl-C during the training ends it early and writes the best so far.

    Raises
    ------
    UsageError
        No pairs, one-sided ones, none that can be learnt from; each with its name and what was measured.
    InputError, OutputError, MissingExtraError, TrainingError
        As their names say.
    """
    notes: list[str] = []
    say = _remembering(notes, tell)
    began = time.monotonic()
    analyzer = Analyzer()
    say("pairs", 0.0, f"checking the pairs in {request.pairs}")
    checked = load_pairs(request.pairs, analyzer=analyzer, strict=request.strict)
    if request.resume and not request.checkpoint.is_file():
        say("pairs", 1.0, f"note: nothing to resume in {request.workshop}; starting anew")
    for refusal in checked.refusals:
        say("pairs", 1.0, f"refused: {refusal.text}")
    if len(checked.pairs) < ENOUGH:
        say(
            "pairs",
            1.0,
            f"note: {len(checked.pairs)} of {ENOUGH} pairs; fewer show little of how the look goes with another skin, see docs/learning.md",
        )
    true = sheets_of(checked.pairs)
    amplified = _amplified(request, checked.pairs, analyzer, say)
    train, held_out = _split(amplified, request.seed)
    journal = Journal(request.workshop / "tensorboard")
    network, steps = _teach(request, true, train, held_out, journal, say, minutes_spent=(time.monotonic() - began) / 60)
    journal.close()
    metrics = _measure(network, true, held_out)
    if metrics["psnr_pairs"] < metrics["psnr_pairs_doing_nothing"] + _WORTH_WEARING:
        say("training", 1.0, _too_little(request, steps))
    card = _card(request, checked, len(train.before), metrics, network)
    took = {"seconds": round(time.monotonic() - began, 1), "steps": steps, "notes": notes}
    return _write(request, network, card, checked, journal, (true, held_out), took)


def _remembering(notes: list[str], tell: Tell | None) -> Tell:
    """`tell`, with what it is told to stay kept in `notes`."""

    def say(stage: str, progress: float, text: str) -> None:
        if text.startswith(LASTING):
            notes.append(text)
        if tell is not None:
            tell(stage, progress, text)

    return say


def _amplified(request: LearnRequest, pairs: Sequence[Pair], analyzer: Analyzer, say: Tell) -> Sheets:
    if request.faces is None:
        say("amplifier", 0.0, f"varying the {len(pairs)} given pairs: shapes, light, skin, camera")
        return vary_pairs(pairs, VARIATIONS, seed=request.seed, tick=_ticking(say, VARIATIONS, "variations drawn"))
    found = load_faces(request.faces, analyzer=analyzer, limit=MOST_FACES, progress=_looking(say))
    for failure in found.failures[:_MOST_NAMED]:
        say("faces", 1.0, f"passed over: {failure.name}: {failure.text}")
    examples = examples_of(pairs)
    say("amplifier", 0.0, f"reading the style of {len(pairs)} pair{'s' if len(pairs) > 1 else ''}")
    amplifier = load_prior()
    if request.adapt_steps:
        amplifier = adapt(amplifier, examples, request.adapt_steps, seed=request.seed)
    faces = ((crop.pixels, crop.face()) for crop in found)
    trust = trust_in_prior(amplifier, examples, request.knobs)
    told = ", ".join(f"{region} {share:.0%}" for region, share in zip(REGIONS, trust, strict=True))
    say("amplifier", 0.0, f"how far the pairs trust the prior: {told}")
    knobs = replace(request.knobs, trust=trust)
    tick = _ticking(say, len(found), "faces made up in this style")
    style = Style.of(examples)
    _name_unlike(pairs, style, say)
    return amplify(style, faces, amplifier, knobs, seed=request.seed, tick=tick)


def _name_unlike(pairs: Sequence[Pair], style: Style, say: Tell) -> None:
    """Say which pairs the others foretell badly; of more than `MOST_FOLDS`, several are read together, and none can be named."""
    if len(pairs) > MOST_FOLDS:
        return
    for pair, share in zip(pairs, style.chart.heard, strict=True):
        if share < _UNLIKE:
            say("amplifier", 0.0, f"note: pair {pair.name} is unlike the others and counts {share:.0%}; is it the same look, and all of it?")


def _ticking(say: Tell, count: int, what: str) -> Callable[[int], None]:
    return lambda done: say("amplifier", done / max(count, 1), f"{done} of {count} {what}")


def _looking(say: Tell) -> Callable[[int, int], None]:
    return lambda done, total: say("faces", done / max(total, 1), f"{done} of {total} pictures looked at")


def _split(sheets: Sheets, seed: int) -> tuple[Sheets, Sheets]:
    """What is trained on, and what is held out, drawn with the seed; one face alone is both."""
    count = len(sheets.before)
    out = min(_MOST_HELD_OUT, max(1, round(count * _HELD_OUT)))
    order = np.random.default_rng(seed).permutation(count)
    return (sheets.part(order[out:]), sheets.part(order[:out])) if count > out else (sheets, sheets)


def _teach(
    request: LearnRequest, true: Sheets, train: Sheets, held_out: Sheets, journal: Journal, say: Tell, *, minutes_spent: float
) -> tuple[TinyBeauty, int]:
    """The network, and the steps that it took in all."""
    left = None if request.minutes is None else max(request.minutes - minutes_spent, _LEAST_TRAINING)
    schedule = replace(request.recipe.schedule, steps=request.steps, minutes=left)
    began = time.monotonic()

    def tell(step: int, progress: float, numbers: Mapping[str, float]) -> None:
        journal.add(step, numbers)
        seconds = (time.monotonic() - began) / max(progress, 1e-3) * (1 - progress)
        agreement = numbers.get("psnr/held-out faces, against the amplifier", float("nan"))
        say("training", progress, f"step {step}, {agreement:.1f} dB on held-out faces, about {seconds / 60:.0f} min left")

    watching = Watching(
        every=_LOOK_EVERY,
        look=lambda network, _: _psnrs(network, true, held_out),
        tell=tell,
        checkpoint=_checkpoint(request),
        resume=request.resume,
    )
    say("training", 0.0, f"{schedule.steps} steps" + ("" if left is None else f" or {left:.1f} minutes, whichever ends first"))
    network = learn_look(true, train, replace(request.recipe, schedule=schedule), seed=request.seed, watching=watching)
    return network, int(watching.notes["steps"])


def _too_little(request: LearnRequest, steps: int) -> str:
    """What to do where the look is hardly nearer to the pairs than the bare photos are."""
    told = f"note: after {steps} steps the look is hardly nearer to your pairs than the bare photos"
    if steps >= request.steps:
        return f"{told}; more --steps may help (the usual number is {STEPS})"
    if request.minutes is None:
        return f"{told}; go on with --resume"
    return f"{told}; give more --minutes than {request.minutes:g}: reading the pairs and faces takes its share of them"


def _checkpoint(request: LearnRequest) -> Path:
    request.workshop.mkdir(parents=True, exist_ok=True)
    if not request.resume:
        request.checkpoint.unlink(missing_ok=True)
    return request.checkpoint


def _psnrs(network: nn.Module, true: Sheets, held_out: Sheets) -> dict[str, float]:
    """Means in dB. The first is on pictures that were trained on, the second on faces that were not, but whose truth is an estimate."""
    pairs = np.mean(psnr_each(put_on(network, true.before[:_MOST_HELD_OUT]), middle_crops(true.after[:_MOST_HELD_OUT])))
    faces = np.mean(psnr_each(put_on(network, held_out.before), middle_crops(held_out.after)))
    return {"psnr/your pairs, trained on": float(pairs), "psnr/held-out faces, against the amplifier": float(faces)}


def _measure(network: TinyBeauty, true: Sheets, held_out: Sheets) -> dict[str, float]:
    nothing = np.mean(psnr_each(middle_crops(true.before), middle_crops(true.after)))
    named = _psnrs(network, true, held_out)
    values = {
        "psnr_pairs": named["psnr/your pairs, trained on"],
        "psnr_held_out_amplified": named["psnr/held-out faces, against the amplifier"],
        "psnr_pairs_doing_nothing": float(nothing),
    }
    return {name: round(value, 2) for name, value in values.items()}


def _card(request: LearnRequest, checked: CheckedPairs, count: int, metrics: dict[str, float], network: TinyBeauty) -> LearnedLookCard:
    people = f"{count} other faces" if request.faces is not None else f"{count} variations of the people in the pairs"
    return LearnedLookCard(
        name=request.out.stem,
        description=request.description or f"Learned from {len(checked.pairs)} before/after pairs.",
        regions=_regions(checked.pairs),
        licence=request.licence,
        training_data=f"{len(checked.pairs)} pairs given by the author of this look, and {people}, made up in their style by kohl's amplifier; "
        f"{STARTS[request.recipe.start]}",
        metrics=metrics,
        **network_facts(network),
        limits="faces turned beyond about 35 degrees, hair and hands over the makeup, light unlike that of the faces it was taught on",
    )


def _regions(pairs: Sequence[Pair]) -> tuple[Region, ...]:
    """The regions in which the pairs change enough to be called made up."""
    names = {"face": (Region.SKIN, Region.CHEEKS), "lips": (Region.LIPS,), "eyes": (Region.EYES,), "brows": (Region.BROWS,)}
    energy = dict.fromkeys(REGIONS, 0.0)
    for pair in pairs:
        change = np.square(pair.after - pair.before).mean(axis=-1)
        for region, mask in zip(REGIONS, region_masks(pair.face), strict=True):
            energy[region] += float((change * mask).sum() / max(float(mask.sum()), 1.0))
    highest = max(energy.values())
    return tuple(name for region in REGIONS if energy[region] > _REGION_CHANGED**2 * highest for name in names[region])


def _write(
    request: LearnRequest,
    network: TinyBeauty,
    card: LearnedLookCard,
    checked: CheckedPairs,
    journal: Journal,
    shown: tuple[Sheets, Sheets],
    took: Mapping[str, object],
) -> Learned:
    force = request.force or request.resume
    data = onnx_from_model(network, card)
    look = LearnedLook.from_bytes(data)
    write_atomically(request.out, data, force=force)
    save_preview(request.sheet, _columns(network, *shown), force=force)
    journal.save_curves(request.curves, force=force)
    report: dict[str, object] = {
        "look": json.loads(card.to_json()),
        "pairs": checked.report(),
        **took,
        "seed": request.seed,
        "curves": journal.rows,
    }
    write_atomically(request.report, (json.dumps(report, indent=1) + "\n").encode(), force=force)
    return Learned(look, request.out, report)


def _columns(network: TinyBeauty, true: Sheets, held_out: Sheets) -> list[tuple[AnyArray, AnyArray, AnyArray]]:
    """Half the artist's own people, half held-out ones."""
    columns = []
    for sheets in (true, held_out):
        before = sheets.before[: _SHEET // 2]
        columns += list(zip(middle_crops(before), put_on(network, before), middle_crops(sheets.after[: _SHEET // 2]), strict=True))
    return columns
