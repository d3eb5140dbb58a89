"""Skin texture: the fine relief of pores and lines, read from one face and laid on another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from kohl.core.arrays import LinearImage, Mask, Points3
from kohl.faces.chart import Window
from kohl.faces.face import Face
from kohl.faces.unrolling import ChartView
from kohl.rendering.canvas import Canvas
from kohl.rendering.light import luminance

SIDE = 512
"""Pixels along the chart; finer relief than this cannot be carried from face to face."""
_COARSEST = 0.008
"""Standard deviation, in chart units, above which relief is the face's own form."""
_DEEPEST = 0.35
"""Log luminance: what is deeper is a fold, a nostril or a hair, not texture."""


@dataclass(frozen=True, eq=False)
class SkinTexture:
    """`relief` (S, S): natural log of luminance over its surroundings; `seen` (S, S) mask of where skin showed it."""

    relief: Mask
    seen: Mask


@dataclass(frozen=True, eq=False)
class LazyTexture:
    """A `SkinTexture` that is read when somebody asks for it: few transfers do, and it costs as much as finding the light.

    `points` (478, 3) of the mesh and `window` in image pixels; `bright`, `skin` (h, w): luminance and skin mask of the window.
    """

    points: Points3
    window: Window
    bright: Mask
    skin: Mask

    @classmethod
    def of(cls, linear: LinearImage, face: Face) -> LazyTexture:
        """That of `face`, whose window is `linear` (h, w, 3), linear light."""
        return cls(face.points, face.window, luminance(linear), face.masks.skin)

    @property
    def relief(self) -> Mask:
        """As `SkinTexture.relief`."""
        return self._read.relief

    @property
    def seen(self) -> Mask:
        """As `SkinTexture.seen`."""
        return self._read.seen

    @cached_property
    def _read(self) -> SkinTexture:
        view = ChartView.of(self.points, self.window, SIDE)
        seen = np.asarray(view.unroll(self.skin) * view.seen, np.float32)
        return SkinTexture(_relief(view.unroll(self.bright), seen), seen)


def lay_texture(canvas: Canvas, theirs: SkinTexture | LazyTexture, share: float) -> None:
    """Replace `share` in [0, 1] of the canvas's own relief by theirs, on skin that both show; their other half stands in."""
    own = LazyTexture.of(canvas.linear, canvas.face)
    mirrored = SkinTexture(theirs.relief[:, ::-1], theirs.seen[:, ::-1])
    wanted = theirs.relief * theirs.seen + mirrored.relief * mirrored.seen * (1 - theirs.seen)
    known = np.maximum(theirs.seen, mirrored.seen) * own.seen
    change = np.asarray((wanted - own.relief) * known, np.float32)
    factor = np.exp(np.float32(share) * canvas.face.field.sample(change))
    canvas.scale_albedo(canvas.face.masks.skin, np.asarray(factor, np.float32))


def _relief(bright: Mask, seen: Mask) -> Mask:
    log = np.log(np.maximum(bright, 1e-3))
    sigma = _COARSEST * SIDE
    weight = cv2.GaussianBlur(seen, (0, 0), sigma) + 1e-4
    around = cv2.GaussianBlur(log * seen, (0, 0), sigma) / weight
    return np.asarray(np.clip(log - around, -_DEEPEST, _DEEPEST) * seen, np.float32)
