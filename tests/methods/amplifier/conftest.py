"""Drawn people before and after an artist, as the amplifier reads them."""

from __future__ import annotations

import numpy as np
import pytest

from drawn import DEEP, FAIR, MEDIUM, FixedDetector, draw
from kohl.data import painters
from kohl.data.crops import cut_crop
from kohl.faces.analyzer import Analyzer
from kohl.methods.amplifier.chart_lines import Example
from kohl.methods.amplifier.situations import Style


def person(skin: tuple[float, float, float], yaw: float = 0.0) -> Example:
    """One drawn person and what `airbrush` makes of them, on a crop."""
    made = draw((512, 512), skin=skin, yaw=yaw)
    crop = cut_crop(made.image, Analyzer(detector=FixedDetector(made.points)).analyze(made.image)[0])
    face = crop.face()
    return Example(crop.pixels, painters.create("airbrush").paint(crop.pixels, face), face)


@pytest.fixture(scope="session")
def people() -> list[Example]:
    return [person(FAIR), person(MEDIUM, 12.0), person(DEEP)]


@pytest.fixture(scope="session")
def style(people: list[Example]) -> Style:
    """What the people show of the artist: read once, since reading takes longer than all else."""
    return Style.of(people)


@pytest.fixture(scope="session")
def stranger() -> Example:
    """Somebody whose after is not shown to the amplifier."""
    skin = tuple(float(value) for value in np.mean([MEDIUM, DEEP], axis=0))
    return person((skin[0], skin[1], skin[2]), -8.0)
