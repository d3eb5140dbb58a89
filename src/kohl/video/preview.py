"""A contact sheet of a video: a dozen frames spread over its length, before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from kohl.core.arrays import Image
from kohl.core.images import open_image, save_image

_COLUMNS, _ROWS = 4, 3
_NUM_FRAMES = _COLUMNS * _ROWS
TILE = 320
"""Pixels: the longer side of the pictures that `Sheet.add` takes."""
_GAP = 6
_PAPER = 1.0


@dataclass
class Sheet:
    """Collects frames while a video goes by, without knowing how long it is: when there are too many, every second one goes."""

    path: Path
    _pairs: list[Image] = field(default_factory=list)
    _every: int = 1
    _count: int = 0

    @property
    def wants_next(self) -> bool:
        """Whether the next frame should be given to `add`; if not, `skip` it."""
        return self._count % self._every == 0

    def skip(self) -> None:
        """Let a frame go by."""
        self._count += 1

    def add(self, before: Image, after: Image) -> None:
        """Take a frame: two small pictures (h, w, 3) in [0, 1] of one size."""
        if len(self._pairs) == 2 * _NUM_FRAMES:
            self._pairs, self._every = self._pairs[::2], 2 * self._every
            if self._count % self._every:
                self._count += 1
                return
        gap = np.full((_GAP // 2, before.shape[1], 3), _PAPER, np.float32)
        self._pairs.append(np.concatenate([before, gap, after]))
        self._count += 1

    def compose(self) -> Image:
        """The sheet (h, w, 3): frames in order, row by row, each with the unpainted one above it."""
        chosen = np.unique(np.linspace(0, len(self._pairs) - 1, min(_NUM_FRAMES, len(self._pairs))).round().astype(int))
        pairs = [self._pairs[place] for place in chosen]
        height, width = pairs[0].shape[:2]
        columns = min(_COLUMNS, len(pairs))
        rows = -(-len(pairs) // columns)
        sheet = np.full((rows * (height + _GAP) + _GAP, columns * (width + _GAP) + _GAP, 3), _PAPER, np.float32)
        for number, pair in enumerate(pairs):
            y, x = _GAP + number // columns * (height + _GAP), _GAP + number % columns * (width + _GAP)
            sheet[y : y + height, x : x + width] = cv2.resize(pair, (width, height)) if pair.shape != pairs[0].shape else pair
        return sheet

    def save(self, *, force: bool = False) -> Path:
        """Write the sheet. Raises OutputError, OutputExistsError."""
        sheet = self.compose()
        return save_image(self.path, open_image(sheet), sheet, force=force).path
