"""The order of the answers that the reader's networks give; training and reading share it."""

from __future__ import annotations

COVERAGE_SCALE = 60.0
"""Coverage times this weighs as much as ΔE does."""
LIP_FINISHES = (("matte", "velvet"), ("satin", "sheer"), ("gloss",), ("metallic", "shimmer", "glitter", "holographic"))
"""Finishes that one photo can tell apart; the first of each group is what reading says."""
PATTERNS = ("apples", "draped", "sunkissed")
LINE_ANSWERS = ("thickness", "wing", "wing_angle", "lower")
