"""Draws docs/images/learned/NAME.png for every learned look in the wheel: synthetic adults before, with the network's look, with the artist's.

    python scripts/learned_sheets.py FACES

FACES is the folder of portraits; the faces shown are synthetic ones of its test split.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, Image
from kohl.core.images import open_image, save_image
from kohl.data.crops import cut_crop
from kohl.data.painters.rendered import RenderedPainter
from kohl.faces.analyzer import Analyzer
from kohl.methods.tinybeauty import shipped
from kohl.methods.tinybeauty.painting import paint_learned

OUT = Path(__file__).resolve().parents[1] / "docs" / "images" / "learned"
FACES = ("female_091", "female_071", "female_033", "male_059", "female_095", "female_046", "male_036", "male_049")
"""Of faker-js/assets-person-portrait: very light to dark, young and old, women and men."""
_SIDE = 100
_MIDDLE = slice(48, -48)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    analyzer = Analyzer()
    crops = []
    for name in FACES:
        image = open_image(arguments.faces / "faker" / f"{name}.jpg").pixels
        crops.append(cut_crop(image, analyzer.analyze(image)[0]))
    for name in shipped.names():
        look, artist = shipped.load(name), RenderedPainter(name)
        columns = []
        for crop in crops:
            face = crop.face()
            pictures = crop.pixels, paint_learned(crop.pixels, face.box, face.pose.roll, look), artist.paint(crop.pixels, face)
            columns.append(np.concatenate([small(picture) for picture in pictures]))
        sheet = np.concatenate(columns, axis=1)
        save_image(OUT / f"{name}.png", open_image(sheet), sheet, force=True)


def small(picture: Image) -> AnyArray:
    resized: AnyArray = cv2.resize(np.ascontiguousarray(picture[_MIDDLE, _MIDDLE]), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return resized


if __name__ == "__main__":
    main()
