"""Makes the pictures under docs/images: presets, transfers and finishes on synthetic faces, and the picture that leads the README.

    python scripts/contact_sheets.py [--out FOLDER] [NAME …]

Faces come from ../shared/data/faces and only from its synthetic sets (column real = 0); nobody in these pictures exists.
"""

from __future__ import annotations

import argparse
import csv
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from kohl.api.asking import as_look
from kohl.core.arrays import Image
from kohl.core.images import open_image
from kohl.core.region import Region
from kohl.faces import landmarks
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.looks import presets
from kohl.looks.layers import AnyLayer, Eyeshadow, Finish, Lipstick, Pan
from kohl.looks.look import Look
from kohl.methods.base import Controls
from kohl.methods.procedural import Procedural
from kohl.rendering.renderer import render

ROOT = Path(__file__).resolve().parents[1]
FACES = ROOT.parent / "shared" / "data" / "faces"
DARK, MEDIUM, FAIR = "faker/female_013.jpg", "faker/female_092.jpg", "faker/female_048.jpg"
HERO, HERO_LOOK = "faker/female_036.jpg", "smoky plum eyes, matte red lips"
WEARERS = (DARK, "faker/male_049.jpg", MEDIUM, "faker/male_052.jpg", FAIR)
REFERENCES = tuple(f"sfhq_t2i/s2_{name}.jpg" for name in ("Makeup_000", "Makeup_003", "Makeup_007", "Makeup_043", "Facial_Features_042"))
LIP, LID = "#a5131f", "#7a4a8c"
"""Pigments of the finishes' close-ups."""
_PAGES, _COLUMNS, _PRESET_SIDE = 3, 4, 118
_INK, _PAPER, _FAINT = (32, 28, 30), (255, 255, 255), (120, 112, 116)
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Sitter:
    """A synthetic face, analysed."""

    image: Image
    face: Face

    def tile(self, painted: Image, side: int) -> PillowImage.Image:
        """The head out of `painted`, side × side."""
        x0, y0, x1, y1 = self.face.box
        reach = max(x1 - x0, y1 - y0) * 0.64
        middle = ((x0 + x1) / 2, (y0 + y1) / 2 - 0.06 * reach)
        reach = min(reach, painted.shape[0] / 2, painted.shape[1] / 2)
        x, y = (float(np.clip(at, reach, length - reach)) for at, length in zip(middle, painted.shape[1::-1], strict=True))
        return cut(painted, (x - reach, y - reach, x + reach, y + reach), (side, side))

    def around(self, painted: Image, points: Sequence[int], size: tuple[int, int], air: float) -> PillowImage.Image:
        """What lies around mesh points, (w, h) pixels, with `air` on either side in shares of their width."""
        spots = self.face.points[list(points), :2]
        (x0, y0), (x1, y1) = spots.min(0), spots.max(0)
        half = (x1 - x0) * (0.5 + air)
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        tall = half * size[1] / size[0]
        return cut(painted, (middle[0] - half, middle[1] - tall, middle[0] + half, middle[1] + tall), size)


@functools.cache
def sitter(file: str) -> Sitter:
    """Open and analyse a synthetic face. Raises SystemExit for a real person's picture, or when the faces are not there."""
    index = FACES / "index.csv"
    if not index.is_file():
        raise SystemExit("the sheets need the synthetic faces of ../shared/data/faces beside the repository")
    with index.open(newline="") as lines:
        row = next(row for row in csv.DictReader(lines) if row["file"] == file)
    if row["real"] != "0":
        raise SystemExit(f"{file} shows a real person; only synthetic faces may be shown")
    image = open_image(FACES / file).pixels
    return Sitter(image, Analyzer().analyze(image)[0])


def cut(picture: Image, box: Box, size: tuple[int, int]) -> PillowImage.Image:
    """Cut `box` xyxy, inside the picture, and scale it to `size` (w, h)."""
    whole = PillowImage.fromarray(np.round(picture * 255).astype(np.uint8))
    return whole.resize(size, PillowImage.Resampling.LANCZOS, box=box)


def text(picture: PillowImage.Image, at: tuple[float, float], words: str, size: int, colour: tuple[int, int, int] = _INK) -> None:
    ImageDraw.Draw(picture).text(at, words, fill=colour, font=ImageFont.load_default(size))


def sheet(rows: Sequence[Sequence[PillowImage.Image]], *, gap: int = 4, labels: Sequence[str] = (), size: int = 13) -> PillowImage.Image:
    """Lay out tiles of one size in rows; `labels` stand over the columns of every row."""
    width, height = rows[0][0].size
    head = size + 6 if labels else 0
    page = PillowImage.new("RGB", ((width + gap) * max(map(len, rows)) + gap, (height + gap) * len(rows) + gap + head), _PAPER)
    for number, label in enumerate(labels):
        text(page, (gap + number * (width + gap) + 2, 3), label, size)
    for number, row in enumerate(rows):
        for place, tile in enumerate(row):
            page.paste(tile, (gap + place * (width + gap), head + gap + number * (height + gap)))
    return page


