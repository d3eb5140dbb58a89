"""Contestants, metrics and test sets that are small, known to the last pixel, and can be sent to other processes."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from drawn import DEEP, FAIR, MEDIUM, FixedDetector, draw, face_points
from kohl.core.arrays import Image
from kohl.evaluation.case import Case, Sample
from kohl.evaluation.metrics.background import background_change
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.metrics.places import background_of
from kohl.evaluation.protocol.evaluation_set import EvaluationSet
from kohl.evaluation.protocol.loading import load_set
from kohl.evaluation.running.plan import Entry, Plan
from kohl.faces.analyzer import Analyzer
from pictures import encoded

SIZE = (192, 192)


def drawn_analyzer() -> Analyzer:
    """Knows where the faces of `write_set` are, and loads no network."""
    return Analyzer(detector=FixedDetector(face_points(SIZE)))


def write_set(folder: Path) -> Path:
    """Three drawn people as sources, one of them twice as reference, with a manifest and two pairs."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(_drawn_people()):
        (folder / f"{number}.png").write_bytes(data)
    (folder / "manifest.csv").write_text(
        "file,role,licence,consent,ita,age,glasses,beard,yaw,light,person\n"
        "0.png,source,own,drawn,60,,,,0,soft,a\n1.png,source,own,drawn,tan,30s,glasses,,-20,,b\n2.png,reference,own,drawn,-40,,,,0,,c\n"
    )
    (folder / "pairs.csv").write_text("source,reference\n0.png,2.png\n1.png,2.png\n")
    return folder


@functools.cache
def _drawn_people() -> tuple[bytes, ...]:
    """Three PNGs; drawing a face takes longer than most tests."""
    drawings = [draw(SIZE, skin=skin, seed=number).image for number, skin in enumerate((FAIR, MEDIUM, DEEP))]
    return tuple(encoded(PillowImage.fromarray(np.round(image * 255).astype(np.uint8)), "PNG") for image in drawings)


def plan_for(folder: Path, *behaviours: str, **more: object) -> Plan:
    """A plan over a written set with stand-in contestants."""
    entries = tuple(Entry(name, functools.partial(Behaving, name)) for name in behaviours)
    settings = {"metrics": stand_in_metrics, "workers": 1, "analyzer": drawn_analyzer, "timeout": 30.0} | more
    return Plan(drawn_set(folder), entries, **settings)  # type: ignore[arg-type]


def drawn_set(folder: Path) -> EvaluationSet:
    return load_set(write_set(folder))


class Behaving:
    """A contestant that does what its name says."""

    def __init__(self, name: str) -> None:
        self.name = name
        if name == "unmade":
            raise ValueError("it cannot be made")

    def transfer(self, case: Case) -> Image:
        deeds: Mapping[str, Callable[[Image], object]] = {
            "nothing": lambda image: image.copy(),
            "tints": lambda image: np.clip(image * np.float32([1, 0.9, 0.9]), 0, 1),
            "raises": _raise,
            "dies": lambda image: os._exit(7),
            "hangs": lambda image: time.sleep(600),
            "resizes": lambda image: image[:-1],
            "doubles": lambda image: image.astype(np.float64),
            "breaks": lambda image: np.full_like(image, np.nan),
            "overflows": lambda image: image + np.float32(0.5),
            "answers": lambda image: "done",
            "spoils": _spoil,
            "fails on the second": lambda image: _raise(image) if case.source.name == "1.png" else image.copy(),
        }
        return deeds[self.name](case.source.image)  # type: ignore[return-value]


def _raise(image: Image) -> Image:
    raise ValueError("no such thing")


def _spoil(image: Image) -> Image:
    image[:] = 0
    return image


def stand_in_metrics() -> tuple[Metric, ...]:
    """One metric of each side; the last one raises where the result is the source."""
    return (
        Metric("background", "Background", "[0, 1]", "lower", "keeping", "ours", _background, 0.0),
        Metric("redness", "Redness of what was put on", "", "higher", "fidelity", "ours", _redness),
        Metric("moody", "Raises when nothing was done", "", "lower", "other", "ours", _moody),
    )


def _background(sample: Sample) -> dict[str, float]:
    change = background_change(sample.case.source.image, sample.result, background_of(sample.case.source.face))
    return {"background.largest": change.largest, "background.mean": change.mean}


def _redness(sample: Sample) -> dict[str, float]:
    return {"redness": float((sample.result[..., 0] - sample.result[..., 1]).mean())}


def _moody(sample: Sample) -> dict[str, float]:
    if np.array_equal(sample.result, sample.case.source.image):
        raise RuntimeError("nothing happened")
    return {"moody": 1.0}
