"""A drawn face as film: small frames of it, and where its mesh lies in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from drawn import Drawing
from films import RATE, SpotPainter, StillFinder, as_frame, write_film
from kohl.core.arrays import AnyArray, Points3

SIZE = (180, 320)


@pytest.fixture(scope="session")
def mesh(drawing: Drawing) -> Points3:
    """(478, 3) the drawn face's mesh in a film of 180×320."""
    return drawing.points * (180 / 512) + [70, 0, 0]


@pytest.fixture(scope="session")
def frame(drawing: Drawing) -> AnyArray:
    """(180, 320, 3) uint8: the drawn face in the middle of a film's frame."""
    face = as_frame(drawing.image, (180, 180))
    wide = face[:, :1].repeat(320, axis=1)
    wide[:, 70:250] = face
    return wide


@pytest.fixture
def finder(mesh: Points3) -> StillFinder:
    return StillFinder(mesh)


@pytest.fixture
def painter() -> SpotPainter:
    return SpotPainter()


@pytest.fixture(scope="session")
def film(frame: AnyArray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a second of the face standing still, with a tone."""
    return write_film(tmp_path_factory.mktemp("films") / "in.mp4", [frame] * (RATE // 2), metadata={"title": "Me", "location": "+48.1+011.5/"})
