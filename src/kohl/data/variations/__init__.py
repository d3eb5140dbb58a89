"""New people, lights and cameras from the pairs at hand, for learning without a folder of faces.

A variation does to the after what it does to the before, so that a pair stays a pair: same mesh, same light, same skin, same camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kohl.core.arrays import Image, Points3
from kohl.core.errors import UsageError
from kohl.data.variations.amounts import Amounts
from kohl.data.variations.camera import Camera
from kohl.data.variations.encoding import encode
from kohl.data.variations.lighting import light_of
from kohl.data.variations.motion import MeshMotion
from kohl.data.variations.person import Person
from kohl.data.variations.shape import change_shape
from kohl.data.variations.skin import recolor

__all__ = ["Amounts", "Person", "Variation", "draw_variation", "vary"]


class Variation(NamedTuple):
    """`before` and `after`, (S, S, 3) float32 sRGB in [0, 1], and the mesh `points` (478, 3) of both, in pixels of the crop."""

    before: Image
    after: Image
    points: Points3


def vary(people: Sequence[Person], rng: np.random.Generator, amounts: Amounts | None = None) -> tuple[Image, Image]:
    """`draw_variation` without the mesh: (before, after)."""
    before, after, _ = draw_variation(people, rng, amounts)
    return before, after


def draw_variation(people: Sequence[Person], rng: np.random.Generator, amounts: Amounts | None = None) -> Variation:
    """Draw one of `people`, and vary it.

    Parameters
    ----------
    people
        The given pairs, prepared once (`Person.of`), all of one size; shapes are mixed between them.
    rng
        Everything random comes from it: the same state draws the same variation.
    amounts
        How far each kind of variation goes; the defaults are those of `Amounts`.

    Raises
    ------
    UsageError
        There is nobody, or their crops differ in size.
    """
    if not people or len({person.size for person in people}) != 1:
        raise UsageError(f"expected people with crops of one size, got {sorted({person.size for person in people})}; cut them with one side")
    much = amounts if amounts is not None else Amounts()
    person = people[rng.integers(len(people))]
    points = change_shape(person, people[rng.integers(len(people))], rng, much)
    motion = MeshMotion.of(person.points, points, person.size)
    before, after = motion.carry(person.before), motion.carry(person.after)
    before, after = recolor(before, after, motion.carry(person.skin_area), person.skin, rng, much)
    light = light_of(motion, rng, much)
    camera = Camera.drawn(rng, much, person.size)
    before, after = (camera.expose(picture * light) for picture in (before, after))
    shown = encode(before)
    taken = camera.develop(shown)
    # Grain and compression are the before's; the makeup is what it was.
    return Variation(taken, np.clip(encode(after) + (taken - shown), 0, 1), points)
