"""Measures whether one look is equally true on every skin.

    python benchmarks/skin_tones.py [--save] [--faces N]

The same look on faces of all sets, sorted by the skin tone that is measured on them. Error: painted mean of lips, lids and cheeks against
the Kubelka–Munk prediction for that person's own reflectance. Skin that the look does not reach must stay as it was.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.skin import SkinTone, ita_bin, ita_from_lab
from kohl.core.errors import FaceError
from kohl.core.region import Region
from kohl.evaluation.metrics.places import bare_skin_of
from kohl.evaluation.metrics.region_colors import region_colors
from kohl.evaluation.metrics.skin_tone import SkinDrift, skin_drift
from kohl.faces.analyzer import Analyzer
from kohl.looks.layers import Eyeshadow, Lipstick, Pan
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.rendering.renderer import render
from paint import misses
from portraits import Portrait, portraits
from record import Record, Table

LIP, LID, CHEEK = "#a5131f", "#5a2440", "#c98276"
LOOK = Look(
    name="lips and lids",
    layers=(
        Lipstick(pigment=Pigment(LIP), coverage=0.8),
        Eyeshadow(pans=(Pan(zone="lid", pigment=Pigment(LID), coverage=0.6), Pan(zone="crease", pigment=Pigment(LID), coverage=0.4))),
    ),
)
"""Nothing of it reaches forehead, nose and jaw."""
COVERAGE = 0.6
WANTED_RATIO = 1.5
_LEAST = 0.1
"""A bin's error counts as at least this: nobody sees a tenth of a ΔE, and a ratio of nothings says nothing."""


@dataclass(frozen=True)
class Skin:
    """One face's numbers: `ita` in degrees, measured on its bare skin; `error` CIEDE2000 of painted against predicted, mean over regions
    and pigments; `contrast` CIEDE2000 by which the look moves the lips.
    """

    ita: float
    error: float
    drift: SkinDrift
    contrast: float


def measure(item: Portrait, analyzer: Analyzer) -> Skin:
    """Paint one face and measure it. Raises FaceError when it has no usable face."""
    image = item.open()
    face = analyzer.analyze(image)[0]
    painted = render(image, face, LOOK)
    before, after = region_colors(image, face), region_colors(painted, face)
    lips = (colors.skin + colors.relative[Region.LIPS] for colors in (before, after))
    own = [miss.pixels for miss in misses(image, face, (COVERAGE,), (LIP, LID, CHEEK))]
    # The zone's own soft rim lies under the outermost eyeshadow.
    untouched = np.asarray(bare_skin_of(face) > 0.95, np.float32)
    drift = skin_drift(image, painted, untouched)
    return Skin(float(ita_from_lab(before.skin)), float(np.mean(own)), drift, float(delta_e2000(*lips)))


def choose(count: int) -> list[Portrait]:
    """Faces of all sets that look into the camera, evenly spread over the index's rough skin tone; nothing over the eyes."""
    fit = [item for item in portraits() if abs(item.yaw) < 25 and "lasses" not in item.label and "Makeup: " not in item.label]
    fit.sort(key=lambda item: (item.ita, item.file))
    return [fit[number] for number in np.linspace(0, len(fit) - 1, min(count, len(fit))).astype(int)]


def tone_rows(skins: Sequence[Skin]) -> list[list[str | float | int]]:
    rows: list[list[str | float | int]] = []
    for tone in SkinTone:
        own = [skin for skin in skins if ita_bin(skin.ita) is tone]
        if own:
            middle = [float(np.median([getattr(skin, name) for skin in own])) for name in ("ita", "error", "contrast")]
            worst = float(np.percentile([skin.error for skin in own], 95))
            rows.append([tone.value, len(own), middle[0], middle[1], worst, middle[2], max(skin.drift.mean for skin in own)])
    return rows


def run(count: int) -> Record:
    record = Record("skin_tones", "Is the same look equally true on every skin?")
    analyzer, skins, refused = Analyzer(), [], 0
    for item in choose(count):
        try:
            skins.append(measure(item, analyzer))
        except FaceError:
            refused += 1
    rows = tone_rows(skins)
    errors = [max(float(row[3]), _LEAST) for row in rows]
    ratio = max(errors) / min(errors)
    notes = (
        f"{len(skins)} faces, {refused} refused. Worst bin's median error over the best one's, errors below {_LEAST} counting as that: "
        f"{ratio:.2f} (wanted: ≤ {WANTED_RATIO}). Contrast is how much of the red is seen on that skin. Untouched skin must show 0."
    )
    columns = (
        "skin",
        "faces",
        "ITA, median",
        "ΔE2000, median",
        "worst twentieth",
        "contrast of the lips, ΔE2000",
        "untouched skin, worst mean ΔE2000",
    )
    record.tables.append(Table("Painted against predicted, by measured skin tone", columns, rows, notes))
    record.numbers = {"faces": len(skins), "refused": refused, "ratio": ratio, "look": LOOK.model_dump(mode="json", exclude_defaults=True)}
    return record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="write docs/results/skin_tones.json and docs/benchmarks.md")
    parser.add_argument("--faces", type=int, default=110, metavar="N", help="how many faces")
    options = parser.parse_args()
    cv2.setNumThreads(2)
    record = run(options.faces)
    record.show()
    if options.save:
        record.save()


if __name__ == "__main__":
    main()
