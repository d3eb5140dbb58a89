"""Measures transfer: made-up references onto faces of all tones, ages and both sexes.

    python benchmarks/transfer.py [--save] [--method NAME] [--onto N] [--detail film|layers]

Every reference goes onto all sources, or in turn onto N of them, for a quick look: what comes out then hangs on who got whom. Nothing is dropped
silently: what is refused is counted and named. Sources are of the test split; the references are synthetic pictures labelled as made up.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.color.skin import ita_bin, ita_from_lab
from kohl.core.arrays import FloatArray, Image, Points3
from kohl.core.errors import FaceError
from kohl.core.region import Region
from kohl.evaluation.metrics.background import background_change
from kohl.evaluation.metrics.outlines import OutlineDisplacement, outline_displacement
from kohl.evaluation.metrics.places import background_of, bare_skin_of, reach_of, region_of, skin_of
from kohl.evaluation.metrics.region_colors import RegionColors, region_colors
from kohl.evaluation.metrics.share import Share, share_of_the_way
from kohl.evaluation.metrics.skin_tone import SkinDrift, skin_drift
from kohl.evaluation.metrics.texture import texture_kept
from kohl.evaluation.metrics.worn import worn_on
from kohl.evaluation.protocol.portraits import is_made_up
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.faces.mesh import MediapipeMeshDetector
from kohl.methods import registry
from kohl.methods.base import Controls, MakeupMethod
from kohl.reading.presence import PRODUCT_OF
from kohl.reading.reading import Reading
from portraits import Portrait, judged, portrait, portraits, said_of
from reading import evenly
from record import Record, Table

SOURCES = (
    "london/london_neutral_002_03.jpg",  # very light, neutral
    "faker/female_091.jpg",  # very light, selfie
    "interfaces/if_050.jpg",  # light, beard and glasses
    "faker/female_071.jpg",  # light, smile
    "faker/male_065.jpg",  # light, old
    "faker/female_033.jpg",  # light, old
    "london/london_smiling_066_08.jpg",  # light, smile
    "faker/male_052.jpg",  # intermediate, stubble
    "sfhq_t2i/s2_Glasses_Style_018.jpg",  # intermediate, glasses
    "london/london_smiling_038_08.jpg",  # intermediate, smile
    "faker/female_095.jpg",  # tan, smile
    "faker/male_059.jpg",  # tan, beard
    "london/london_neutral_064_03.jpg",  # tan
    "sfhq_t2i/s2_Ethnicity_x_Age_1_041.jpg",  # tan, old, turned
    "faker/female_046.jpg",  # brown, old
    "sfhq_t2i/s2_Glasses_Style_022.jpg",  # brown, glasses
    "london/london_smiling_114_08.jpg",  # brown, smile
    "faker/male_036.jpg",  # brown
    "london/london_neutral_042_03.jpg",  # dark
    "london/london_smiling_062_08.jpg",  # dark, smile
    "faker/male_049.jpg",  # dark, smile
)
"""Of the test split only; a test checks it."""
WANTED_SHARE = {Region.LIPS: 0.85, Region.EYES: 0.6, Region.CHEEKS: 0.5}
BARE = 12
"""How many references without makeup there are."""
CLEAR_WAY = 8.0
"""Distance in Lab from which on a reference differs clearly from the source."""


@dataclass(frozen=True, eq=False)
class Sitter:
    """A portrait that was analysed, with the colours of its regions."""

    portrait: Portrait
    image: Image
    face: Face
    colors: RegionColors

    @property
    def tone(self) -> str:
        """Class of the skin's measured ITA."""
        return str(ita_bin(float(ita_from_lab(self.colors.skin))))


@dataclass(frozen=True, eq=False)
class Worn:
    """A reference and what was read from it."""

    sitter: Sitter
    reading: Reading

    def wears(self, region: Region) -> bool:
        """Whether the reading's film, which is what a transfer paints, has makeup in the region."""
        presence = self.reading.film.presence.get(region)
        return presence is not None and float(presence.max()) > 0.5

    def is_torn(self, region: Region) -> bool:
        """Whether the look of the same reading says otherwise."""
        return self.wears(region) != any(layer.product == PRODUCT_OF[region] for layer in self.reading.look.layers)


