"""Metrics of how faithful a transfer is to its reference, without a ground truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kohl.core.region import Region
from kohl.evaluation.case import Sample
from kohl.evaluation.metrics import remembered
from kohl.evaluation.metrics.chroma import chroma_distance, chroma_of
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.metrics.patterns import REGIONS, pattern_agreement
from kohl.evaluation.metrics.places import MEASURED, window_region
from kohl.evaluation.metrics.region_colors import color_distance
from kohl.evaluation.metrics.share import share_of_the_way

NAMES = {Region.LIPS: "lips", Region.EYES: "lids", Region.CHEEKS: "cheeks", Region.BROWS: "brows"}
"""What the tables call a region: of the eyes it is the lids that are measured."""


def _distance(sample: Sample) -> Mapping[str, float]:
    # Both laid on the wearer's skin: what the reference's makeup should look like on her.
    made = replace(remembered.colors_made(sample), skin=remembered.colors(sample.case.source).skin)
    wanted = remembered.colors(sample.case.reference)
    return {f"distance.{NAMES[region]}": color_distance(made, wanted, region) for region in MEASURED}


def _chroma(sample: Sample) -> Mapping[str, float]:
    source, reference = sample.case.source, sample.case.reference
    found = {}
    for region in MEASURED:
        made = chroma_of(sample.result[source.face.window_slices], window_region(source.face, region), remembered.colors_made(sample).skin)
        wanted = chroma_of(reference.image[reference.face.window_slices], window_region(reference.face, region), remembered.colors(reference).skin)
        found[f"chroma.{NAMES[region]}"] = chroma_distance(made, wanted)
    return found


def _share(sample: Sample) -> Mapping[str, float]:
    case, found = sample.case, {}
    for region in REGIONS:
        three = (remembered.colors(case.source), remembered.colors(case.reference), remembered.colors_made(sample))
        found[f"share.{NAMES[region]}"] = share_of_the_way(*(colors.relative[region] for colors in three)).closeness
    return found


def _pattern(sample: Sample) -> Mapping[str, float]:
    made, wanted = remembered.pattern_made(sample), remembered.pattern(sample.case.reference)
    return {f"pattern.{NAMES[region]}": pattern_agreement(made, wanted, region) for region in REGIONS}


METRICS = (
    Metric("distance", "Colour distance to the reference, over the own skin", "ΔE2000", "lower", "fidelity", "own; CIEDE2000", _distance, 0.0),
    Metric("chroma", "Distance of the chroma histograms, over the own skin", "Lab", "lower", "fidelity", "own; Rabin et al. 2011", _chroma, 0.0),
    Metric("share", "Share of the way from source to reference", "", "higher", "fidelity", "own", _share, 1.0),
    Metric("pattern", "Pattern agreement on the UV chart", "r", "higher", "fidelity", "own; Pearson correlation", _pattern, 1.0),
)
