"""One painter for every kind of look: presets, words and look files, references, learned looks.

A painter sees the surroundings of one face and its smoothed mesh, and gives them back made up. It remembers nothing of a frame, so that
several frames can be painted at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

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
from kohl.methods.tinybeauty.painting import paint_learned
from kohl.methods.tinybeauty.worn import ResidualLook
from kohl.reading.reading import Reading
from kohl.video.tracking import TrackedFace, box_around
from kohl.video.yuv import Box, Picture

LEAST_SIDE = 32
"""Pixels: what is left of a face's surroundings at the edge of the frame below this is not painted."""


class Painter(Protocol):
    """Makes up one face of one frame. Called from several threads."""

    @property
    def reach(self) -> float:
        """Side of the square around a face that the painter has to see, in the longer sides of the mesh's box."""
        ...

    def paint(self, image: Image, mesh: Mesh) -> Image:
        """Return `image`, (h, w, 3) sRGB [0, 1], made up; `mesh` in its pixels. Where there is no makeup it comes back bit for bit."""
        ...


@dataclass(frozen=True, eq=False)
class LookPainter:
    """Puts on a look that is data (a preset, words, a look file), or a learned one region by region: with all that is known of the face."""

    method: MakeupMethod
    look: Any
    controls: Controls
    reach: float = 1.8

    def paint(self, image: Image, mesh: Mesh) -> Image:
        """See `Painter.paint`."""
        return self.method.apply(image, describe_face(image, mesh), self.look, self.controls)


@dataclass(frozen=True, eq=False)
class ReferencePainter:
    """Puts on what was read from references, which happens once, before the first frame."""

    method: MakeupMethod
    references: Mapping[Region, Reading]
    controls: Controls
    reach: float = 1.8

    def paint(self, image: Image, mesh: Mesh) -> Image:
        """See `Painter.paint`."""
        return self.method.transfer(image, describe_face(image, mesh), self.references, self.controls)


@dataclass(frozen=True, eq=False)
class LearnedPainter:
    """Puts on a look that a network learned. Box and lean of the head are all that it needs, so that no mask is made for a frame."""

    look: ResidualLook
    strength: float = 1.0
    reach: float = 1.7

    def paint(self, image: Image, mesh: Mesh) -> Image:
        """See `Painter.paint`."""
        low, high = mesh.points[:, :2].min(0), mesh.points[:, :2].max(0)
        box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        return paint_learned(image, box, estimate_pose(mesh.points).roll, self.look, strength=self.strength)


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
    """What one face of one frame gets: `added` (h, w, 3) to `image` (h, w, 3), which is the part `box` of the frame as it was."""

    face: TrackedFace
    box: Box
    image: Image
    added: Image


def paint_face(painter: Painter, picture: Picture, face: TrackedFace) -> Change | None:
    """Let `painter` make up one face of a frame, which is not changed; None where there is too little of the frame to paint on."""
    box = picture.align(box_around(face.points, painter.reach, picture.size))
    if min(box[1] - box[0], box[3] - box[2]) < LEAST_SIDE:
        return None
    image = picture.rgb(box)
    points = np.asarray(face.points - [box[2], box[0], 0], np.float32)
    added = painter.paint(image, Mesh(points, face.score)) - image
    return Change(face, box, image, np.asarray(added, np.float32))
