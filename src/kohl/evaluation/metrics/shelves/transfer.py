"""Metrics of how faithful a transfer is to its reference, without a ground truth."""

from __future__ import annotations

from collections.abc import Mapping

from kohl.color.difference import delta_e2000
from kohl.core.arrays import FloatArray
from kohl.core.region import Region
from kohl.evaluation.case import Sample
from kohl.evaluation.metrics import remembered
from kohl.evaluation.metrics.chroma import chroma_distance, chroma_of
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.metrics.patterns import REGIONS, pattern_agreement
from kohl.evaluation.metrics.places import MEASURED, REGION_NAMES, window_region
from kohl.evaluation.metrics.share import share_of_the_way
from kohl.evaluation.metrics.worn import worn_on


def _colors(sample: Sample, region: Region) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Lab (3,) of the region in source, reference and result, each as it would look on the wearer's own skin."""
    source = remembered.colors(sample.case.source)
    three = (source, remembered.colors(sample.case.reference), remembered.colors_made(sample))
    before, wanted, made = (worn_on(colors.skin + colors.relative[region], colors.skin, source.skin, region) for colors in three)
    return before, wanted, made


def _distance(sample: Sample) -> Mapping[str, float]:
    found = {}
    for region in MEASURED:
        _, wanted, made = _colors(sample, region)
        found[f"distance.{REGION_NAMES[region]}"] = float(delta_e2000(made, wanted))
    return found


def _share(sample: Sample) -> Mapping[str, float]:
    return {f"share.{REGION_NAMES[region]}": share_of_the_way(*_colors(sample, region)).closeness for region in REGIONS}


def _chroma(sample: Sample) -> Mapping[str, float]:
    source, reference = sample.case.source, sample.case.reference
    skin, found = remembered.colors(source).skin, {}
    for region in MEASURED:
        pixels, core = sample.result[source.face.window_slices], window_region(source.face, region)
        made = chroma_of(pixels, core, region, remembered.colors_made(sample).skin, skin)
        pixels, core = reference.image[reference.face.window_slices], window_region(reference.face, region)
        found[f"chroma.{REGION_NAMES[region]}"] = chroma_distance(made, chroma_of(pixels, core, region, remembered.colors(reference).skin, skin))
    return found


def _pattern(sample: Sample) -> Mapping[str, float]:
    made, wanted = remembered.pattern_made(sample), remembered.pattern(sample.case.reference)
    return {f"pattern.{REGION_NAMES[region]}": pattern_agreement(made, wanted, region) for region in REGIONS}


METRICS = (
    Metric("distance", "Colour distance to the reference, on the wearer's skin", "ΔE2000", "lower", "fidelity", "own; CIEDE2000", _distance, 0.0),
    Metric("chroma", "Distance of the chroma histograms, on the wearer's skin", "Lab", "lower", "fidelity", "own; Rabin et al. 2011", _chroma, 0.0),
    Metric("share", "Share of the way from source to reference", "", "higher", "fidelity", "own", _share, 1.0),
    Metric("pattern", "Pattern agreement on the UV chart", "r", "higher", "fidelity", "own; Pearson correlation", _pattern, 1.0),
)
