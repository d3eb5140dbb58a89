"""What a few pairs say about a look, point by point on the chart: for each place, how the colour after follows from the colour before.

A guided filter (He, Sun, Tang 2013, eq. 5–8) whose windows reach over all examples at once: around a chart point, over every example that
shows it, the change is regressed on the bare face (`chart_lines.py`), so one fit holds for fair and deep skin, and at a lip's edge the colour
tells lip from skin. Where the change hangs on all of a region at once, one rule for that says it better (`region_rules.py`). How wide the windows
are, and lines or rules, the examples decide (`windows.py`). Any number of examples will do, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import Box, FloatArray, Image, Mask
from kohl.core.errors import UsageError
from kohl.faces.face import Face
from kohl.methods.amplifier.chart_lines import NUM_PARTS, Example, features, parts, sums_of, weight_of
from kohl.methods.amplifier.outlines import depth_of
from kohl.methods.amplifier.region_rules import Glimpse, RegionRule, change_by_rules, fit_rules, missed_by_rules
from kohl.methods.amplifier.windows import PartLines, fit_lines
from kohl.rendering.stencil import box_of

CHART_SIDE = 192
"""Pixels along the chart: about as many as along the face in a 256-pixel crop."""
MOST_FOLDS = 8
"""Of more examples than this, several are left out at a time: which ones together depends on their order, and with it, a little, the windows."""


@dataclass(frozen=True, eq=False)
class ChartStyle:
    """`lines` (NUM_PARTS, S, S, NUM_FEATURES, 3): change = features @ lines, sRGB-encoded. `rules`, for each part: what the look's own regions add
    to it. `evidence` (S, S) [0, 1]: how well the examples show that place. `spread` (S, S): root mean square of what both together are expected to
    miss; 0 for one example, which cannot tell. `heard`: for each example, or each fold of several, how far it counts where the look is, [0, 1];
    less for one that is unlike the others.
    """

    lines: FloatArray
    rules: tuple[tuple[RegionRule, ...], ...]
    evidence: Mask
    spread: FloatArray
    heard: tuple[float, ...]

    @classmethod
    def of(cls, examples: Sequence[Example], side: int = CHART_SIDE) -> ChartStyle:
        """Read the style of one or more examples. Raises UsageError for none."""
        return cls.from_sums(sums_of(example, side) for example in examples)

    @classmethod
    def from_sums(cls, found: Iterable[FloatArray]) -> ChartStyle:
        """As `of`, from what `sums_of` gave for each example. Raises UsageError for none."""
        folds, glimpses = _folded(found)
        if not folds:
            raise UsageError("expected at least one before/after pair to read a style from, got none")
        fitted = [fit_lines([fold[part] for fold in folds], missed_by_rules(glimpses, part)) for part in range(NUM_PARTS)]
        shown = np.sum([weight_of(fold[part]) for fold in folds for part in range(NUM_PARTS)], axis=0)
        missed = np.max([part.missed for part in fitted], axis=0)
        changes = [part.change for part in fitted]
        heard = np.average([part.heard for part in fitted], axis=0, weights=changes if any(changes) else None)
        lines, evidence = np.stack([part.lines for part in fitted]), np.clip(shown / sum(map(len, glimpses)), 0, 1)
        return cls(lines, _chosen_rules(glimpses, fitted), evidence, np.sqrt(missed / 3), tuple(heard.tolist()))

    def change_on(self, image: Image, face: Face) -> tuple[FloatArray, FloatArray]:
        """The change that the style makes to `face` in `image` (H, W, 3), and what is unsure about it.

        Returns (H, W, 3) float32 residual, 0 beyond the face, and (H, W, 2): evidence and spread there.
        """
        window = face.window_slices
        pixels = np.ascontiguousarray(image[window])
        known = features(pixels, face)
        masks = parts(face)
        change = self._change_by_rules(pixels, face, masks)
        for part, lines in zip(masks, self.lines, strict=True):
            # Lips and eyes are small, and so are the boxes around them.
            box = box_of(part)
            if box is not None:
                here = _sample(lines.reshape(*lines.shape[:2], -1), face, box).reshape(*known[box].shape, 3)
                change[box] += np.einsum("hwf,hwfc->hwc", known[box], here) * part[box][..., None]
        residual, doubt = np.zeros(image.shape, np.float32), np.zeros((*image.shape[:2], 2), np.float32)
        residual[window] = change * face.field.facing[..., None]
        doubt[window] = face.field.sample(np.stack([self.evidence, self.spread], -1)) * face.field.facing[..., None]
        return residual, doubt

    def _change_by_rules(self, pixels: Image, face: Face, masks: FloatArray) -> FloatArray:
        """(h, w, 3): what the rules of all parts, in their `masks` (NUM_PARTS, h, w), make of `pixels` (h, w, 3), the window of `face`."""
        change = np.zeros_like(pixels)
        if any(self.rules):
            depth = depth_of(face)
            glimpse = Glimpse.of_face(pixels, depth, face, self.lines.shape[1])
            for number, (part, rules) in enumerate(zip(masks, self.rules, strict=True)):
                change += change_by_rules(rules, number, pixels, depth, face, glimpse) * part[..., None]
        return change


def _folded(found: Iterable[FloatArray]) -> tuple[list[FloatArray], list[list[Glimpse]]]:
    """The examples' sums in at most `MOST_FOLDS` folds, added up, and a glimpse of each example, fold by fold."""
    folds: list[FloatArray] = []
    glimpses: list[list[Glimpse]] = []
    for number, sums in enumerate(found):
        if number < MOST_FOLDS:
            folds.append(sums)
            glimpses.append([])
        else:
            folds[number % MOST_FOLDS] = folds[number % MOST_FOLDS] + sums
        glimpses[number % MOST_FOLDS].append(Glimpse.of_sums(sums))
    return folds, glimpses


def _chosen_rules(glimpses: Sequence[Sequence[Glimpse]], fitted: Sequence[PartLines]) -> tuple[tuple[RegionRule, ...], ...]:
    """For each part the rules that are worn anywhere: those of all pairs, as far as the trial left the change to them."""
    everyone = [glimpse for fold in glimpses for glimpse in fold]
    chosen = []
    for number, part in enumerate(fitted):
        worn = [rule.worn(part.left) for rule in (fit_rules(everyone, number) if part.left.any() else ())]
        chosen.append(tuple(rule for rule in worn if rule.cover.any()))
    return tuple(chosen)


def _sample(planes: FloatArray, face: Face, box: Box) -> FloatArray:
    """Look up (S, S, C) on the chart at every pixel of a box in the window, (h, w, C)."""
    groups = [np.ascontiguousarray(planes[..., first : first + 4]) for first in range(0, planes.shape[-1], 4)]
    return np.concatenate([sampled.reshape(*sampled.shape[:2], -1) for sampled in (face.field.sample(group, box) for group in groups)], axis=-1)
