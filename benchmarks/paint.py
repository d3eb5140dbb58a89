"""Measures whether paint is what Kubelka–Munk says it is.

    python benchmarks/paint.py [--save]

On a drawn face of even skin, and on the lips, lids and cheeks of portraits: the painted region's mean colour against the film over
the region's mean reflectance under the estimated light, and the hue of every finish against satin's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.lab import chroma_hue, lab_from_linear
from kohl.color.srgb import linear_from_srgb
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.looks.layers import AnyLayer, Blush, Eyeshadow, Finish, Lipstick, Pan
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.rendering.canvas import Canvas, compress
from kohl.rendering.film import Film
from kohl.rendering.finishes import RECIPES
from kohl.rendering.light import luminance
from kohl.rendering.renderer import render
from kohl.rendering.zones.eyes import eyeshadow_zone
from kohl.rendering.zones.face import face_zone
from portraits import portraits
from record import ROOT, Record, Table

# The drawn face is the tests'.
sys.path.append(str(ROOT / "tests"))
from drawn import FixedDetector, face_points

PIGMENTS = ("#a5131f", "#c98276", "#5a2440", "#d98a2b", "#1f6f5c", "#23366f", "#f0c9a8", "#2a1a16")
"""Red, nude, plum, orange, green, blue, pale peach, brown-black."""
COVERAGES = (0.3, 0.6, 0.9)
EVEN_SKINS = ((0.93, 0.80, 0.74), (0.87, 0.70, 0.60), (0.76, 0.57, 0.46), (0.60, 0.42, 0.32), (0.44, 0.29, 0.22), (0.30, 0.19, 0.15))
"""sRGB, from very light to dark."""
_COVERAGE = 0.9
HUE_PIGMENTS = ("#a5131f", "#b5476b", "#8a5a2e", "#23366f")
_SHEER = {"lips": 0.55, "lids": 0.6}
"""What a sheer finish leaves of the coverage: its hue is compared with satin's at that coverage."""
_CORE = 0.9
"""Share of a zone's full coverage from which on a pixel counts."""


@dataclass(frozen=True, eq=False)
class Region:
    """A place to paint: its zone (h, w) in the window, and the layer that paints it."""

    name: str
    zone: Mask

    def layer(self, pigment: str, coverage: float, finish: Finish = Finish.SATIN) -> AnyLayer:
        """One product of that colour. Satin on the cheeks is the film alone; on lips and lids matte adds no light of its own."""
        colour = Pigment(pigment)
        common = {"pigment": colour, "coverage": coverage, "finish": finish}
        if self.name == "lips":
            return Lipstick.model_validate(common)
        if self.name == "lids":
            return Eyeshadow(pans=(Pan.model_validate({"zone": "lid", **common}),))
        return Blush.model_validate(common)

    @property
    def plain(self) -> Finish:
        """The finish that is nearest to the film alone."""
        return Finish.SATIN if self.name == "cheeks" else Finish.MATTE


def regions(canvas: Canvas) -> list[Region]:
    """Lips, lids and cheeks, where the zone is at its fullest; those that are hardly seen are left out."""
    field = canvas.face.field
    zones = {
        "lips": canvas.face.masks.lips,
        "lids": canvas.on_skin(field.sample(eyeshadow_zone("lid", "classic"))),
        "cheeks": canvas.on_skin(field.sample(face_zone("blush", "apples"))),
    }
    return [Region(name, zone) for name, zone in zones.items() if (zone > _CORE * zone.max()).sum() > 60 and zone.max() > 0.5]


@dataclass(frozen=True)
class Miss:
    """CIEDE2000 of a region's painted mean: against the film over every pixel's reflectance, and over the region's mean one."""

    region: str
    pixels: float
    mean: float


def misses(image: Image, face: Face, coverages: Sequence[float], pigments: Sequence[str] = PIGMENTS) -> Iterator[Miss]:
    """Yield one per region, pigment and coverage."""
    canvas = Canvas.of(image, face)
    for region in regions(canvas):
        core = region.zone > _CORE * region.zone.max()
        ground = _Ground.of(canvas, core)
        kept = 1.0 if region.name == "cheeks" else RECIPES[region.plain].own
        for pigment in pigments:
            for coverage in coverages:
                painted = render(image, face, Look(name="one", layers=(region.layer(pigment, coverage, region.plain),)))
                found = linear_from_srgb(painted[face.window_slices])[core].mean(0)
                film, thick = Film.of(Pigment(pigment)), coverage * region.zone[core]
                expected = ground.under(film, thick, kept).mean(0), ground.mean().under(film, thick.mean(keepdims=True), kept)[0]
                yield Miss(region.name, *(float(delta_e2000(lab_from_linear(found), lab_from_linear(colour))) for colour in expected))


