"""The three ways to a look, on one photo: words, a reference, and a look read from the reference and changed.

python examples/three_ways.py me.jpg reference.jpg results/
"""

from __future__ import annotations

import sys
from pathlib import Path

import kohl


def main(photo: str, reference: str, folder: str) -> None:
    """Write one picture for each way into `folder`."""
    results = Path(folder)
    results.mkdir(parents=True, exist_ok=True)
    kohl.apply(photo, "soft brown lids, thin winged liner, coral gloss", out=results / "words.png")
    kohl.transfer(photo, reference, only="lips,eyes", out=results / "reference.png")
    look = kohl.read(reference)
    kohl.apply(photo, look.only("eyes") + look.only("lips") * 0.5, out=results / "edited.png")


if __name__ == "__main__":
    main(*sys.argv[1:4])
