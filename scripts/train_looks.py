"""Trains the learned looks that kohl ships: each preset below is the artist, and a tiny network learns its work on all training faces.

    python scripts/train_looks.py FACES [--only NAME,NAME] [--steps N] [--rate R] [--fresh | --onwards] [--cache DIR] [--device cuda]

Writes src/kohl/methods/tinybeauty/looks/NAME.onnx; what is there already is left alone unless --fresh, which begins anew, or --onwards, which goes on
from what is there (0 steps: it is measured anew). A look that was broken off goes on from its checkpoint. Measured on the test split of FACES. Those
that ship took 9,000 steps or a few more (`--steps 9000 --device cuda`), then eight of them 1,000 more once the presets' matte layers were mended,
half of the crops mirrored (`--onwards --steps 1000 --rate 1e-3`), and all nine 1,000 more once blush, lashes and brows were (sunset-eye 1,000 more
again). plum-evening, with which `kohl learn` begins, began with the trunk (1,500 steps) and went on from itself (6,900 more); it stays as it was
then, so that what has been measured of `kohl learn` still holds.
Then `python scripts/learned_sheets.py FACES` makes the pictures of the docs.
"""

from __future__ import annotations

import argparse
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
from kohl.methods.tinybeauty.onnx_model import model_from_onnx, network_facts, onnx_from_model
from kohl.training.learning.material import stack_sheets
from kohl.training.loop import Schedule, Watching
from kohl.training.loose_crops import Looseness, to_bytes
from kohl.training.recipes.tinybeauty import LEARNED, STARTS, Sheets, Start, StudentRecipe, learn_look, middle_crops, psnr_each, put_on

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
_BOTH_SIDES = Looseness(mirrored=0.5)
"""Presets are worn alike on the left and on the right."""


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


def card_of(name: str, network: TinyBeauty, count: int, metrics: dict[str, float]) -> LearnedLookCard:
    look = presets.load(name)
    return LearnedLookCard(
        name=name,
        description=look.description,
        regions=tuple(region for region in Region if look.only(region).layers),
        licence="Apache-2.0",
        training_data=f"the preset {name!r}, painted by kohl on {count} faces of the train split of the portraits that kohl.trunk's card names; "
        f"{STARTS[_start_of(name)]}",
        metrics=metrics,
        **network_facts(network),
        limits="faces turned beyond about 35 degrees; hair, glasses and hands over the makeup; lashes and thin liner are softer than the preset's",
    )


def _start_of(name: str) -> Start:
    """What a look began with; plum-evening is what the others begin with."""
    return "trunk" if name == LEARNED.stem else "learned"


def teach(name: str, train: Sheets, arguments: argparse.Namespace) -> TinyBeauty:
    """The network of a look: begun anew, or gone on from what ships."""
    path = LOOKS / f"{name}.onnx"
    onwards = model_from_onnx(path) if arguments.onwards and path.is_file() else None
    if onwards is not None and not arguments.steps:
        return onwards
    watching = Watching(checkpoint=_checkpoint(path), resume=not arguments.fresh)
    schedule = Schedule(steps=arguments.steps, learning_rate=arguments.rate)
    recipe = StudentRecipe(schedule=schedule, start=_start_of(name), looseness=_BOTH_SIDES)
    return learn_look(train, None, recipe, seed=_SEED, watching=watching, device=arguments.device, onwards=onwards)


def _checkpoint(look: Path) -> Path:
    return look.with_suffix(".checkpoint")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("--only", default=",".join(NAMES))
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=StudentRecipe().schedule.learning_rate)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", help="a private folder that keeps the analysed crops, which show the people")
    parser.add_argument("--device", default="cpu", help="where networks are trained: cpu or cuda")
    begins = parser.add_mutually_exclusive_group()
    begins.add_argument("--fresh", action="store_true", help="begin anew, though the look is there")
    begins.add_argument("--onwards", action="store_true", help="go on from the look that is there")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(arguments.threads)
    LOOKS.mkdir(parents=True, exist_ok=True)
    splits = {split: load_faces(arguments.faces, split=split, cache=arguments.cache and f"{arguments.cache}/{split}") for split in ("train", "test")}
    for name in arguments.only.split(","):
        path = LOOKS / f"{name}.onnx"
        if path.is_file() and not (arguments.fresh or arguments.onwards):
            continue
        artist = RenderedPainter(name)
        train, test = (work_of(artist, splits[split]) for split in ("train", "test"))
        network = teach(name, train, arguments)
        metrics = measure(network, test)
        path.write_bytes(onnx_from_model(network, card_of(name, network, len(train.before), metrics)))
        # Not before: until here it is all that there is of the training.
        _checkpoint(path).unlink(missing_ok=True)
        print(name, metrics, flush=True)


if __name__ == "__main__":
    main()
