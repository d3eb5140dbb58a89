"""Looks as they were when somebody last looked at them; `python scripts/make_goldens.py` makes them anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from goldens import NAMES, golden_path, render_golden
from PIL import Image as PillowImage

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import FloatArray, Image

MEAN_BUDGET, WORST_BUDGET = 0.5, 3.0
"""ΔE2000, CIEDE2000, over all pixels and at their 99th percentile: what rounding on another machine may cost, and no eye sees."""


@pytest.mark.parametrize("name", NAMES)
def test_a_look_is_as_it_was(name: str, tmp_path: Path):
    expected, actual = read(golden_path(name)), render_golden(name)
    assert actual.shape == expected.shape
    apart = delta_e2000(lab_from_srgb(actual), lab_from_srgb(expected))
    mean, worst = float(apart.mean()), float(np.percentile(apart, 99))
    if mean > MEAN_BUDGET or worst > WORST_BUDGET:
        save_triptych(tmp_path, expected, actual, apart)
        pytest.fail(
            f"{name} moved by ΔE {mean:.2f} on average and {worst:.2f} at the 99th percentile (budgets {MEAN_BUDGET}, {WORST_BUDGET}). "
            f"Look at expected.png, actual.png and difference.png in {tmp_path}; if it is better so, run scripts/make_goldens.py."
        )


def test_the_budget_notices_a_small_change():
    expected = read(golden_path(NAMES[0]))
    moved = np.clip(expected * 1.03, 0, 1)
    assert delta_e2000(lab_from_srgb(moved), lab_from_srgb(expected)).mean() > MEAN_BUDGET


def read(path: Path) -> Image:
    with PillowImage.open(path) as opened:
        return np.asarray(opened.convert("RGB"), np.float32) / 255


def save_triptych(folder: Path, expected: Image, actual: Image, apart: FloatArray) -> None:
    """Write what was expected, what came, and ten times their difference."""
    difference = np.repeat(np.clip(apart / 10, 0, 1)[..., None], 3, 2)
    for name, picture in (("expected", expected), ("actual", actual), ("difference", difference)):
        PillowImage.fromarray(np.rint(picture * 255).astype(np.uint8)).save(folder / f"{name}.png")
