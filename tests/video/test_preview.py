"""The contact sheet spreads its frames over films of any length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kohl.video.preview import Sheet


@pytest.mark.parametrize("length", [1, 3, 12, 24, 25, 100, 999])
def test_frames_are_spread_over_the_whole_film(length: int):
    sheet = Sheet(Path("unused.png"))
    for number in range(length):
        if sheet.wants_next:
            tile = np.full((9, 16, 3), number / 1000, np.float32)
            sheet.add(tile, tile)
        else:
            sheet.skip()
    made = sheet.compose()
    columns, rows = min(4, length), -(-min(12, length) // 4)
    assert made.shape[1] == columns * (16 + 6) + 6
    assert rows * (2 * 9 + 3 + 6) + 6 == made.shape[0]
    tiles = [made[6 + 27 * row + 4, 6 + 22 * column + 8, 0] for row in range(rows) for column in range(columns)][: min(12, length)]
    numbers = [round(float(value) * 1000) for value in tiles]
    assert numbers == sorted(numbers)
    assert numbers[0] == 0
    assert numbers[-1] >= length * 0.8 - 1
