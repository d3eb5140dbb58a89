"""What checking a folder of pairs finds: pairs to learn from, and refusals with their reasons and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kohl.core.arrays import Image, Mask
from kohl.data.crops import Bytes, FaceCrop
from kohl.data.registration import Shift
from kohl.faces.face import Face


class Reason(StrEnum):
    """Why a pair was refused."""

    NAMES = "names"
    """One-sided, or a name that stands twice."""
    UNREADABLE = "unreadable"
    SIZE = "size"
    """The two pictures have different shapes."""
    NO_FACE = "no face"
    OTHER_PHOTO = "other photo"
    """Not the same photo: another person, another moment."""
    MOVED = "moved"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Refusal:
    """A pair that is not learnt from. `text` says what was expected, what came and what to do; `shift` and `likeness` where they were measured."""

    name: str
    reason: Reason
    text: str
    shift: Shift | None = None
    likeness: float | None = None


@dataclass(frozen=True, eq=False)
class Pair:
    """One photo before and after makeup, as crops of one frame that fit to the pixel.

    `crop` is the before; `after_image` (S, S, 3) uint8 sRGB; `change` (S, S) where makeup changed it. `shift` and `likeness` are as measured,
    before the after was moved back. `notes`: one sentence each for what was done on the way.
    """

    name: str
    crop: FaceCrop
    after_image: Bytes
    change: Mask
    shift: Shift
    likeness: float
    notes: tuple[str, ...] = ()

    @property
    def before(self) -> Image:
        """(S, S, 3) float32 sRGB in [0, 1]."""
        return self.crop.pixels

    @property
    def after(self) -> Image:
        """(S, S, 3) float32 sRGB in [0, 1], laid on `before`."""
        return self.after_image.astype(np.float32) / np.float32(255)

    @property
    def face(self) -> Face:
        """The face of `before`, built anew at each call."""
        return self.crop.face()


@dataclass(frozen=True, eq=False)
class CheckedPairs:
    """All of a folder: the `pairs` to learn from, the `refusals`, and files that were `passed_over` because they are no pictures."""

    pairs: tuple[Pair, ...]
    refusals: tuple[Refusal, ...]
    passed_over: tuple[str, ...] = ()

    def report(self) -> dict[str, object]:
        """Everything that was measured, as data for JSON: names and numbers, nothing of the pictures."""
        return {
            "accepted": [
                {
                    "name": pair.name,
                    "likeness": round(pair.likeness, 4),
                    **_numbers(pair.shift),
                    "changed": share_of(pair.change),
                    "notes": list(pair.notes),
                }
                for pair in self.pairs
            ],
            "refused": [
                {"name": item.name, "reason": item.reason.value, "text": item.text, "likeness": item.likeness, **_numbers(item.shift)}
                for item in self.refusals
            ],
            "passed_over": list(self.passed_over),
        }


def share_of(change: Mask) -> float:
    """The share of a crop that a mask (S, S) covers for the most part."""
    return round(float((change > 0.5).mean()), 5)


def _numbers(shift: Shift | None) -> dict[str, float]:
    if shift is None:
        return {}
    return {"x": round(shift.x, 2), "y": round(shift.y, 2), "degrees": round(shift.degrees, 3), "scale": round(shift.scale, 4)}
