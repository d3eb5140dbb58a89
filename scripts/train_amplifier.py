"""Trains the amplifier's prior.

    python scripts/train_amplifier.py FACES -o prior.safetensors [--looks N] [--steps N] [--resume]

Random looks are painted and read first (about six seconds of one core each), then the denoiser learns from them. What is shipped was made with
--looks 150 --steps 700: half an hour of one core. FACES as in train_trunk.py.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from safetensors.torch import save_file

from kohl.data.faces_folder import load_faces
from kohl.methods.amplifier.method import FORMAT
from kohl.training.loop import Watching, fit
from kohl.training.recipes.amplifier import SCHEDULE, build_denoiser, lesson_step
from kohl.training.recipes.amplifier_lesson import Amount, paint_random_looks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="a private folder that keeps the analysed crops, which show the people")
    parser.add_argument("--looks", type=int, default=Amount().looks)
    parser.add_argument("--steps", type=int, default=SCHEDULE.steps)
    parser.add_argument("--resume", action="store_true")
    arguments = parser.parse_args()
    crops = load_faces(arguments.faces, cache=arguments.cache)
    looks = paint_random_looks(crops, Amount(looks=arguments.looks), lambda done: print(f"{done} looks", flush=True) if done % 50 == 0 else None)

    def tell(step: int, progress: float, numbers: Mapping[str, float]) -> None:
        print(f"step {step}, {progress:.0%}: {dict(numbers)}", flush=True)

    watching = Watching(every=100, tell=tell, checkpoint=arguments.output.with_suffix(".checkpoint"), resume=arguments.resume)
    denoiser = fit(build_denoiser(looks), lesson_step(looks), replace(SCHEDULE, steps=arguments.steps), seed=1, watching=watching)
    header = {"format": FORMAT, "spec": json.dumps(denoiser.spec.as_dict())}
    save_file({name: value.half().contiguous() for name, value in denoiser.state_dict().items()}, arguments.output, metadata=header)
    print(arguments.output)


if __name__ == "__main__":
    main()
