"""Other shapes: towards another person's face, parts a little larger or further apart, the head a little turned."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Points3
from kohl.data.variations.amounts import Amounts
from kohl.data.variations.person import Person
from kohl.faces import landmarks as at
from kohl.faces.topology import load_topology
from kohl.geometry.affine import apply, scale_of, similarity_from_points

_PLACES = (1, 13, 50, 105, 159, 152, 172, 10, 61)
"""Landmarks of the right half and the midline about which parts move: nose, lips, cheek, brow, eye, chin, jaw, forehead, corner of the mouth."""
_REACH = 0.16
"""Face widths: standard deviation of the part that moves with a landmark."""
_EXPRESSION = 0.03
"""Difference between two people's open mouths, in face heights, from which on one no longer morphs far into the other."""


def change_shape(person: Person, other: Person, rng: np.random.Generator, much: Amounts) -> Points3:
    """(478, 3): the mesh of `person`, changed; `other` is whom it goes towards."""
    points = person.points.astype(np.float64)
    width = float(np.ptp(points[:, 0]))
    points += rng.uniform(0, much.morph) * _likeness_of_expression(person, other) * (_align(other.points, person.points) - points)
    points += _moved_parts(person.points, rng, much.features * width)
    yaw, pitch = rng.uniform(-much.pose, much.pose, 2)
    return _turn(points, yaw, pitch).astype(np.float32)


def _align(points: Points3, target: Points3) -> FloatArray:
    """`points`, laid on `target` as well as a turn, a scale and a move can."""
    target_from_source = similarity_from_points(np.ascontiguousarray(points[:, :2]), np.ascontiguousarray(target[:, :2]))
    flat = apply(target_from_source, np.ascontiguousarray(points[:, :2]))
    depth = (points[:, 2:] - points[:, 2].mean()) * scale_of(target_from_source) + target[:, 2].mean()
    return np.asarray(np.concatenate([flat, depth], 1), np.float32)


def _likeness_of_expression(person: Person, other: Person) -> float:
    """1 where both hold mouth and eyes alike, towards 0 where they don't: a closed mouth has no teeth that a morph could show."""
    gaps = np.array([_openings(points) for points in (person.points, other.points)])
    return float(np.exp(-((np.abs(gaps[0] - gaps[1]).max() / _EXPRESSION) ** 2)))


def _openings(points: Points3) -> list[float]:
    height = float(np.ptp(points[:, 1]))
    pairs = ((at.LIPS_UPPER_INNER, at.LIPS_LOWER_INNER), (at.RIGHT_LID_UPPER, at.RIGHT_LID_LOWER), (at.LEFT_LID_UPPER, at.LEFT_LID_LOWER))
    return [float(np.linalg.norm(points[upper] - points[lower], axis=1).max()) / height for upper, lower in pairs]


def _moved_parts(points: Points3, rng: np.random.Generator, most: float) -> AnyArray:
    """(478, 3) by how much every point moves when parts of the face do, alike on both halves."""
    shape = load_topology().shape
    mirror = load_topology().mirror
    moves = rng.normal(0, most / 2, (len(_PLACES), 2)).clip(-most, most)
    total = np.zeros((at.NUM_SURFACE, 2))
    for number, (across, down) in zip(_PLACES, moves, strict=True):
        for place, sign in ((number, 1.0), (int(mirror[number]), -1.0)):
            # A place on the midline is its own partner, and goes up and down alone.
            weight = np.exp(-0.5 * (((shape - shape[place]) ** 2).sum(1) / _REACH**2))
            total += weight[:, None] * np.array([sign * across, down]) * (0.5 if place == number and mirror[number] == number else 1.0)
    moved = np.zeros(points.shape)
    moved[: at.NUM_SURFACE, :2] = total
    for iris, eye in ((at.RIGHT_IRIS, at.RIGHT_EYE), (at.LEFT_IRIS, at.LEFT_EYE)):
        moved[iris] = moved[eye].mean(0)
    return moved


def _turn(points: AnyArray, yaw: float, pitch: float) -> AnyArray:
    """Turn about the middle of the head, a little behind the face; degrees, yaw positive to the face's own left, pitch when it looks up."""
    middle = points.mean(0) + np.array([0, 0, 0.25 * np.ptp(points[:, 0])])
    cos, sin = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    across = np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]])
    cos, sin = np.cos(np.radians(pitch)), np.sin(np.radians(pitch))
    down = np.array([[1, 0, 0], [0, cos, sin], [0, -sin, cos]])
    turned: AnyArray = (points - middle) @ (across @ down).T + middle
    # The head stays where it was: a shift is the crop's affair.
    turned[:, :2] += points[:, :2].mean(0) - turned[:, :2].mean(0)
    return turned