def preset_sheet(page: int) -> PillowImage.Image:
    """A third of the presets, each on dark, medium and fair skin."""
    people = [sitter(file) for file in (DARK, MEDIUM, FAIR)]
    names = ("without makeup", *presets.names())
    share = -(-len(names) // _PAGES)
    cells = []
    for name in names[page * share : (page + 1) * share]:
        pictures = [person.image if name == names[0] else render(person.image, person.face, presets.load(name)) for person in people]
        tiles = [person.tile(picture, _PRESET_SIDE) for person, picture in zip(people, pictures, strict=True)]
        cells.append(sheet([tiles], gap=2, labels=[name]))
    return sheet([cells[start : start + _COLUMNS] for start in range(0, len(cells), _COLUMNS)], gap=6)


def transfer_sheet() -> PillowImage.Image:
    """References across, wearers down; the first column is the wearer as she or he is."""
    side, method = 170, Procedural()
    references = [sitter(file) for file in REFERENCES]
    readings = [method.read(reference.image, reference.face) for reference in references]
    rows = [[PillowImage.new("RGB", (side, side), _PAPER), *(reference.tile(reference.image, side) for reference in references)]]
    text(rows[0][0], (8, side - 48), "made-up references\nand who wears them", 15, _FAINT)
    for person in map(sitter, WEARERS):
        results = [method.transfer(person.image, person.face, dict.fromkeys(Region, reading), Controls()) for reading in readings]
        rows.append([person.tile(picture, side) for picture in (person.image, *results)])
    return sheet(rows)


def finish_sheet() -> PillowImage.Image:
    """Every finish of lipstick and eyeshadow, one pigment each, from near."""
    person, size = sitter(FAIR), (230, 130)
    lips, eye = landmarks.LIPS_OUTER.tolist(), [*landmarks.LEFT_EYE.tolist(), *landmarks.LEFT_BROW_UPPER.tolist()]

    def close(layer: AnyLayer, points: Sequence[int], finish: str) -> PillowImage.Image:
        tile = person.around(render(person.image, person.face, Look(name=finish, layers=(layer,))), points, size, 0.2)
        return sheet([[tile]], gap=0, labels=[finish])

    on_lips = [
        Finish.MATTE,
        Finish.VELVET,
        Finish.SATIN,
        Finish.SHEER,
        Finish.GLOSS,
        Finish.METALLIC,
        Finish.SHIMMER,
        Finish.GLITTER,
        Finish.HOLOGRAPHIC,
    ]
    lipsticks = [
        close(Lipstick.model_validate({"pigment": LIP, "coverage": 0.85, "finish": finish}), lips, f"lipstick, {finish}") for finish in on_lips
    ]
    shadows = [close(_shadow(finish), eye, f"eyeshadow, {finish}") for finish in on_lips]
    rows = [line[start : start + 3] for line in (lipsticks, shadows) for start in range(0, len(line), 3)]
    return sheet(rows)


def _shadow(finish: Finish) -> Eyeshadow:
    pan = {"pigment": LID, "coverage": 0.7, "finish": finish}
    return Eyeshadow(pans=(Pan.model_validate({"zone": "lid", **pan}), Pan.model_validate({"zone": "crease", **pan, "coverage": 0.5})))


def hero() -> PillowImage.Image:
    """Before, the look as a card, after."""
    side, card_width = 400, 260
    person, look = sitter(HERO), as_look(HERO_LOOK)
    after = render(person.image, person.face, look)
    page = PillowImage.new("RGB", (2 * side + card_width, side), _PAPER)
    page.paste(person.tile(person.image, side), (0, 0))
    page.paste(_card(look, (card_width, side)), (side, 0))
    page.paste(person.tile(after, side), (side + card_width, 0))
    return page


def _card(look: Look, size: tuple[int, int]) -> PillowImage.Image:
    """A look's products with their swatches."""
    card = PillowImage.new("RGB", size, _PAPER)
    text(card, (24, 40), "\u201csmoky plum eyes,\n matte red lips\u201d", 22)
    y = 120
    for layer in look.layers:
        fields = layer.model_dump(mode="json")
        parts = fields.get("pans") or [fields]
        text(card, (24, y), fields["product"], 17)
        y += 28
        for part in parts:
            ImageDraw.Draw(card).rounded_rectangle((24, y, 52, y + 20), 5, fill=part["pigment"])
            words = " · ".join([part.get("zone", "").replace("_", " "), part["finish"], f"{part['coverage']:.0%}"]).removeprefix(" · ")
            text(card, (62, y + 2), words, 14, _FAINT)
            y += 27
        y += 16
    return card


SHEETS: dict[str, Callable[[], PillowImage.Image]] = {
    "hero": hero,
    **{f"presets-{page + 1}": functools.partial(preset_sheet, page) for page in range(_PAGES)},
    "transfer": transfer_sheet,
    "finishes": finish_sheet,
}


def rounded(page: PillowImage.Image) -> PillowImage.Image:
    """The page with its values rounded to multiples of three: nobody sees it, and the PNG loses a third of its bytes."""
    values = np.round(np.asarray(page, np.float32) / 3) * 3
    return PillowImage.fromarray(values.astype(np.uint8))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *SHEETS], help="which pictures; all by default")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images", help="folder to write to")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names or SHEETS:
        path, page = options.out / f"{name}.png", SHEETS[name]()
        rounded(page).save(path, optimize=True)
        print(f"{path} {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