@dataclass(frozen=True, eq=False)
class _Ground:
    """Pixels of a region, linear light, (N, 3): `albedo`, `lit` the light it gets, `mirrored` light that comes off its surface."""

    albedo: FloatArray
    lit: FloatArray
    mirrored: FloatArray

    @classmethod
    def of(cls, canvas: Canvas, core: Mask) -> _Ground:
        shading = canvas.shading
        lit = shading.shade[core][:, None] * shading.light.color
        mirrored = shading.highlight[core][:, None] * shading.light.color / luminance(shading.light.color)
        return cls((canvas.linear[core] - mirrored) / lit, lit, mirrored)

    def mean(self) -> _Ground:
        """One pixel that stands for all."""
        lit, mirrored = self.lit.mean(0, keepdims=True), self.mirrored.mean(0, keepdims=True)
        return _Ground((self.albedo * self.lit).mean(0, keepdims=True) / lit, lit, mirrored)

    def under(self, film: Film, coverage: Mask, kept: float) -> FloatArray:
        """What the photo can show (N, 3) of the film at `coverage` (N,); its finish keeps the share `kept` of the highlights."""
        return compress(film.over(self.albedo, coverage) * self.lit + kept * self.mirrored)


def hue_turns(image: Image, face: Face) -> Iterator[tuple[str, str, float]]:
    """Yield (region, finish, degrees) that a finish turns the hue of the painted mean by, against satin's."""
    canvas = Canvas.of(image, face)
    for region in regions(canvas):
        core = region.zone > _CORE * region.zone.max()
        finishes = [finish for finish in Finish if finish is not Finish.SATIN and _comes_in(region, finish)]
        for pigment in HUE_PIGMENTS:
            satin = _hue(image, face, core, region.layer(pigment, _COVERAGE))
            for finish in finishes:
                own = _hue(image, face, core, region.layer(pigment, _COVERAGE, finish))
                if finish is Finish.SHEER:
                    satin_thin = _hue(image, face, core, region.layer(pigment, _COVERAGE * _SHEER[region.name]))
                    yield region.name, finish.value, _turn(own, satin_thin)
                else:
                    yield region.name, finish.value, _turn(own, satin)


def _comes_in(region: Region, finish: Finish) -> bool:
    try:
        region.layer(PIGMENTS[0], 0.9, finish)
    except ValueError:
        return False
    return True


def _turn(hue: float, other: float) -> float:
    """Degrees between two hues, [0, 180]."""
    return abs((hue - other + 180) % 360 - 180)


def _hue(image: Image, face: Face, core: Mask, layer: AnyLayer) -> float:
    painted = render(image, face, Look(name="one", layers=(layer,)))[face.window_slices]
    return float(chroma_hue(lab_from_linear(linear_from_srgb(painted)[core].mean(0)))[1])


def even_faces() -> Iterator[tuple[Image, Face]]:
    """Pictures of nothing but one skin colour, with a mesh: the even patch."""
    analyzer = Analyzer(detector=FixedDetector(face_points((384, 384))))
    for skin in EVEN_SKINS:
        image = np.full((384, 384, 3), skin, np.float32)
        yield image, analyzer.analyze(image)[0]


def real_faces(count: int = 12) -> Iterator[tuple[Image, Face]]:
    """Frontal faces of the test split, evenly spread over skin tones."""
    own = sorted((item for item in portraits() if item.split == "test" and abs(item.yaw) < 12 and not item.label), key=lambda item: item.ita)
    analyzer = Analyzer()
    for number in np.linspace(0, len(own) - 1, count).astype(int):
        image = own[number].open()
        yield image, analyzer.analyze(image)[0]


def miss_rows(name: str, found: Sequence[Miss]) -> list[list[str | float | int]]:
    rows: list[list[str | float | int]] = []
    for region in ("lips", "lids", "cheeks"):
        own = [miss.pixels for miss in found if miss.region == region]
        if own:
            coarse = float(np.median([miss.mean for miss in found if miss.region == region]))
            rows.append([name, region, len(own), float(np.median(own)), float(np.percentile(own, 95)), max(own), "≤ 2", coarse])
    return rows


def run() -> Record:
    record = Record("paint", "Is paint what Kubelka–Munk says it is?")
    even, real = list(even_faces()), list(real_faces())
    rows = miss_rows("even skin, six tones", [miss for face in even for miss in misses(*face, COVERAGES)])
    rows += miss_rows("portraits, twelve", [miss for face in real for miss in misses(*face, COVERAGES[1:2])])
    columns = ("skin", "region", "paints", "ΔE2000, median", "worst twentieth", "worst", "wanted", "from the region's mean, median")
    notes = (
        "The painted region's mean against the mean of the film over every pixel's reflectance under the estimated light; in the last column "
        "over the region's mean reflectance, as if it were one patch. Eight pigments, coverages 0.3, 0.6 and 0.9 (portraits: 0.6)."
    )
    record.tables.append(Table("Painted colour against prediction", columns, rows, notes))
    turns = [turn for face in (*even[::2], *real[::4]) for turn in hue_turns(*face)]
    finishes = sorted({(finish, region) for region, finish, _ in turns})
    hue_rows: list[list[str | float]] = []
    for finish, region in finishes:
        own = [turn for place, name, turn in turns if (name, place) == (finish, region)]
        hue_rows.append([finish, region, float(np.median(own)), max(own), "≤ 3" if finish != "holographic" else "turns on purpose"])
    record.tables.append(Table("Hue of a finish against satin's, degrees", ("finish", "region", "median", "worst", "wanted"), hue_rows))
    record.numbers = {"pigments": PIGMENTS, "coverages": COVERAGES, "even_faces": len(even), "portraits": len(real)}
    return record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="write docs/results/paint.json and docs/benchmarks.md")
    options = parser.parse_args()
    record = run()
    record.show()
    if options.save:
        record.save()


if __name__ == "__main__":
    main()
