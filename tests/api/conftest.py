from __future__ import annotations

import pytest

from drawn import Drawing, FixedDetector
from kohl.api.studio import Studio
from kohl.faces.analyzer import Analyzer
from stand_ins import FlatMethod


@pytest.fixture
def method() -> FlatMethod:
    return FlatMethod()


@pytest.fixture
def studio(method: FlatMethod, drawing: Drawing) -> Studio:
    """A studio that finds the drawn face in every picture of its size and paints with the plain method."""
    return Studio(method, analyzer=Analyzer(detector=FixedDetector(drawing.points)))
