"""Makeup pasted through the UV chart: the pattern branch of CPM without its networks.

Nguyen, Tran, Hoai: "Lipstick ain't enough: beyond color matching for in-the-wild makeup transfer" (CPM, CVPR 2021): the texture of the
reference is unrolled, a network says which of it is makeup, and that is laid over the source's texture. Here makeup is what
stands out of the reference's own skin once the light is taken out; her pixels are pasted as they are, light and skin included.
"""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.evaluation.case import Case, Portrait
from kohl.evaluation.contestants.alignment import SIDE
from kohl.evaluation.contestants.face_regions import lay_back
from kohl.evaluation.metrics.patterns import pattern_of
from kohl.faces.face import Face
from kohl.faces.unrolling import ChartView
from kohl.reading.zones import CHEEKS, LIDS, LOWER_LID, MOUTH, zone_mask

_STANDS_OUT = (8.0, 18.0)
"""Lab distances (L* halved) from the own skin at which a chart point starts to count as makeup, and surely is."""
_ELSEWHERE = 1.4
"""What the distance is divided by outside lips, lids and cheeks; it is of chroma alone there, for folds, shadows and hair are darker than skin."""
_RIM = 0.006
"""Chart units over which the pasted area fades."""


class UvPaste:
    """The makeup's own pixels, cut out on the chart and laid on the source."""

    name = "uv-paste"

    def transfer(self, case: Case) -> Image:
        """Unroll, find the makeup, lay it down where the source shows skin or lips."""
        reference, face = case.reference, case.source.face
        view = ChartView.of(reference.face.points, reference.face.window, SIDE)
        texture = view.unroll(np.ascontiguousarray(reference.image[reference.face.window_slices]))
        share = face.field.sample(makeup_area(reference)) * _paintable(face)
        return lay_back(case.source.image, face, face.field.sample(texture), np.asarray(share, np.float32))


def makeup_area(portrait: Portrait) -> Mask:
    """Soft (S, S) mask on the chart of where the portrait's skin and lips stand out of its own skin."""
    found = pattern_of(portrait.image, portrait.face)
    zones = np.max([zone_mask(name, len(found.seen)) for name in (MOUTH, LIDS, LOWER_LID, CHEEKS)], axis=0)
    within = np.clip(2 * zones, 0, 1)
    distance = within * np.linalg.norm(found.painted, axis=-1) + (1 - within) * np.linalg.norm(found.painted[..., 1:], axis=-1) / _ELSEWHERE
    share = np.clip((distance - _STANDS_OUT[0]) / (_STANDS_OUT[1] - _STANDS_OUT[0]), 0, 1) * found.seen
    enlarged = cv2.resize(share.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(enlarged, (0, 0), _RIM * SIDE), np.float32)


def _paintable(face: Face) -> FloatArray:
    """(h, w): lips and skin, brows left alone."""
    return np.maximum(face.masks.skin, face.masks.lips)
