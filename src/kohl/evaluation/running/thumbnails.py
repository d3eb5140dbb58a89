"""Small pictures of faces for the report: square cuts around the face, JPEG, marked as made by kohl."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np

from kohl.core.arrays import Image
from kohl.core.atomic import write_atomically
from kohl.core.images import encode_image, open_image
from kohl.faces.face import Face

SIDE = 400
"""Pixels of a side."""
_MARGIN = 1.25
"""Side of the cut in the longer sides of the face's box."""
_QUALITY = 85


def save_thumbnail(path: Path, image: Image, face: Face) -> None:
    """Write the cut of `image` (H, W, 3) around `face`, unless the file is there. Raises OutputError."""
    if path.exists():
        return
    cut = face_cut(image, face)
    write_atomically(path, encode_image(open_image(cut), cut, format_name="JPEG", quality=_QUALITY).data, force=True)


def face_cut(image: Image, face: Face) -> Image:
    """The square around the face, (SIDE, SIDE, 3); what lies beyond the picture repeats its edge. Same face, same cut."""
    x0, y0, x1, y1 = face.box
    half = _MARGIN * max(x1 - x0, y1 - y0) / 2
    # Foreheads are outside the mesh's box, chins are not.
    x, y = (x0 + x1) / 2, (y0 + y1) / 2 - 0.12 * half
    scale = SIDE / (2 * half)
    matrix = np.array([[scale, 0, SIDE / 2 - scale * x], [0, scale, SIDE / 2 - scale * y]], np.float32)
    smooth = cv2.GaussianBlur(image, (0, 0), 0.4 / scale) if scale < 0.7 else image
    cut = cv2.warpAffine(smooth, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.clip(cut, 0, 1), np.float32)


def result_name(key: str) -> str:
    """File name for the result of the row with this key."""
    return f"result-{key[:24]}.jpg"


def portrait_name(file: str) -> str:
    """File name for a picture of the set."""
    return f"portrait-{hashlib.sha256(file.encode()).hexdigest()[:24]}.jpg"