@dataclass(frozen=True)
class Pair:
    """All numbers of one transfer."""

    source: str
    reference: str
    tone: str
    shares: dict[Region, Share]
    """Of colours as plain differences of Lab from their own skin."""
    as_worn: dict[Region, Share]
    """Of colours as they would look on the wearer's skin (`worn_on`)."""
    worn: frozenset[Region]
    background: float
    drift: SkinDrift
    texture: float
    texture_beside_eyes: float
    """The same where no makeup of the eyes reaches: a black lid's edge and a liner are as fine as pores, and count for lost ones."""
    outlines: OutlineDisplacement | None
    """None when no face is found in the result."""
    tinted: OutlineDisplacement | None
    """The same of the source, tinted as much (see `tinted`)."""
    returned: float
    """CIEDE2000 from source to result, mean over lips, lids and cheeks."""


def is_judged_bare(item: Portrait) -> bool:
    """Whether it is a face of the test split on which two judges saw none of the products."""
    return item.split == "test" and said_of(item) == {"0"}


def sit(items: Iterable[Portrait], refused: list[str]) -> list[Sitter]:
    """Analyse portraits; those without a usable face are named in `refused`."""
    analyzer, sitters = Analyzer(), []
    for item in items:
        image = item.open()
        try:
            face = analyzer.analyze(image)[0]
        except FaceError as error:
            refused.append(f"{item.name}: {error}")
            continue
        sitters.append(Sitter(item, image, face, region_colors(image, face)))
    return sitters


class Bench:
    """One method, how it is asked, and the detector that looks at its results."""

    def __init__(self, method: MakeupMethod, controls: Controls) -> None:
        self._method, self._controls = method, controls
        self._detector = MediapipeMeshDetector()

    def read(self, sitters: Sequence[Sitter]) -> list[Worn]:
        """Read what every reference wears, once."""
        return [Worn(sitter, self._method.read(sitter.image, sitter.face)) for sitter in sitters]

    def transfer(self, source: Sitter, worn: Worn) -> Pair:
        """Make up `source` as `worn` and measure everything."""
        result = self._method.transfer(source.image, source.face, dict.fromkeys(Region, worn.reading), self._controls)
        face, after = source.face, region_colors(result, source.face)
        reference = worn.sitter.colors
        return Pair(
            source=source.portrait.name,
            reference=worn.sitter.portrait.name,
            tone=source.tone,
            shares={
                region: share_of_the_way(source.colors.relative[region], reference.relative[region], after.relative[region]) for region in PRODUCT_OF
            },
            as_worn={region: share_of_the_way(*_worn(source.colors, reference, after, region)) for region in PRODUCT_OF},
            worn=frozenset(region for region in PRODUCT_OF if worn.wears(region)),
            background=background_change(source.image, result, background_of(face)).largest,
            drift=skin_drift(source.image, result, bare_skin_of(face)),
            texture=texture_kept(source.image, result, skin_of(face), face.eye_distance),
            texture_beside_eyes=texture_kept(source.image, result, skin_of(face) * (1 - reach_of(face, Region.EYES)), face.eye_distance),
            outlines=self._outlines(source, result),
            tinted=self._outlines(source, tinted(source, result)),
            returned=_returned(source, result),
        )

    def _outlines(self, source: Sitter, image: Image) -> OutlineDisplacement | None:
        after = self._find(image, source.face.points)
        return None if after is None else outline_displacement(source.face.points, after)

    def _find(self, image: Image, near: Points3) -> Points3 | None:
        meshes = self._detector.detect(image)
        return min((mesh.points for mesh in meshes), key=lambda points: float(np.linalg.norm(points[1] - near[1])), default=None)


def tinted(source: Sitter, result: Image) -> Image:
    """The source with each pixel in its place and only its colour changed: all lips, and all lids, by what `result` changed in their middle. How far
    outlines move then is the mesh's answer to colour, not to shape.
    """
    face, before, after = source.face, lab_from_srgb(source.image), lab_from_srgb(result)
    made = before.copy()
    for region in (Region.LIPS, Region.EYES):
        mask = region_of(face, region)
        core = mask > 0.5
        if core.any():
            made += mask[..., None] * (np.median(after[core], axis=0) - np.median(before[core], axis=0))
    return np.clip(srgb_from_lab(made), 0, 1)


def _returned(source: Sitter, result: Image) -> float:
    window = source.face.window_slices
    error = delta_e2000(lab_from_srgb(source.image[window]), lab_from_srgb(result[window]))
    cores = [region_of(source.face, region)[window] > 0.5 for region in PRODUCT_OF]
    return float(np.mean([error[core].mean() for core in cores if core.any()]))


