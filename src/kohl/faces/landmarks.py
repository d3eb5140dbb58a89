"""Which of the 478 mesh points lie where: the numbering that MediaPipe's face mesh gives them.

Left and right are the subject's own. Contours run in order; closed ones do not repeat their first point.
"""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Points3

NUM_POINTS = 478
NUM_SURFACE = 468
"""The points on the skin; the ten after them are the irises, which float in the eye openings."""

# fmt: off
FACE_OVAL = np.array([
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
], np.int32)
# fmt: on

LIPS_UPPER_OUTER = np.array([61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291], np.int32)
LIPS_LOWER_OUTER = np.array([61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291], np.int32)
LIPS_UPPER_INNER = np.array([78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308], np.int32)
LIPS_LOWER_INNER = np.array([78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308], np.int32)
LIPS_OUTER = np.concatenate([LIPS_UPPER_OUTER, LIPS_LOWER_OUTER[-2:0:-1]])
LIPS_INNER = np.concatenate([LIPS_UPPER_INNER, LIPS_LOWER_INNER[-2:0:-1]])

RIGHT_LID_UPPER = np.array([33, 246, 161, 160, 159, 158, 157, 173, 133], np.int32)
"""From the outer corner to the inner one, as for all lids."""
RIGHT_LID_LOWER = np.array([33, 7, 163, 144, 145, 153, 154, 155, 133], np.int32)
LEFT_LID_UPPER = np.array([263, 466, 388, 387, 386, 385, 384, 398, 362], np.int32)
LEFT_LID_LOWER = np.array([263, 249, 390, 373, 374, 380, 381, 382, 362], np.int32)
RIGHT_EYE = np.concatenate([RIGHT_LID_UPPER, RIGHT_LID_LOWER[-2:0:-1]])
LEFT_EYE = np.concatenate([LEFT_LID_UPPER, LEFT_LID_LOWER[-2:0:-1]])
RIGHT_IRIS = np.array([468, 469, 470, 471, 472], np.int32)
LEFT_IRIS = np.array([473, 474, 475, 476, 477], np.int32)

RIGHT_BROW_UPPER = np.array([70, 63, 105, 66, 107], np.int32)
"""From the tail to the head, as for all brows."""
RIGHT_BROW_LOWER = np.array([46, 53, 52, 65, 55], np.int32)
LEFT_BROW_UPPER = np.array([300, 293, 334, 296, 336], np.int32)
LEFT_BROW_LOWER = np.array([276, 283, 282, 295, 285], np.int32)

RIGHT_CREASE = np.array([130, 247, 30, 29, 27, 28, 56, 190, 243], np.int32)
"""The fold above the lid, from the outer corner to the inner one."""
LEFT_CREASE = np.array([359, 467, 260, 259, 257, 258, 286, 414, 463], np.int32)

MIDLINE = np.array(
    [10, 151, 9, 8, 168, 6, 197, 195, 5, 4, 1, 19, 94, 2, 164, 0, 11, 12, 13, 14, 15, 16, 17, 18, 200, 199, 175, 152],
    np.int32,
)
"""The points on the face's own plane of symmetry, from the forehead to the chin."""

_EYE_CORNERS = ([33, 133], [263, 362])
"""Outer and inner corner of the right eye, and of the left one."""


def eye_distance(points: Points3) -> float:
    """Pixels between the middles of both eyes of a mesh, (478, 3) in pixels."""
    right, left = (points[corners, :2].mean(0) for corners in _EYE_CORNERS)
    return float(np.linalg.norm(right - left))
