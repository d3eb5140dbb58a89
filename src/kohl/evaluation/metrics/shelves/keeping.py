"""Metrics of how well a method keeps what is not its to change; NaN where a picture shows nothing of it."""

from __future__ import annotations

from collections.abc import Mapping

from kohl.core.arrays import Mask
from kohl.evaluation.case import Sample
from kohl.evaluation.metrics import remembered
from kohl.evaluation.metrics.background import BackgroundChange, background_change
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.metrics.outlines import outline_displacement
from kohl.evaluation.metrics.skin_tone import SkinDrift, skin_drift
from kohl.evaluation.metrics.structure import ssim_where
from kohl.evaluation.metrics.texture import texture_kept

_NAN = float("nan")
_UNSEEN_BACKGROUND = BackgroundChange(_NAN, _NAN, _NAN, _NAN)
_UNSEEN_SKIN = SkinDrift(_NAN, _NAN, _NAN, _NAN, _NAN, _NAN)


def _is_seen(mask: Mask) -> bool:
    return bool((mask > 0.5).any())


@remembered.remembered
def _background_found(sample: Sample) -> BackgroundChange:
    source = sample.case.source
    background = remembered.background(source)
    return background_change(source.image, sample.result, background) if _is_seen(background) else _UNSEEN_BACKGROUND


@remembered.remembered
def _drift_found(sample: Sample) -> SkinDrift:
    source = sample.case.source
    skin = remembered.bare_skin(source)
    return skin_drift(source.image, sample.result, skin) if _is_seen(skin) else _UNSEEN_SKIN


def _background(sample: Sample) -> Mapping[str, float]:
    found = _background_found(sample)
    return {"background.largest": found.largest, "background.mean": found.mean}


def _l2_m(sample: Sample) -> Mapping[str, float]:
    return {"l2_m": _background_found(sample).l2_m}


def _bg_mse(sample: Sample) -> Mapping[str, float]:
    return {"bg_mse": _background_found(sample).bg_mse}


def _ssim_outside(sample: Sample) -> Mapping[str, float]:
    source = sample.case.source
    background = remembered.background(source)
    return {"ssim_outside": ssim_where(source.image, sample.result, background) if _is_seen(background) else _NAN}


def _skin_tone(sample: Sample) -> Mapping[str, float]:
    found = _drift_found(sample)
    return {"skin_tone.ita": abs(found.ita)}


def _skin_color(sample: Sample) -> Mapping[str, float]:
    found = _drift_found(sample)
    return {"skin_color.mean": found.mean, "skin_color.p95": found.p95}


def _outlines(sample: Sample) -> Mapping[str, float]:
    if sample.mesh is None:
        return {"outlines.lips": _NAN, "outlines.eyes": _NAN}
    found = outline_displacement(sample.case.source.face.points, sample.mesh.points)
    sure = found if sample.wander is None else found.where_steady(sample.wander)
    return {"outlines.lips": sure.lips, "outlines.eyes": sure.eyes}


def _texture(sample: Sample) -> Mapping[str, float]:
    source = sample.case.source
    skin = remembered.skin(source)
    return {"texture": texture_kept(source.image, sample.result, skin, source.face.eye_distance) if _is_seen(skin) else _NAN}


METRICS = (
    Metric("background", "Change of the background, a channel", "0–1", "lower", "keeping", "own", _background, 0.0),
    Metric("l2_m", "L2-M: mean squared change of the background", "0–1", "lower", "keeping", "FRAM, SHMT", _l2_m, 0.0),
    Metric("bg_mse", "BG-MSE: the same on a scale of 255", "0–65025", "lower", "keeping", "MagicMakeup, its mask without blur", _bg_mse, 0.0),
    Metric("ssim_outside", "SSIM of the background", "", "higher", "keeping", "Wang et al. 2004", _ssim_outside, 1.0),
    Metric("skin_tone", "Drift of bare skin's tone, either way", "° ITA", "lower", "keeping", "own; Chardon et al. 1991", _skin_tone, 0.0),
    Metric("skin_color", "Change of bare skin's colour", "ΔE2000", "lower", "keeping", "own; CIEDE2000", _skin_color, 0.0),
    Metric("outlines", "Displacement of lip and eye outlines", "% of eye distance", "lower", "keeping", "own; Chamfer distance", _outlines, 0.0),
    Metric("texture", "Skin texture kept", "r", "higher", "keeping", "own; high-pass correlation", _texture, 1.0),
)
