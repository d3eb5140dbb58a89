"""How a look turns out on somebody else, and whether a metric knows it when it sees it.

    python benchmarks/carrying.py [--save] [--split train]

Every look is painted on every face by those who make it, so that what a reference's colour should become on a wearer is known. Then it is
foretold from the reference alone, taking more or less of what lies between two skins for light (`kohl.color.adaptation.carry_to_skin`). The
constants were chosen on the train split; by default people of the test split are shown. All wear nothing of their own, as judges saw it.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kohl.color.adaptation import SkinsOwn, carry_to_skin, skins_own
from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_linear, lab_from_srgb, linear_from_lab
from kohl.core.arrays import AnyArray, FloatArray
from kohl.core.errors import FaceError
from kohl.core.region import Region
from kohl.data import painters
from kohl.evaluation.metrics.chroma import chroma_distance
from kohl.evaluation.metrics.places import window_region
from kohl.evaluation.metrics.region_colors import region_colors
from kohl.evaluation.metrics.share import share_of_the_way
from kohl.evaluation.metrics.worn import worn_on
from kohl.faces.analyzer import Analyzer
from portraits import Portrait, portraits, said_of
from reading import evenly
from record import Record, Table

PRESETS = (
    *("90s-nude-lip", "berry-gloss", "brick-matte", "classic-red-lip", "coral-summer", "igari-blush", "midnight-blue", "monochrome-rose"),
    *("neon-acid", "old-hollywood", "peacock", "plum-evening", "rose-gold", "soft-glam", "sunset-eye", "wine-velvet"),
)
LOOKS = (*painters.INDEPENDENT, *(f"procedural.{preset}" for preset in PRESETS))
REGIONS = {Region.LIPS: "lips", Region.EYES: "lids"}
BARE = "bare"
SHARES = tuple(SkinsOwn(*both) for both in ((0, 0), (0.25, 0.25), (0.5, 0.5), (0.5, 0.75), (0.75, 0.75), (1, 1)))
"""Of what lies between two skins, taken for skin."""
_WORN = 4.0
"""ΔE2000 by which a look changes a region of half of the faces, or it does not wear it."""
_PIXELS, _FEWEST = 300, 60
"""Pixels of a region that are kept, and without which it is not seen."""
_UNLIKE = 10.0
"""L* from which on one skin is deeper than another."""

Rule = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
"""Lab (..., 3) that Lab colours (..., 3) of a face with the skin (3,) have on one with another skin (3,), both Lab."""


@dataclass(frozen=True, eq=False)
class Sitter:
    """`skin` (3,): Lab of a bare face. `shown`: by region and look, the Lab of some of the region's pixels (N, 3), the same under each look."""

    skin: FloatArray
    shown: Mapping[Region, Mapping[str, FloatArray]]

    @classmethod
    def of(cls, portrait: Portrait, analyzer: Analyzer) -> Sitter:
        """The portrait as it is, and in all looks. Raises FaceError where no face is found."""
        image = portrait.open()
        face = analyzer.analyze(image)[0]
        pictures = {BARE: image} | {look: painters.create(look).paint(image, face) for look in LOOKS}
        windows = {look: lab_from_srgb(picture[face.window_slices].astype(np.float32)) for look, picture in pictures.items()}
        shown = {}
        for region in REGIONS:
            inside = np.flatnonzero(window_region(face, region) > 0.5)
            if len(inside) >= _FEWEST:
                some = inside[np.linspace(0, len(inside) - 1, _PIXELS).astype(int)]
                shown[region] = {look: lab.reshape(-1, 3)[some] for look, lab in windows.items()}
        return cls(region_colors(image, face).skin, shown)

    def middle(self, region: Region, look: str) -> FloatArray:
        """Median Lab (3,) of the region under a look."""
        return np.asarray(np.median(self.shown[region][look], axis=0), np.float32)


def sitters(split: str, count: int) -> list[Sitter]:
    """Bare people of the split, of all tones."""
    analyzer, found = Analyzer(), []
    for item in evenly([item for item in portraits() if item.split == split and said_of(item) == {"0"} and abs(item.yaw) < 45], count):
        try:
            found.append(Sitter.of(item, analyzer))
        except FaceError as error:
            print(f"left out {item.name}: {error}")
    return found


def carried(taken: SkinsOwn) -> Rule:
    """The rule that takes such shares of what lies between two skins for skin."""

    def rule(colours: FloatArray, theirs: FloatArray, own: FloatArray) -> FloatArray:
        light = carry_to_skin(*(linear_from_lab(np.asarray(lab, np.float32)) for lab in (colours, theirs, own)), taken)
        return lab_from_linear(np.clip(light, 0, 1))

    return rule


def by_difference(colours: FloatArray, theirs: FloatArray, own: FloatArray) -> FloatArray:
    """The plain difference of Lab stays."""
    return np.asarray(colours - theirs + own, np.float32)


def _name_of(shares: SkinsOwn) -> str:
    return f"{shares.lightness:g}, {shares.hue:g}"


RULES: Mapping[str, Rule] = {_name_of(shares): carried(shares) for shares in SHARES} | {"difference of Lab": by_difference}


def worn_looks(people: Sequence[Sitter], region: Region) -> list[str]:
    """The looks that change the region plainly."""
    seen = [person for person in people if region in person.shown]
    changes = {look: [delta_e2000(person.middle(region, look), person.middle(region, BARE)) for person in seen] for look in LOOKS}
    return [look for look, change in changes.items() if np.median(change) > _WORN]


