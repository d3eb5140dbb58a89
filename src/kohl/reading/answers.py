"""The order of the answers that the reader's networks give; training and reading share it."""

from __future__ import annotations

from collections.abc import Mapping

from kohl.rendering.zones.eyes import ZONES

COVERAGE_SCALE = 60.0
"""Coverage times this weighs as much as ΔE does."""
LIP_FINISHES = (("matte", "velvet"), ("satin", "sheer"), ("gloss",), ("metallic", "shimmer", "glitter", "holographic"))
"""Finishes that one photo can tell apart; the first of each group is what reading says."""
PATTERNS = ("apples", "draped", "sunkissed")
LINE_ANSWERS = ("thickness", "wing", "wing_angle", "lower")

_COLOUR = 4
"""Lab of the pigment, and its scaled coverage."""
ANSWERS: Mapping[str, Mapping[str, int]] = {
    "lips": {"lipstick": 1, "lip_finish": len(LIP_FINISHES), "lip_colour": _COLOUR},
    "eyes": {"eyeshadow": 1, "pans": len(ZONES), **{f"{zone}_colour": _COLOUR for zone in ZONES}},
    "cheeks": {"blush": 1, "blush_pattern": len(PATTERNS), "blush_colour": _COLOUR},
    "lines": {"eyeliner": 1, "line_shape": len(LINE_ANSWERS), "line_colour": _COLOUR},
}
"""By part of the face, what is answered and how many numbers each answer has; the first is the logit of the product being there."""
