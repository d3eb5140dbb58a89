"""Makes the golden pictures under tests/golden anew: presets on drawn faces. Look at what changed before you commit it.

python scripts/make_goldens.py [NAME …]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

TESTS = Path(__file__).resolve().parents[1] / "tests"


def main() -> None:
    """Render the named golden pictures, or all of them, and write them as PNG."""
    # What they show is defined once, beside the test.
    sys.path[:0] = [str(TESTS), str(TESTS / "golden")]
    from goldens import NAMES, golden_path, render_golden  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="presets to render; all golden ones if left out")
    for name in parser.parse_args().names or NAMES:
        picture = np.rint(render_golden(name) * 255).astype(np.uint8)
        PillowImage.fromarray(picture).save(golden_path(name), optimize=True)
        print(golden_path(name))


if __name__ == "__main__":
    main()