def _worn(source: RegionColors, reference: RegionColors, after: RegionColors, region: Region) -> list[FloatArray]:
    """A region's three colours (3,), Lab, all on the source's skin."""
    return [worn_on(colors.skin + colors.relative[region], colors.skin, source.skin, region) for colors in (source, reference, after)]


def median(values: Iterable[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else float("nan")


def highest(values: Iterable[float]) -> float:
    return max(values, default=float("nan"))


def as_judged(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs, wearing what both judges saw on the reference in place of what was read."""
    told = {file.removesuffix(".jpg"): products for file, products in judged().items()}
    seen = {name: frozenset(region for region, product in PRODUCT_OF.items() if products[product] == "1") for name, products in told.items()}
    return [replace(pair, worn=seen.get(pair.reference, frozenset())) for pair in pairs]


def share_table(pairs: Sequence[Pair]) -> Table:
    """Share of the way by region."""
    rows: list[list[str | float | int]] = []
    for region, wanted in WANTED_SHARE.items():
        own = [pair.shares[region] for pair in pairs if region in pair.worn and np.isfinite(pair.shares[region].along)]
        clear = [share for share in own if share.distance >= CLEAR_WAY]
        references = len({pair.reference for pair in pairs if region in pair.worn})
        everyone = median(pair.shares[region].along for pair in pairs)
        quarter = float(np.percentile([share.along for share in own], 25)) if own else float("nan")
        closeness = median(share.closeness for share in own)
        rows.append(
            [
                region.value,
                references,
                len(own),
                median(share.along for share in own),
                quarter,
                closeness,
                median(pair.as_worn[region].along for pair in pairs if region in pair.worn),
                median(s.along for s in clear),
                len(clear),
                everyone,
                wanted,
            ]
        )
    columns = ("region", "references that wear it", "pairs", "share, median", "lower quartile", "closeness, median", "share as worn, median")
    more = (f"share where Lab differs by ≥ {CLEAR_WAY:.0f}", "pairs", "share, every pair, worn or not", "wanted")
    notes = (
        "Share of the way from the source's colour to the reference's, each relative to its own skin, as plain differences of Lab; 1 is all of it. "
        "As worn: the same of the colours as they would look on the wearer's skin. What the very same makeup reaches: `carrying.py`. Lids stand for "
        "the eyes."
    )
    return Table("How much of the reference's colour arrives", (*columns, *more), rows, notes)


def tone_table(pairs: Sequence[Pair]) -> Table:
    """The same by skin tone of the source."""
    tones = sorted({pair.tone for pair in pairs}, key=["very light", "light", "intermediate", "tan", "brown", "dark"].index)
    rows: list[list[str | float | int]] = []
    for tone in tones:
        own = [pair for pair in pairs if pair.tone == tone]
        shares = [median(pair.shares[region].along for pair in own if region in pair.worn) for region in PRODUCT_OF]
        lightened = [pair.drift.ita for pair in own]
        rows.append([tone, len({pair.source for pair in own}), len(own), *shares, median(lightened), highest(pair.drift.mean for pair in own)])
    columns = (
        "skin of the source",
        "faces",
        "pairs",
        "lips",
        "lids",
        "cheeks",
        "bare skin: ITA, median change, degrees",
        "bare skin: worst mean ΔE2000",
    )
    return Table("Share of the way by skin tone", columns, rows)


def keeping_table(pairs: Sequence[Pair]) -> Table:
    """What must stay."""
    outlines = [pair.outlines for pair in pairs if pair.outlines is not None]
    unrest = [pair.tinted for pair in pairs if pair.tinted is not None]
    lost = len(pairs) - len(outlines)
    rows: list[list[str | float | int | None]] = [
        ["background, largest change of a channel", *_spread([pair.background for pair in pairs]), "0"],
        ["forehead and jaw skin, mean ΔE2000", *_spread([pair.drift.mean for pair in pairs]), "≤ 1"],
        ["texture on skin, correlation", *_spread([pair.texture for pair in pairs], lower_is_worse=True), "≥ 0.95"],
        [
            "for scale: likewise, where no makeup of the eyes reaches",
            *_spread([pair.texture_beside_eyes for pair in pairs], lower_is_worse=True),
            None,
        ],
        ["lip outline, % of the eyes' distance", *_spread([outline.lips for outline in outlines]), "≤ 0.5"],
        ["eye outlines, % of the eyes' distance", *_spread([outline.eyes for outline in outlines]), "≤ 0.5"],
        ["for scale: lip outline, lips and lids only tinted, as much", *_spread([outline.lips for outline in unrest]), None],
        ["for scale: eye outlines, likewise", *_spread([outline.eyes for outline in unrest]), None],
        ["results in which no face is found again", lost, None, None, "0"],
    ]
    return Table("What is kept", ("measure", "median", "worst twentieth", "worst", "wanted"), rows)


def _spread(values: Sequence[float], *, lower_is_worse: bool = False) -> list[float]:
    if not values:
        return [float("nan")] * 3
    tail, worst = (5, min(values)) if lower_is_worse else (95, max(values))
    return [float(np.median(values)), float(np.percentile(values, tail)), worst]


def bare_table(pairs: Sequence[Pair]) -> Table:
    """References without makeup."""
    values = [pair.returned for pair in pairs]
    found = len({(pair.reference, region) for pair in pairs for region in pair.worn})
    rows = [[len({pair.reference for pair in pairs}), len(pairs), found, *_spread(values)]]
    columns = ("references", "pairs", "products found on them, in all", "ΔE2000 of lips, lids, cheeks: median", "worst twentieth", "worst")
    return Table("References without makeup must give the source back", columns, rows)


def run(method: str, onto: int, controls: Controls) -> Record:
    record = Record("transfer", "How well does transfer carry makeup over, and what does it leave alone?")
    refused: list[str] = []
    sources = sit(map(portrait, SOURCES), refused)
    made_up = [item for item in portraits() if is_made_up(item.label)]
    bare = evenly((item for item in portraits() if is_judged_bare(item)), BARE)
    bench = Bench(registry.create(method), controls)
    worn, worn_by_bare = (bench.read(sit(items, refused)) for items in (made_up, bare))

    def measure(items: Sequence[Portrait], read: Sequence[Worn]) -> list[Pair]:
        # By its place among all references, so that one that is refused moves no other's pairs.
        first = {item.name: 5 * number for number, item in enumerate(items)}
        return [bench.transfer(sources[(first[each.sitter.portrait.name] + 4 * turn) % len(sources)], each) for each in read for turn in range(onto)]

    pairs, returned = measure(made_up, worn), measure(bare, worn_by_bare)
    by_eye = replace(share_table(as_judged(pairs)), title="The same where both judges saw makeup on the reference")
    record.tables = [share_table(pairs), by_eye, tone_table(pairs), keeping_table(pairs), bare_table(returned)]
    if refused:
        record.tables.append(Table("Refused", ("portrait and reason",), [[reason] for reason in refused]))
    torn = {region.value: sum(each.is_torn(region) for each in worn) for region in PRODUCT_OF}
    record.tables.append(
        Table(
            "References of which film and look of one reading say different things",
            ("region", "references", "of"),
            [[region, count, len(worn)] for region, count in torn.items()],
        )
    )
    record.numbers = {"method": method, "sources": len(sources), "references": len(worn), "pairs": [_plain(pair) for pair in pairs]}
    return record


def _plain(pair: Pair) -> dict[str, object]:
    shares = {region.value: [round(share.along, 3), round(share.closeness, 3), round(share.distance, 2)] for region, share in pair.shares.items()}
    outlines = None if pair.outlines is None else [round(pair.outlines.lips, 3), round(pair.outlines.eyes, 3)]
    return {
        "source": pair.source,
        "reference": pair.reference,
        "tone": pair.tone,
        "worn": sorted(pair.worn),
        "shares": shares,
        "background": pair.background,
        "bare_skin": round(pair.drift.mean, 4),
        "texture": round(pair.texture, 4),
        "texture_beside_eyes": round(pair.texture_beside_eyes, 4),
        "outlines": outlines,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="write docs/results/transfer.json and docs/benchmarks.md")
    parser.add_argument("--method", default="procedural", help="a method of the registry")
    parser.add_argument("--onto", type=int, default=len(SOURCES), metavar="N", help="sources for every reference; all of them unless told")
    parser.add_argument("--detail", choices=("film", "layers"), default="film", help="how makeup is carried; layers are shown, not saved")
    options = parser.parse_args()
    if options.save and options.detail != "film":
        parser.error("expected --save with --detail film alone, whose results are kept; leave --save out to see those of layers")
    cv2.setNumThreads(2)
    record = run(options.method, options.onto, Controls(detail=options.detail))
    record.show()
    if options.save:
        record.save()


if __name__ == "__main__":
    main()
