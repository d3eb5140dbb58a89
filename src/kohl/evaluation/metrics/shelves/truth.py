"""Metrics of results whose ground truth is known; NaN where a case has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kohl.core.arrays import Image
from kohl.evaluation.case import Sample
from kohl.evaluation.metrics.color_error import color_error
from kohl.evaluation.metrics.fidelity import psnr
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.metrics.structure import ms_ssim, ssim

_NAN = float("nan")


def _against_truth(name: str, compare: Callable[[Image, Image], float]) -> Callable[[Sample], Mapping[str, float]]:
    def measure(sample: Sample) -> Mapping[str, float]:
        truth = sample.case.truth
        return {name: _NAN if truth is None else compare(sample.result, truth)}

    return measure


def _color_error(sample: Sample) -> Mapping[str, float]:
    truth = sample.case.truth
    if truth is None:
        return {"color_error.inside": _NAN, "color_error.outside": _NAN}
    found = color_error(sample.result, sample.case.source.image, truth)
    return {"color_error.inside": found.inside, "color_error.outside": found.outside}


METRICS = (
    Metric("psnr", "PSNR", "dB", "higher", "truth", "10 log10(1 / MSE)", _against_truth("psnr", psnr)),
    Metric("ssim", "SSIM", "", "higher", "truth", "Wang et al. 2004", _against_truth("ssim", ssim), 1.0),
    Metric("ms_ssim", "MS-SSIM", "", "higher", "truth", "Wang, Simoncelli, Bovik 2003", _against_truth("ms_ssim", ms_ssim), 1.0),
    Metric("color_error", "Colour error where the makeup is, and beside it", "ΔE2000", "lower", "truth", "Sharma et al. 2005", _color_error, 0.0),
)
