"""Draws DIR/ARTIST.jpg from the pictures that `learning.py --pictures DIR` kept: six faces never seen, one line an arm.

    python benchmarks/learning_sheets.py DIR

Lines: bare, the artist's own work, then every arm that was trained from five pairs, with its PSNR over the test split. The faces are those of
the portraits' folder: the sheets are to be looked at, and DIR lies outside the repository.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from kohl.api.sheet import contact_sheet
from kohl.core.arrays import Image
from kohl.core.images import open_image, save_image
from learning import ARTISTS, STEPS, read_rows
from learning_rows import ARMS, SHOWN, Asked, bare_of, picture_file, truth_of

_MIDDLE = slice(52, 204)
"""Of a face's 256 pixels, those that show it from brows to chin."""
_QUALITY = 88
_UNTRAINED = 2
"""Lines that no network made."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    arguments = parser.parse_args()
    for artist in ARTISTS:
        lines = list(lines_of(artist, arguments.pictures))
        if len(lines) > _UNTRAINED:
            sheet = contact_sheet(lines, columns=1)
            save_image(arguments.pictures / f"{artist}.jpg", open_image(np.round(sheet * 255).astype(np.uint8)), sheet, force=True, quality=_QUALITY)


def lines_of(artist: str, folder: Path) -> Iterator[tuple[str, Image]]:
    """(what, strip of faces) of everything that was kept of an artist."""
    rows = read_rows()
    trained = [(ARMS[arm].what, Asked(artist, arm, 5, STEPS).key) for arm in ARMS]
    for what, name in (("bare", bare_of(artist)), ("the artist's own work", truth_of(artist)), *trained):
        path = picture_file(folder, name)
        if path.is_file():
            decibels = f": {float(rows[name]['psnr']):.2f} dB" if name in rows else ""  # type: ignore[arg-type]
            yield what + decibels, _faces(open_image(path).pixels)


def _faces(strip: Image) -> Image:
    """The middles of all pictures of a strip."""
    return np.concatenate([picture[_MIDDLE, _MIDDLE] for picture in np.split(strip, len(SHOWN), axis=1)], axis=1)


if __name__ == "__main__":
    main()
