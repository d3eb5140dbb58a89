"""Trains the learned looks that kohl ships: each preset below is the artist, and a tiny network learns its work on all training faces.

    python scripts/train_looks.py FACES [--only NAME,NAME] [--steps N] [--cache DIR] [--device cuda]

Writes src/kohl/methods/tinybeauty/looks/NAME.onnx; what is there already is left alone unless --fresh, and a look that was broken off goes on from
its checkpoint. Measured on the test split of FACES. Those that ship took 9,000 steps or a few more (`--steps 9000 --device cuda`). plum-evening,
with which `kohl learn` begins, began with the trunk (1,500 steps) and went on from itself (6,900 more); it does so whenever it is taught anew.
Then `python scripts/learned_sheets.py FACES` makes the pictures of the docs.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch

from kohl.core.region import Region
from kohl.data.faces_folder import FaceSet, load_faces
from kohl.data.painters.rendered import RenderedPainter
from kohl.looks import presets
from kohl.methods.tinybeauty.card import LearnedLookCard
from kohl.methods.tinybeauty.model import TinyBeauty
from kohl.methods.tinybeauty.onnx_model import network_facts, onnx_from_model
from kohl.training.learning.material import stack_sheets
from kohl.training.loop import Watching
from kohl.training.loose_crops import to_bytes
from kohl.training.recipes.tinybeauty import LEARNED, STARTS, Sheets, Start, StudentRecipe, learn_look, middle_crops, psnr_each, put_on, shorter

ROOT = Path(__file__).resolve().parents[1]
LOOKS = ROOT / "src" / "kohl" / "methods" / "tinybeauty" / "looks"
NAMES = (
    "office-day",
    "clean-girl",
    "soft-glam",
    "coral-summer",
    "classic-red-lip",
    "rose-gold",
    "smoky-eye",
    "plum-evening",
    "sunset-eye",
    "gothic",
)
"""From soft to artistic. Glitter and holographic presets are left out: a network that sees one frame cannot know where flakes fall."""
_SEED = 5


def work_of(artist: RenderedPainter, faces: FaceSet) -> Sheets:
    return stack_sheets((crop.image, to_bytes(artist.paint(crop.pixels, crop.face())), crop.face()) for crop in faces)


def measure(network: TinyBeauty, test: Sheets) -> dict[str, float]:
    decibels = psnr_each(put_on(network, test.before), middle_crops(test.after))
    nothing = psnr_each(middle_crops(test.before), middle_crops(test.after))
    return {
        "psnr_test": round(float(np.mean(decibels)), 2),
        "psnr_test_worst_twentieth": round(float(np.percentile(decibels, 5)), 2),
        "psnr_test_doing_nothing": round(float(np.mean(nothing)), 2),
        "test_faces": float(len(decibels)),
    }


def card_of(name: str, network: TinyBeauty, count: int, start: Start, metrics: dict[str, float]) -> LearnedLookCard:
    look = presets.load(name)
    return LearnedLookCard(
        name=name,
        description=look.description,
        regions=tuple(region for region in Region if look.only(region).layers),
        licence="Apache-2.0",
        training_data=f"the preset {name!r}, painted by kohl on {count} faces of the train split of the portraits that kohl.trunk's card names; "
        f"{STARTS[start]}",
        metrics=metrics,
        **network_facts(network),
        limits="faces turned beyond about 35 degrees; hair, glasses and hands over the makeup; lashes and thin liner are softer than the preset's",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("--only", default=",".join(NAMES))
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", help="a private folder that keeps the analysed crops, which show the people")
    parser.add_argument("--device", default="cpu", help="where networks are trained: cpu or cuda")
    parser.add_argument("--fresh", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(arguments.threads)
    LOOKS.mkdir(parents=True, exist_ok=True)
    splits = {split: load_faces(arguments.faces, split=split, cache=arguments.cache and f"{arguments.cache}/{split}") for split in ("train", "test")}
    for name in arguments.only.split(","):
        path = LOOKS / f"{name}.onnx"
        if path.is_file() and not arguments.fresh:
            continue
        artist = RenderedPainter(name)
        train, test = (work_of(artist, splits[split]) for split in ("train", "test"))
        start: Start = "trunk" if path == LEARNED and not path.is_file() else "learned"
        checkpoint = path.with_suffix(".checkpoint")
        watching = Watching(checkpoint=checkpoint, resume=not arguments.fresh)
        recipe = shorter(replace(StudentRecipe(), start=start), arguments.steps)
        network = learn_look(train, None, recipe, seed=_SEED, watching=watching, device=arguments.device)
        metrics = measure(network, test)
        path.write_bytes(onnx_from_model(network, card_of(name, network, len(train.before), start, metrics)))
        checkpoint.unlink()
        print(name, metrics, flush=True)


if __name__ == "__main__":
    main()
