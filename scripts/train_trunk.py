"""Trains the trunk that every learned look starts from.

    python scripts/train_trunk.py FACES -o trunk.safetensors [--resume]

FACES is a folder of portraits; where it has an index with a column `split`, only the train split is used. Half an hour on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from kohl.data.faces_folder import load_faces
from kohl.training.loop import Watching
from kohl.training.recipes.trunk import SCHEDULE, train_trunk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="a private folder that keeps the analysed crops, which show the people")
    parser.add_argument("--resume", action="store_true")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    crops = load_faces(arguments.faces, cache=arguments.cache)
    print(f"{len(crops)} faces; {len(crops.failures)} pictures without a usable one")

    def tell(step: int, progress: float, numbers: Mapping[str, float]) -> None:
        print(f"step {step}, {progress:.0%}: {dict(numbers)}", flush=True)

    watching = Watching(every=100, tell=tell, checkpoint=arguments.output.with_suffix(".checkpoint"), resume=arguments.resume)
    trunk = train_trunk(np.stack([crop.image for crop in crops]), [crop.face() for crop in crops], SCHEDULE, watching=watching)
    save_file({name: value.half().contiguous() for name, value in trunk.state_dict().items()}, arguments.output, metadata={"format": "kohl.trunk.1"})
    print(arguments.output)


if __name__ == "__main__":
    main()