def pairs_of(people: Sequence[Sitter], region: Region) -> Iterator[tuple[Sitter, Sitter]]:
    """A reference and a wearer: everybody with everybody else who shows the region."""
    return itertools.permutations([person for person in people if region in person.shown], 2)


def foretold(people: Sequence[Sitter], region: Region, looks: Sequence[str]) -> list[list[object]]:
    """Rows of the mean error of each rule, over all wearers and by how their skin compares."""
    rows = []
    for name, rule in RULES.items():
        errors: dict[str, list[AnyArray]] = {"deeper": [], "alike": [], "lighter": []}
        for theirs, wearer in pairs_of(people, region):
            said = rule(np.stack([theirs.middle(region, look) for look in looks]), theirs.skin, wearer.skin)
            lighter = float(wearer.skin[0] - theirs.skin[0])
            kind = "alike" if abs(lighter) <= _UNLIKE else "lighter" if lighter > 0 else "deeper"
            errors[kind].append(delta_e2000(said, np.stack([wearer.middle(region, look) for look in looks])))
        every = [error for kind in errors.values() for error in kind]
        rows.append([REGIONS[region], name, *(float(np.mean(found)) if found else None for found in (every, *errors.values()))])
    return rows


def found_again(people: Sequence[Sitter], region: Region, looks: Sequence[str], count: int) -> list[list[object]]:
    """Rows of how often a metric, for a reference in one look, puts a wearer in that look before the same wearer in another, or bare."""
    every = list(pairs_of(people, region))
    some = [every[i] for i in np.random.default_rng(0).permutation(len(every))[:count]]
    rows = []
    for name, rule in RULES.items():
        nearer: dict[str, list[bool]] = {"distance": [], "chroma": []}
        for theirs, wearer in some:
            wanted = {look: rule(theirs.shown[region][look], theirs.skin, wearer.skin) for look in looks}
            for metric, measure in _METRICS.items():
                apart = {pair: measure(wanted[pair[0]], wearer.shown[region][pair[1]]) for pair in itertools.product(looks, (*looks, BARE))}
                nearer[metric] += [apart[look, look] < apart[look, other] for look, other in apart if other != look]
        rows.append([REGIONS[region], name, *(float(np.mean(found)) for found in nearer.values())])
    return rows


def shares(people: Sequence[Sitter], region: Region, looks: Sequence[str]) -> list[object]:
    """A row: the share of the way, bare to reference, that the very same look goes on a wearer, as `benchmarks/transfer.py` counts it."""
    found: dict[str, list[float]] = {"difference": [], "worn": []}
    for (theirs, wearer), look in itertools.product(pairs_of(people, region), looks):
        colours = wearer.middle(region, BARE), theirs.middle(region, look), wearer.middle(region, look)
        skins = wearer.skin, theirs.skin, wearer.skin
        found["difference"].append(share_of_the_way(*(colour - skin for colour, skin in zip(colours, skins, strict=True))).along)
        on_her = (worn_on(colour, skin, wearer.skin, region) for colour, skin in zip(colours, skins, strict=True))
        found["worn"].append(share_of_the_way(*on_her).along)
    return [REGIONS[region], *(float(np.median(values)) for values in found.values())]


def _middle_distance(wanted: FloatArray, made: FloatArray) -> float:
    return float(delta_e2000(np.median(made, axis=0), np.median(wanted, axis=0)))


def _chroma_distance(wanted: FloatArray, made: FloatArray) -> float:
    return chroma_distance(made[:, 1:], wanted[:, 1:])


_METRICS = {"distance": _middle_distance, "chroma": _chroma_distance}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="write docs/results/carrying.json")
    parser.add_argument("--split", default="test", choices=("train", "validation", "test"))
    parser.add_argument("--people", type=int, default=32)
    parser.add_argument("--pairs", type=int, default=80, help="of two people, among whom metrics look for the right look")
    options = parser.parse_args()
    record = Record("carrying", "How does a look turn out on somebody else?")
    people = sitters(options.split, options.people)
    looks = {region: worn_looks(people, region) for region in REGIONS}
    counts = ", ".join(f"{name}: {len(looks[region])} looks" for region, name in REGIONS.items())
    record.tables = [
        Table(
            "One look on two people: the colour that it has on the second, foretold from the first, ΔE2000, mean",
            ["region", "taken for skin", "all", "on deeper skin", "on skin alike", "on lighter skin"],
            [row for region in REGIONS for row in foretold(people, region, looks[region])],
            f"{len(people)} people of the {options.split} split, each in every look ({counts}), by four painters of their own kind and the renderer. "
            "Taken for skin: the share of what lies between two skins in their photos; the rest is light, which scales makeup as it scales skin. "
            "Of lightness, and of hue; "
            f"kohl takes {_name_of(skins_own(Region.LIPS))} for lips, {_name_of(skins_own(Region.EYES))} for lids. "
            f"Deeper and lighter: by more than {_UNLIKE:g} L*.",
        ),
        Table(
            "The same look on two people: how often a metric puts it before another on the second, or before none",
            ["region", "taken for skin", "`distance`", "`chroma`"],
            [row for region in REGIONS for row in found_again(people, region, looks[region], options.pairs)],
            "1: always; .5: as a coin would. Both metrics as kohl evaluate has them, but for the share.",
        ),
        Table(
            "The same look on two people: share of the way from bare to the first one's colour that it goes on the second, median",
            ["region", "as plain differences of Lab from the skin", "as worn"],
            [shares(people, region, looks[region]) for region in REGIONS],
            "What a transfer reaches that puts on just what the reference wears: less than 1, since what covers in part shows what lies below.",
        ),
    ]
    record.show()
    if options.save:
        record.save()


if __name__ == "__main__":
    main()
