"""Where makeup may go: the paper's M_changed in our regions, built from an analysed face.

The release cuts FaRL's labels at 64×64: skin, nose, lips, brows, and a ring around the eyes that is the eye dilated four times
by a 3×6 kernel, minus the eye. Ours are soft, at the photo's own resolution, and the ring is measured in distances between the eyes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import cv2
import numpy as np

from kohl.core.arrays import Mask
from kohl.core.errors import UsageError
from kohl.faces.face import Face
from kohl.methods.amplifier.stable_diffusion.examples import REGIONS

_RING = (0.27, 0.25)
"""(across, up and down): how far the ring reaches beyond the eye, in distances between the eyes. The release's kernel reaches some
0.6 across, which joins both eyes over the nose; narrower, the eyes of one style can sit beside the face of another."""


def build_masks(face: Face) -> dict[str, Mask]:
    """Region masks of a face, each (H, W) float32 [0, 1] of the whole picture: face, lips, eyes, brows (`REGIONS`).

    `eyes` is the skin around the eyes (lids, lashes, liner), never the eyeball; `face` is the rest of the skin, nose included.
    """
    eyes, brows, lips = face.masks.eyes, face.masks.brows, face.masks.lips
    ring = _dilate(eyes, face.eye_distance) * (1 - eyes) * (1 - brows) * face.masks.clear
    skin = face.masks.skin * (1 - ring)
    parts = {"face": skin, "lips": lips, "eyes": ring, "brows": brows}
    return {region: _in_picture(parts[region], face) for region in REGIONS}


def changed_mask(masks: Mapping[str, Mask], regions: Iterable[str] = REGIONS) -> Mask:
    """M_changed: the sum of `regions` (those that `masks` has), at most 1; (H, W) float32 [0, 1].

    Raises UsageError where `masks` has none of them.
    """
    regions = tuple(regions)
    chosen = [masks[region] for region in regions if region in masks]
    if not chosen:
        raise UsageError(f"masks must have one of {', '.join(regions) or 'no regions at all'}, got {', '.join(masks) or 'nothing'}")
    return np.asarray(np.minimum(np.sum(chosen, axis=0), 1), np.float32)


def _dilate(eyes: Mask, eye_distance: float) -> Mask:
    across, down = (max(1, round(share * eye_distance)) for share in _RING)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * across + 1, 2 * down + 1))
    return np.asarray(cv2.GaussianBlur(cv2.dilate(eyes, kernel), (0, 0), max(0.5, 0.03 * eye_distance)), np.float32)


def _in_picture(mask: Mask, face: Face) -> Mask:
    whole = np.zeros(face.size, np.float32)
    whole[face.window_slices] = np.clip(mask, 0, 1)
    return whole
