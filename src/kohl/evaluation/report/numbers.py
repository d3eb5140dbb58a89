"""How people read a number."""

from __future__ import annotations

import math

ARROWS = {"higher": "↑", "lower": "↓"}


def shown(value: float | None) -> str:
    """Three significant digits; – for nothing, ∞ for infinity."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    value = float(f"{value:.3g}")
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        digits = 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
        return f"{value:.{min(digits, 4)}f}"
    return f"{value:.1e}"


def shown_interval(low: float, high: float) -> str:
    """Both bounds with a dash between them; nothing when they are unknown."""
    return "" if math.isnan(low) or math.isnan(high) else f"{shown(low)} – {shown(high)}"
