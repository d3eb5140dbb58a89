"""Before/after pairs: read, checked, laid on each other to the pixel. What cannot be learnt from is refused by name, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from kohl.core.arrays import Image, Mask
from kohl.core.errors import FaceError, InputError, MissingExtraError, UsageError
from kohl.core.images import open_image
from kohl.data.change import find_change
from kohl.data.crops import SIDE, Bytes, FaceCrop, cut_crop, cut_pixels
from kohl.data.pairs_folder import PairFiles, list_pairs
from kohl.data.registration import Registration, Shift, register
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.affine import compose
from kohl.geometry.warp import resize

SAME_PHOTO = 0.5
"""Likeness from which on two pictures are the same photo; `docs/pairs.md` says how it was found."""
MOST_MOVED = 0.02
"""How far an after may lie from its before, in longer sides of the face's box; nearer is corrected."""
_STILL = 0.15
"""Pixels of the crop: less is how well a motion can be measured, and moving a picture by it would only blur it."""
_LEAST_CHANGED = 2e-3
"""Share of the crop that must have changed: less than a thin line on both lids, more than poor compression."""
_SAME_ASPECT = 0.01


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
                    "changed": _share(pair.change),
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


def load_pairs(
    folder: str | Path,
    *,
    analyzer: Analyzer | None = None,
    strict: bool = False,
    side: int = SIDE,
    progress: Callable[[str], None] | None = None,
) -> CheckedPairs:
    """Read, check and align every pair of a folder; one broken picture among 500 is refused by name, and the rest goes on.

    Parameters
    ----------
    folder
        `before/NAME.*` and `after/NAME.*`, 1 to 500 of them.
    analyzer
        Finds the faces; a fresh one by default.
    strict
        Whether any refusal ends it all.
    side
        Pixels: height and width of the crops.
    progress
        Called with each pair's name before it is looked at.

    Raises
    ------
    UsageError
        No such folder, no pairs in it, more than 500, none that can be learnt from; or, with `strict`, any that cannot.
    """
    listing = list_pairs(Path(folder))
    finder = analyzer if analyzer is not None else Analyzer()
    results: list[Pair | Refusal] = [Refusal(name, Reason.NAMES, f"{name}: {fault}") for name, fault in listing.faults]
    for files in listing.files:
        if progress is not None:
            progress(files.name)
        results.append(_check(files, finder, side))
    pairs = tuple(item for item in results if isinstance(item, Pair))
    refusals = tuple(item for item in results if isinstance(item, Refusal))
    if not pairs or (strict and refusals):
        raise UsageError(f"{len(refusals)} of {len(results)} pairs in {folder} cannot be learnt from: {'; '.join(item.text for item in refusals)}")
    return CheckedPairs(pairs, refusals, listing.passed_over)


def check_pair(name: str, before: Image, after: Image, *, analyzer: Analyzer, side: int = SIDE) -> Pair | Refusal:
    """Check one pair of pictures, (H, W, 3) float32 sRGB in [0, 1] each, and lay the after on its before. Parameters as `load_pairs`."""
    fitted = _fit(after, before)
    if fitted is None:
        sizes = f"{before.shape[1]}×{before.shape[0]} and {after.shape[1]}×{after.shape[0]} px"
        return Refusal(name, Reason.SIZE, f"{name}: expected two pictures of one shape, got {sizes}; cut both alike")
    notes = [] if fitted is after else [f"the after was resized from {after.shape[1]}×{after.shape[0]} px to the before's size"]
    try:
        faces = analyzer.analyze(before)
    except FaceError as error:
        return Refusal(name, Reason.NO_FACE, f"{name}: before: {error}")
    if len(faces) > 1:
        notes.append(f"{len(faces)} faces: the largest was taken")
    registration = register(before, fitted, faces[0])
    refusal = _judge(name, registration, faces[0], fitted, analyzer)
    return refusal if refusal is not None else _pair(name, (before, fitted), faces[0], registration, notes, side)


def _check(files: PairFiles, analyzer: Analyzer, side: int) -> Pair | Refusal:
    pictures = []
    for path in (files.before, files.after):
        try:
            pictures.append(open_image(path).pixels)
        except (InputError, MissingExtraError) as error:
            return Refusal(files.name, Reason.UNREADABLE, f"{files.name}: {path.parent.name}: {error}")
    return check_pair(files.name, pictures[0], pictures[1], analyzer=analyzer, side=side)


def _fit(after: Image, before: Image) -> Image | None:
    """`after` at the size of `before`; None where their shapes differ."""
    if after.shape == before.shape:
        return after
    aspects = [picture.shape[1] / picture.shape[0] for picture in (before, after)]
    if abs(aspects[0] / aspects[1] - 1) > _SAME_ASPECT:
        return None
    return np.clip(resize(after, (before.shape[0], before.shape[1])), 0, 1)


def _judge(name: str, registration: Registration, face: Face, after: Image, analyzer: Analyzer) -> Refusal | None:
    """Why the two cannot be a pair, or None."""
    shift, likeness = registration.shift, registration.likeness
    if likeness < SAME_PHOTO:
        try:
            analyzer.analyze(after)
        except FaceError as error:
            return Refusal(name, Reason.NO_FACE, f"{name}: after: {error}", likeness=likeness)
        text = f"expected the same photo before and after, but what makeup does not touch agrees by {likeness:.2f} where {SAME_PHOTO} is needed"
        return Refusal(name, Reason.OTHER_PHOTO, f"{name}: {text}; edit a copy of the before itself", likeness=likeness)
    most = MOST_MOVED * max(face.box[2] - face.box[0], face.box[3] - face.box[1])
    if shift.largest > most:
        text = f"expected an after that lies on its before, within {most:.1f} px; it lies {shift} off"
        return Refusal(name, Reason.MOVED, f"{name}: {text}; export it without moving, turning or cropping", shift, likeness)
    return None


def _pair(name: str, pictures: tuple[Image, Image], face: Face, registration: Registration, notes: list[str], side: int) -> Pair | Refusal:
    before, after = pictures
    crop = cut_crop(before, face, side=side)
    crop_from_after = crop.crop_from_image
    shift = registration.shift
    if shift.largest * side / max(_crop_side(crop), 1.0) > _STILL:
        # One warp from the photo into the crop: a second one would blur.
        crop_from_after = compose(crop.crop_from_image, registration.before_from_after)
        notes = [*notes, f"the after lay {shift} off and was moved back"]
    after_image = cut_pixels(after, crop_from_after, side)
    pair = Pair(name, crop, after_image, np.zeros((side, side), np.float32), shift, registration.likeness, tuple(notes))
    change = find_change(pair.before, pair.after)
    if _share(change) < _LEAST_CHANGED:
        text = f"{name}: expected makeup in the after, found it the same as the before; save the edited picture there"
        return Refusal(name, Reason.UNCHANGED, text, shift, registration.likeness)
    return Pair(name, crop, after_image, change, shift, registration.likeness, tuple(notes))


def _crop_side(crop: FaceCrop) -> float:
    """Side of the crop in pixels of the photo."""
    return len(crop.image) / float(np.linalg.norm(crop.crop_from_image[:, 0]))


def _share(change: Mask) -> float:
    return round(float((change > 0.5).mean()), 5)


def _numbers(shift: Shift | None) -> dict[str, float]:
    if shift is None:
        return {}
    return {"x": round(shift.x, 2), "y": round(shift.y, 2), "degrees": round(shift.degrees, 3), "scale": round(shift.scale, 4)}
