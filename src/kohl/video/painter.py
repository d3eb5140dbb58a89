"""One painter for every kind of look: presets, words and look files, references, learned looks.

A painter sees the surroundings of one face and its smoothed mesh, and says what they look like made up. It remembers nothing of a frame, so that
several frames can be painted at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np

from kohl.core.arrays import Image
from kohl.core.region import Region
from kohl.faces.analyzer import describe_face
from kohl.faces.mesh import Mesh
from kohl.faces.pose import estimate_pose
from kohl.looks.look import Look
from kohl.methods import registry
from kohl.methods.base import Controls, MakeupMethod
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.methods.tinybeauty.painting import paint_piece
from kohl.methods.tinybeauty.worn import ResidualLook
from kohl.reading.reading import Reading
from kohl.video.tracking import TrackedFace, box_around
from kohl.video.yuv import Box, Picture, Samples

LEAST_SIDE = 32
"""Pixels: what is left of a face's surroundings at the edge of the frame below this is not painted."""

Painted: TypeAlias = tuple[tuple[slice, slice], Image]
"""The rows and columns of a picture that hold all of the makeup, and (h, w, 3) what they show with it, [0, 1]; bit for bit where there is none."""


class Painter(Protocol):
    """Makes up one face of one frame. Called from several threads."""

    @property
    def reach(self) -> float:
        """Side of the square around a face that the painter has to see, in the longer sides of the mesh's box."""
        ...

    def paint(self, image: Image, mesh: Mesh) -> Painted | None:
        """Make up a face in `image`, (h, w, 3) sRGB [0, 1], which is not changed; `mesh` in its pixels. None where nothing changes."""
        ...


@dataclass(frozen=True, eq=False)
class LookPainter:
    """Puts on a look that is data (a preset, words, a look file), or a learned one region by region: with all that is known of the face."""

    method: MakeupMethod
    look: Any
    controls: Controls
    reach: float = 1.8

    def paint(self, image: Image, mesh: Mesh) -> Painted | None:
        """See `Painter.paint`."""
        return _changed(image, self.method.apply(image, describe_face(image, mesh), self.look, self.controls))


@dataclass(frozen=True, eq=False)
class ReferencePainter:
    """Puts on what was read from references, which happens once, before the first frame."""

    method: MakeupMethod
    references: Mapping[Region, Reading]
    controls: Controls
    reach: float = 1.8

    def paint(self, image: Image, mesh: Mesh) -> Painted | None:
        """See `Painter.paint`."""
        return _changed(image, self.method.transfer(image, describe_face(image, mesh), self.references, self.controls))


@dataclass(frozen=True, eq=False)
class LearnedPainter:
    """Puts on a look that a network learned. Box and lean of the head are all that it needs, so that no mask is made for a frame."""

    look: ResidualLook
    strength: float = 1.0
    reach: float = 1.7

    def paint(self, image: Image, mesh: Mesh) -> Painted | None:
        """See `Painter.paint`."""
        low, high = mesh.points[:, :2].min(0), mesh.points[:, :2].max(0)
        box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        return paint_piece(image, box, estimate_pose(mesh.points).roll, self.look, strength=self.strength)


def painter_for(look: Look | ResidualLook, controls: Controls) -> Painter | None:
    """The painter of a look, data or learned, with its knobs; None where every region stands at 0."""
    if controls.is_nothing:
        return None
    if isinstance(look, Look):
        return LookPainter(registry.create("procedural"), look, controls)
    strengths = {controls.strength_of(region) for region in Region}
    if isinstance(look, LearnedLook) and len(strengths) == 1:
        # One thread a network: the painters run side by side, and onnxruntime's own threads would spin while they wait.
        return LearnedPainter(LearnedLook.from_bytes(look.data, threads=1), strengths.pop())
    return LookPainter(registry.create("tinybeauty"), look, controls)


@dataclass(frozen=True, eq=False)
class Change:
    """What one face of one frame gets: `added` to the samples of the part `box` of the frame."""

    face: TrackedFace
    box: Box
    added: Samples


def paint_face(painter: Painter, picture: Picture, face: TrackedFace) -> Change | None:
    """Let `painter` make up one face of a frame, which is not changed; None where there is no makeup, or too little of the frame to paint on."""
    y0, y1, x0, x1 = picture.align(box_around(face.points, painter.reach, picture.size))
    if min(y1 - y0, x1 - x0) < LEAST_SIDE:
        return None
    image = picture.rgb((y0, y1, x0, x1))
    painted = painter.paint(image, Mesh(np.asarray(face.points - [x0, y0, 0], np.float32), face.score))
    if painted is None:
        return None
    (rows, columns), piece = painted
    exact = (y0 + rows.start, y0 + rows.stop, x0 + columns.start, x0 + columns.stop)
    box = picture.align(exact)
    added = piece - image[rows, columns]
    if box != exact:
        above, below, left, right = (abs(wide - narrow) for wide, narrow in zip(box, exact, strict=True))
        added = np.pad(added, ((above, below), (left, right), (0, 0)))
    return Change(face, box, picture.samples_of(added))


def _changed(image: Image, painted: Image) -> Painted | None:
    """The piece of `painted` that differs from `image`."""
    changed = (painted != image).any(axis=2)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not rows.size:
        return None
    place = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
    return place, painted[place]
