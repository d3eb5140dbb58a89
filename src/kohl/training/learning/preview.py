"""The preview sheet: people the network has and has not seen, before, after, and as the artist or the amplifier made them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kohl.core.arrays import AnyArray
from kohl.core.images import open_image, save_image

_GAP = 6
_ROWS = 3


def save_preview(path: Path, columns: list[tuple[AnyArray, AnyArray, AnyArray]], *, force: bool) -> None:
    """Write columns of (before, learned, wanted), (256, 256, 3) uint8 each, side by side as PNG. Raises OutputError."""
    side = columns[0][0].shape[0]
    sheet = np.full((_ROWS * (side + _GAP) + _GAP, len(columns) * (side + _GAP) + _GAP, 3), 255, np.uint8)
    for number, column in enumerate(columns):
        left = _GAP + number * (side + _GAP)
        for row, picture in enumerate(column):
            top = _GAP + row * (side + _GAP)
            sheet[top : top + side, left : left + side] = picture
    save_image(path, open_image(sheet), sheet.astype(np.float32) / np.float32(255), force=force)
