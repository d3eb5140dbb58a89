"""What a look is learnt from: the artist's pairs as sheets, and the amplifier's sheets of other faces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from kohl.core.arrays import AnyArray, Image
from kohl.core.errors import UsageError
from kohl.data.pairs import Pair
from kohl.data.variations import Person, draw_variation
from kohl.faces.analyzer import describe_face
from kohl.faces.face import Face
from kohl.faces.mesh import Mesh
from kohl.methods.amplifier.chart_lines import Example
from kohl.methods.amplifier.config import REGIONS
from kohl.methods.amplifier.method import Amplifier, AmplifierKnobs
from kohl.methods.amplifier.regions import region_masks
from kohl.methods.amplifier.situations import Style, everywhere
from kohl.training.loose_crops import to_bytes
from kohl.training.recipes.tinybeauty import Sheets

Tick = Callable[[int], None]
"""Called with the number of faces done."""


def examples_of(pairs: Sequence[Pair]) -> list[Example]:
    """The pairs as the amplifier reads them."""
    return [Example(pair.before, pair.after, pair.face) for pair in pairs]


def sheets_of(pairs: Sequence[Pair]) -> Sheets:
    """The artist's pairs, as they are."""
    return stack_sheets((pair.crop.image, pair.after_image, pair.face) for pair in pairs)


def amplify(
    style: Style, faces: Iterable[tuple[Image, Face]], amplifier: Amplifier, knobs: AmplifierKnobs, *, seed: int = 0, tick: Tick | None = None
) -> Sheets:
    """Put the style on every face: (S, S, 3) sRGB [0, 1] pictures and the faces found in them. Raises UsageError for no face."""

    def painted() -> Iterable[tuple[AnyArray, AnyArray, Face]]:
        for number, (image, face) in enumerate(faces):
            after = amplifier.paint(image, face, everywhere(style), knobs, seed=seed + number)
            yield to_bytes(image), to_bytes(after), face
            if tick is not None:
                tick(number + 1)

    return stack_sheets(painted())


def vary_pairs(pairs: Sequence[Pair], count: int, *, seed: int = 0, tick: Tick | None = None) -> Sheets:
    """Draw `count` variations of the pairs, before and after alike, for learning without a folder of faces."""
    people = [Person.of(pair.crop, pair.after) for pair in pairs]
    random = np.random.default_rng(seed)

    def drawn() -> Iterable[tuple[AnyArray, AnyArray, Face]]:
        for number in range(count):
            before, after, points = draw_variation(people, random)
            yield to_bytes(before), to_bytes(after), describe_face(before, Mesh(points, 1.0))
            if tick is not None:
                tick(number + 1)

    return stack_sheets(drawn())


def stack_sheets(parts: Iterable[tuple[AnyArray, AnyArray, Face]]) -> Sheets:
    """Pictures before and after (S, S, 3) uint8 and their faces as one stack. Raises UsageError for none."""
    before, after, eyes = [], [], []
    for first, second, face in parts:
        before.append(first)
        after.append(second)
        eyes.append(np.round(region_masks(face)[REGIONS.index("eyes")] * 255).astype(np.uint8)[..., None])
    if not before:
        raise UsageError("expected at least one face to learn on, got none; name another folder with --faces")
    return Sheets(np.stack(before), np.stack(after), np.stack(eyes))
