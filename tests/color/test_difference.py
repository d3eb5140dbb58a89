"""CIEDE2000 against the published pairs, colour-science and scikit-image."""

import colour
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import deltaE_ciede2000

from kohl.color.difference import delta_e2000

# Sharma, Wu, Dalal (2005), table 1.
SHARMA = np.array(
    [
        [50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425],
        [50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615],
        [50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412],
        [50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000],
        [50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000],
        [50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000],
        [50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669],
        [50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195],
        [50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045],
        [50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045],
        [50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461],
        [50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065],
        [50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492],
        [50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977],
        [50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030],
        [50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535],
        [50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000],
        [50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000],
        [50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000],
        [50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000],
        [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
        [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
        [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
        [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
        [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
        [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
        [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
        [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
        [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
        [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
    ]
)
LAB = st.tuples(st.floats(0, 100), st.floats(-100, 100), st.floats(-100, 100)).map(np.array)


@pytest.fixture(scope="module")
def pairs() -> tuple[np.ndarray, np.ndarray]:
    values = np.random.default_rng(0).uniform([0, -100, -100], [100, 100, 100], (2, 2000, 3))
    return values[0], values[1]


def test_published_pairs():
    np.testing.assert_allclose(delta_e2000(SHARMA[:, :3], SHARMA[:, 3:6]), SHARMA[:, 6], atol=5e-5)


def test_single_precision_stays_near(pairs):
    first, second = (lab.astype(np.float32) for lab in pairs)
    single = delta_e2000(first, second)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, delta_e2000(first.astype(np.float64), second.astype(np.float64)), atol=2e-3)


def test_agrees_with_colour_science_and_scikit_image(pairs):
    ours = delta_e2000(*pairs)
    np.testing.assert_allclose(ours, colour.delta_E(*pairs, method="CIE 2000"), atol=1e-8)
    np.testing.assert_allclose(ours, deltaE_ciede2000(*pairs), atol=1e-8)


@given(LAB, LAB)
def test_is_zero_on_itself_and_symmetric(first, second):
    assert delta_e2000(first, first) == 0
    assert delta_e2000(first, second) == pytest.approx(delta_e2000(second, first), abs=1e-9)
    assert delta_e2000(first, second) >= 0


def test_a_picture_is_zero_from_its_copy_wherever_both_lie_in_memory():
    """Strided planes made numpy's arctan2 round one copy unlike the other, in a few of a hundred pairs."""
    rng = np.random.default_rng(0)
    for size in rng.integers(2000, 60_000, 120):
        lab = rng.uniform([20, -60, -60], [90, 60, 60], (size, 3)).astype(np.float32)
        assert delta_e2000(lab, lab.copy()).max() == 0


def test_shapes_broadcast_and_integers_are_taken():
    image = np.zeros((4, 5, 3), np.float32)
    assert delta_e2000(image, np.array([50, 0, 0])).shape == (4, 5)
    assert delta_e2000([100, 0, 0], [0, 0, 0]) == pytest.approx(100)
