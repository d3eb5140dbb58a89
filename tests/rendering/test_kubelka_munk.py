"""The film against the textbook and its own limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.color.srgb import srgb_from_linear
from kohl.core.arrays import FloatArray
from kohl.looks.pigment import Pigment
from kohl.rendering.film import DARKEST, FULL_COVERAGE, LIGHTEST, Film, film_exponents, reflect, solve_opaque, tint_of

reflectance = st.floats(0.02, 0.95)
colors = st.tuples(reflectance, reflectance, reflectance).map(lambda rgb: np.array(rgb, np.float32))
coverages = st.floats(0, 1)


def hyperbolic(ground: FloatArray, opaque: FloatArray, thickness: FloatArray) -> FloatArray:
    """Kubelka 1948, equation (8): R = (1 - R_b (a - b coth bSx)) / (a - R_b + b coth bSx), with thickness = bSx."""
    a, b = (1 / opaque + opaque) / 2, (1 / opaque - opaque) / 2
    coth = 1 / np.tanh(thickness)
    return (1 - ground * (a - b * coth)) / (a - ground + b * coth)


def layered(ground: FloatArray, opaque: FloatArray, thickness: FloatArray) -> FloatArray:
    """A' = R_c + T_c² R_b / (1 - R_c R_b), with reflectance and transmittance of the free film (Kubelka 1948, equations 10 and 11)."""
    a, b = (1 / opaque + opaque) / 2, (1 / opaque - opaque) / 2
    total = a * np.sinh(thickness) + b * np.cosh(thickness)
    return np.sinh(thickness) / total + (b / total) ** 2 * ground / (1 - np.sinh(thickness) / total * ground)


@settings(max_examples=200, deadline=None)
@given(colors, colors, st.floats(0.02, 0.99))
@pytest.mark.parametrize("textbook", [hyperbolic, layered])
def test_a_film_is_kubelka_and_munks(textbook, ground, opaque, coverage):
    exponents = film_exponents(opaque)
    thickness = -np.log1p(-FULL_COVERAGE * coverage) * exponents.astype(np.float64) / 2
    expected = textbook(ground.astype(np.float64), opaque.astype(np.float64), thickness)
    np.testing.assert_allclose(reflect(ground, opaque, exponents, np.float32(coverage)), expected, atol=2e-4)


@given(colors, colors)
def test_convention_coverage(ground, opaque):
    film = Film.from_reflectance(opaque)
    np.testing.assert_allclose(film.over(ground, np.float32(0)), ground, atol=1e-5)
    full = film.over(ground, np.float32(1))
    assert delta_e2000(lab_from_srgb(srgb_from_linear(full)), lab_from_srgb(srgb_from_linear(opaque))) < 6


@given(colors, colors, coverages, coverages)
def test_more_coverage_moves_every_channel_towards_the_pigment(ground, opaque, one, other):
    film = Film.from_reflectance(opaque)
    thin, thick = (film.over(ground, np.float32(coverage)) for coverage in sorted((one, other)))
    assert (np.abs(thick - film.opaque) <= np.abs(thin - film.opaque) + 1e-5).all()
    # It never shoots past it either.
    assert ((thick - film.opaque) * (ground - film.opaque) >= -1e-5).all()


@given(colors, coverages)
def test_a_film_of_the_grounds_own_colour_cannot_be_seen(color, coverage):
    np.testing.assert_allclose(Film.from_reflectance(color).over(color, np.float32(coverage)), color, atol=1e-5)


def test_pigments_are_found_again():
    rng = np.random.default_rng(0)
    ground, opaque = (rng.uniform(*bounds, (2000, 3)).astype(np.float32) for bounds in ((0.03, 0.8), (0.02, 0.9)))
    coverage = rng.uniform(0.15, 1, 2000).astype(np.float32)
    painted = reflect(ground, opaque, film_exponents(opaque), coverage)
    found = solve_opaque(ground, painted, coverage)
    again = reflect(ground, found, film_exponents(found), coverage)
    missed = delta_e2000(lab_from_srgb(srgb_from_linear(again)), lab_from_srgb(srgb_from_linear(painted)))
    assert np.median(missed) < 0.3
    assert np.percentile(missed, 95) < 1


def test_pigments_stay_within_what_a_product_can_reflect():
    assert Film.of(Pigment("#000000")).opaque.tolist() == pytest.approx([DARKEST] * 3)
    assert Film.of(Pigment("#ffffff")).opaque.tolist() == pytest.approx([LIGHTEST] * 3)


def test_a_channel_that_absorbs_more_is_hidden_faster_but_within_bounds():
    red = film_exponents(np.array([0.5, 0.03, 0.03], np.float32))
    assert red[0] < 1 < red[1]
    extreme = film_exponents(np.array([0.96, 0.012, 0.012], np.float32))
    assert extreme.tolist() == pytest.approx([0.6, 2.2, 2.2])


def test_deep_and_fair_skin_are_tinted_differently_by_themselves():
    film = Film.from_reflectance([0.4, 0.05, 0.08])
    fair, deep = np.array([0.75, 0.5, 0.42], np.float32), np.array([0.12, 0.06, 0.04], np.float32)
    assert film.over(fair, np.float32(0.5)).sum() > film.over(deep, np.float32(0.5)).sum()
    assert film.over(deep, np.float32(0.5))[0] > deep[0]


@given(colors, colors, coverages)
def test_a_tint_is_the_film_that_hardly_scatters(ground, passing, coverage):
    """K is what brings full coverage to `passing` times the ground, S a ten-thousandth of it."""
    absorbed = -np.log(passing.astype(np.float64)) / 2 * max(coverage, 1e-3)
    scattered = absorbed * 1e-4
    a = 1 + absorbed / scattered
    b = np.sqrt(a * a - 1)
    expected = hyperbolic(ground.astype(np.float64), a - b, b * scattered)
    made = tint_of(passing)(ground, np.float32(max(coverage, 1e-3)))
    np.testing.assert_allclose(made, expected, rtol=2e-3, atol=2e-4)


def test_a_tint_reflects_no_more_than_a_surface_can():
    assert tint_of(np.full(3, 3.0, np.float32))(np.full(3, 0.6, np.float32), np.float32(1)).tolist() == pytest.approx([LIGHTEST] * 3)
