"""Before/after pairs: read, checked, laid on each other to the pixel. What cannot be learnt from is refused by name, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from kohl.core.arrays import Image, Mask
from kohl.core.errors import FaceError, InputError, MissingExtraError, UsageError
from kohl.core.images import open_image
from kohl.data.change import find_change
from kohl.data.checked import CheckedPairs, Pair, Reason, Refusal, share_of
from kohl.data.crops import SIDE, FaceCrop, cut_crop, cut_pixels
from kohl.data.pairs_folder import PairFiles, list_pairs
from kohl.data.registration import Registration, register
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.affine import compose
from kohl.geometry.warp import resize, warp_mask

__all__ = ["MOST_MOVED", "SAME_MOMENT", "SAME_PHOTO", "CheckedPairs", "Pair", "Reason", "Refusal", "check_pair", "load_pairs"]

SAME_PHOTO = 0.5
"""Likeness from which on two pictures are the same photo; `docs/pairs.md` says how it was found."""
SAME_MOMENT = 0.78
"""The same of the face itself: two shots of one sitting share hair, clothes and light, but not the set of the cheeks."""
MOST_MOVED = 0.02
"""How far an after may lie from its before, in longer sides of the face's box; nearer is corrected."""
_STILL = 0.15
"""Pixels of the crop: less is how well a motion can be measured, and moving a picture by it would only blur it."""
_LEAST_CHANGED = 2e-3
"""Share of the crop that must have changed: less than a thin line on both lids, more than poor compression."""
_SAME_ASPECT = 0.01


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
        return _other_photo(name, "what makeup does not touch", likeness, SAME_PHOTO)
    if registration.face_likeness < SAME_MOMENT:
        return _other_photo(name, "the face", registration.face_likeness, SAME_MOMENT)
    most = MOST_MOVED * max(face.box[2] - face.box[0], face.box[3] - face.box[1])
    if shift.largest > most:
        text = f"expected an after that lies on its before, within {most:.1f} px; it lies {shift} off"
        return Refusal(name, Reason.MOVED, f"{name}: {text}; export it without moving, turning or cropping", shift, likeness)
    return None


def _other_photo(name: str, what: str, likeness: float, needed: float) -> Refusal:
    text = f"expected the same photo before and after, but {what} agrees by {likeness:.2f} where {needed} is needed"
    return Refusal(name, Reason.OTHER_PHOTO, f"{name}: {text}; edit a copy of the before itself", likeness=likeness)


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
    change = find_change(pair.before, pair.after) * _seen(before, crop)
    if share_of(change) < _LEAST_CHANGED:
        text = f"{name}: expected makeup in the after, found it the same as the before; save the edited picture there"
        return Refusal(name, Reason.UNCHANGED, text, shift, registration.likeness)
    return Pair(name, crop, after_image, change, shift, registration.likeness, tuple(notes))


def _seen(photo: Image, crop: FaceCrop) -> Mask:
    """(S, S): 0 beyond the photo's edge, where its last pixels are repeated and their noise becomes lines."""
    whole = np.ones(photo.shape[:2], np.float32)
    return np.asarray(warp_mask(whole, crop.crop_from_image, (len(crop.image), len(crop.image))) > 0.99, np.float32)


def _crop_side(crop: FaceCrop) -> float:
    """Side of the crop in pixels of the photo."""
    return len(crop.image) / float(np.linalg.norm(crop.crop_from_image[:, 0]))
