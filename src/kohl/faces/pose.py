"""Pose: how the head is turned, from the mesh alone."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Points3
from kohl.faces.face import Pose
from kohl.faces.landmarks import NUM_SURFACE
from kohl.faces.topology import load_topology


def estimate_pose(points: Points3) -> Pose:
    """Return the rotation that takes the mean face onto `points` (478, 3) (Kabsch 1976), as angles in degrees."""
    shape = load_topology().shape.astype(np.float64)
    target = points[:NUM_SURFACE].astype(np.float64)
    u, _, vt = np.linalg.svd((target - target.mean(0)).T @ (shape - shape.mean(0)))
    rotation = u @ np.diag([1, 1, np.sign(np.linalg.det(u @ vt))]) @ vt
    # The face looks along -z of its own frame, y points down.
    forward, right = -rotation[:, 2], rotation[:, 0]
    yaw = np.degrees(np.arctan2(forward[0], -forward[2]))
    pitch = np.degrees(np.arcsin(np.clip(-forward[1], -1, 1)))
    roll = np.degrees(np.arctan2(-right[1], right[0]))
    return Pose(float(yaw), float(pitch), float(roll))
