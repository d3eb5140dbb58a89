"""Fixtures that every test may use: a drawn face, so that no test needs a photograph or a network."""

from __future__ import annotations

import pytest

from drawn import Drawing, FixedDetector, draw
from kohl.core.arrays import Image
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face


@pytest.fixture(scope="session")
def drawing() -> Drawing:
    """A drawn frontal face of medium skin, 512×512, with its true mesh and masks. Its arrays are read-only."""
    made = draw((512, 512))
    for array in vars(made).values():
        array.setflags(write=False)
    return made


@pytest.fixture(scope="session")
def drawn_image(drawing: Drawing) -> Image:
    """(512, 512, 3) picture of the drawn face."""
    return drawing.image


@pytest.fixture(scope="session")
def drawn_face(drawing: Drawing) -> Face:
    """The drawn face, analysed from its exact mesh."""
    return Analyzer(detector=FixedDetector(drawing.points)).analyze(drawing.image)[0]
