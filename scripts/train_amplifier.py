"""Trains the amplifier's prior.

    python scripts/train_amplifier.py FACES -o prior.safetensors [--looks N] [--steps N] [--minutes N] [--batch N] [--processes N] [--device cuda]
        [--resume]

Random looks are painted and read first (about two seconds of one core each), then the denoiser learns from them. FACES as in train_trunk.py.
What is shipped saw 150 looks of the renderer alone and 700 steps, by an earlier lesson; more of both brought nothing (docs/log.md).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file

from kohl.data.faces_folder import load_faces
from kohl.methods.amplifier.method import FORMAT
from kohl.training.loop import Watching, fit
from kohl.training.recipes.amplifier import BATCH, SCHEDULE, build_denoiser, lesson_step
from kohl.training.recipes.amplifier_lesson import Amount, paint_random_looks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="a private folder that keeps the analysed crops, which show the people")
    parser.add_argument("--looks", type=int, default=Amount().looks)
    parser.add_argument("--steps", type=int, default=SCHEDULE.steps)
    parser.add_argument("--minutes", type=float, help="end the steps after this time, if it comes first")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--processes", type=int, default=1, help="how many paint at once")
    parser.add_argument("--device", default="cpu", help="where the denoiser learns: cpu or cuda")
    parser.add_argument("--resume", action="store_true")
    arguments = parser.parse_args()
    crops = load_faces(arguments.faces, cache=arguments.cache)

    def count(done: int) -> None:
        if done % 50 == 0:
            print(f"{done} looks", flush=True)

    lessons = paint_random_looks(crops, Amount(looks=arguments.looks), processes=arguments.processes, tick=count).to(torch.device(arguments.device))

    def tell(step: int, progress: float, numbers: Mapping[str, float]) -> None:
        print(f"step {step}, {progress:.0%}: {dict(numbers)}", flush=True)

    watching = Watching(every=100, tell=tell, checkpoint=arguments.output.with_suffix(".checkpoint"), resume=arguments.resume)
    schedule, step = replace(SCHEDULE, steps=arguments.steps, minutes=arguments.minutes), lesson_step(lessons, arguments.batch)
    denoiser = fit(build_denoiser(lessons), step, schedule, seed=1, watching=watching, device=arguments.device)
    header = {"format": FORMAT, "spec": json.dumps(denoiser.spec.as_dict())}
    save_file({name: value.half().contiguous() for name, value in denoiser.state_dict().items()}, arguments.output, metadata=header)
    print(arguments.output)


if __name__ == "__main__":
    main()
