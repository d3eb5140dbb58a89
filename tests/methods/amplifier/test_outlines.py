"""How paint fades towards a face's outline: where that is, and a fade that is read from what fades and never grows outwards."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.core.arrays import FloatArray
from kohl.faces import landmarks as at
from kohl.methods.amplifier.chart_lines import Example
from kohl.methods.amplifier.outlines import KNOTS, depth_of, faded, fit_fade, shares_of

FADE = np.array([0.1, 0.4, 0.6, 0.8, 1.0, 1.0, 1.0], np.float32)


def seen(fade: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both sums of what 500 points of even paint show that fades so."""
    depth = np.random.default_rng(0).uniform(-0.1, 0.6, 500).astype(np.float32)
    shares = shares_of(depth)
    return shares.T @ shares, shares.T @ faded(depth, fade)


def test_depth_is_told_in_distances_between_the_eyes(stranger: Example):
    face = stranger.face
    depth = depth_of(face)
    assert depth.shape == face.masks.clear.shape
    nose, chin = (np.rint(face.local_points[number, :2]).astype(int) for number in (1, at.FACE_OVAL[18]))
    assert 0.6 < depth[nose[1], nose[0]] < 1.6
    assert depth[min(chin[1], len(depth) - 1), chin[0]] == pytest.approx(0, abs=0.03)
    assert float(depth.min()) < 0


def test_shares_are_straight_in_between():
    depth = np.linspace(-0.2, 0.8, 101, dtype=np.float32)
    np.testing.assert_allclose(shares_of(depth).sum(axis=-1), 1, atol=1e-6)
    np.testing.assert_allclose(shares_of(depth) @ FADE, faded(depth, FADE), atol=1e-5)
    np.testing.assert_allclose(shares_of(KNOTS), np.eye(len(KNOTS)), atol=1e-6)


def test_a_fade_is_read():
    np.testing.assert_allclose(fit_fade(*seen(FADE)), FADE, atol=0.06)


def test_a_fade_never_grows_outwards():
    fade = fit_fade(*seen(FADE[::-1].copy()))
    assert float(np.diff(fade).min()) >= 0
    assert float(fade.max() - fade.min()) < 0.05


def test_what_was_not_seen_does_not_fade():
    nothing = np.zeros((len(KNOTS), len(KNOTS)), np.float32)
    fade = fit_fade(nothing, nothing[0])
    np.testing.assert_allclose(fade, fade[0], atol=0.1)
    assert float(fade.min()) > 0.5
