"""Outline displacement: whether lips and eyes keep their shape, the complaint about diffusion methods that users raise first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import AnyArray, IntArray, Points3
from kohl.core.errors import UsageError
from kohl.faces import landmarks as at
from kohl.faces.contours import smooth_curve

_EYES = (at.RIGHT_EYE, at.LEFT_EYE)
_STEPS = 12
"""Samples of an outline between two mesh points."""
WANDERING = 5.0
"""% of the eye distance, ten times what is asked of a method: a mesh that moves so far between two looks at one picture says nothing of
another. In 70 pictures of the train split one mouth and no eyes do.
"""


@dataclass(frozen=True, slots=True)
class OutlineDisplacement:
    """Mean distance between outlines, in % of the distance between the eyes. Range [0, inf), lower is better, 0 is kept."""

    lips: float
    eyes: float

    def where_steady(self, wander: OutlineDisplacement) -> OutlineDisplacement:
        """Keep what can be known: NaN for an outline that moves by more than `WANDERING` between two looks at the untouched source."""
        lips = self.lips if wander.lips <= WANDERING else float("nan")
        eyes = self.eyes if wander.eyes <= WANDERING else float("nan")
        return OutlineDisplacement(lips, eyes)


def outline_displacement(before: Points3, after: Points3) -> OutlineDisplacement:
    """Compare two meshes (478, 2 or 3) of one face, found again in the result, in pixels.

    From every mesh point of one outline to the other outline's curve, both ways, averaged (Chamfer distance): a point that
    slides along the outline has not changed a shape. Raises UsageError unless both are meshes of 478 points.
    """
    for mesh in (before, after):
        if mesh.ndim != 2 or len(mesh) != at.NUM_POINTS:
            raise UsageError(f"expected meshes of {at.NUM_POINTS} points, got shape {mesh.shape}; find the face again with kohl.analyze")
    unit = at.eye_distance(before)
    lips = _between(before, after, at.LIPS_OUTER) / unit * 100
    eyes = float(np.mean([_between(before, after, eye) for eye in _EYES])) / unit * 100
    return OutlineDisplacement(lips, eyes)


def _between(before: Points3, after: Points3, outline: IntArray) -> float:
    """Mean distance of the points of either outline to the other one's curve, pixels."""
    first, second = (mesh[outline, :2].astype(np.float64) for mesh in (before, after))
    return (_to_curve(first, second) + _to_curve(second, first)) / 2


def _to_curve(points: AnyArray, outline: AnyArray) -> float:
    """Mean distance from `points` to the closed smooth curve through `outline`."""
    curve = smooth_curve(np.concatenate([outline, outline[:1]]), _STEPS).astype(np.float64)
    start, along = curve[:-1], np.diff(curve, axis=0)
    offset = points[:, None] - start
    share = np.clip((offset * along).sum(-1) / np.maximum((along**2).sum(-1), 1e-12), 0, 1)
    nearest = offset - share[..., None] * along
    return float(np.linalg.norm(nearest, axis=-1).min(1).mean())
