import numpy as np
import pytest

from drawn import DEEP, MEDIUM, draw, mirror
from kohl.faces.chart import build_field
from kohl.faces.evidence import GRID, gather_evidence, grid_of

WINDOW = (0, 300, 0, 280)
KNOWN = slice(27, 30)
"""The cheeks' own colour, the only numbers that are not relative."""


def evidence_of_drawing(**arguments):
    drawing = draw((300, 280), **arguments)
    return gather_evidence(drawing.image, build_field(drawing.points, WINDOW))


def test_there_is_a_row_for_every_pixel_that_is_seen():
    evidence = evidence_of_drawing(skin=MEDIUM)
    assert evidence.values.shape == (evidence.inside.sum(), 40)
    assert evidence.inside.shape == grid_of((300, 280))
    assert np.isfinite(evidence.values).all()
    assert np.array_equal(evidence.inside, evidence.facing > 0.01)


@pytest.mark.parametrize("size", [(60, 50), (1000, 700), (30, 3000)])
def test_the_grid_has_one_scale(size):
    assert max(grid_of(size)) == GRID
    assert min(grid_of(size)) >= 2


def test_evidence_is_relative_to_the_face():
    """The same drawing under three quarters of the light: only what is known of the cheeks themselves changes."""
    drawing = draw((300, 280), skin=MEDIUM)
    field = build_field(drawing.points, WINDOW)
    full, dim = (gather_evidence(drawing.image * np.float32(light), field).values for light in (1.0, 0.75))
    change = np.abs(full - dim).mean(0)
    relative = np.delete(change, np.r_[KNOWN])
    assert relative.max() < 0.15
    assert change[KNOWN].max() > 0.2


def test_both_halves_of_a_face_are_judged_alike():
    drawing = draw((300, 280), skin=DEEP, yaw=15)
    image, points = mirror(drawing.image, drawing.points)
    one = gather_evidence(drawing.image, build_field(drawing.points, WINDOW))
    other = gather_evidence(image, build_field(points, WINDOW))
    planes = np.zeros((2, *one.inside.shape, 40), np.float32)
    planes[0][one.inside], planes[1][other.inside] = one.values, other.values
    both = one.inside & other.inside[:, ::-1]
    assert np.abs(planes[0] - planes[1][:, ::-1])[both].mean() < 0.05
