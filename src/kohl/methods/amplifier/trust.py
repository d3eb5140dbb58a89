"""How far the prior is trusted with an artist, region by region: as far as it foretells, on each of the pairs, what the others' lines miss.

It was taught by random looks. On an artist of another kind its corrections may be none, and the pairs can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.methods.amplifier.chart_lines import Example, sums_of
from kohl.methods.amplifier.config import REGIONS
from kohl.methods.amplifier.method import Amplifier, AmplifierKnobs
from kohl.methods.amplifier.regions import region_masks
from kohl.methods.amplifier.situations import MOST_EXAMPLES, Style, everywhere, guess_on
from kohl.methods.amplifier.style import CHART_SIDE, ChartStyle

UNTOLD = 0.5
"""Trust where one pair alone cannot tell."""
_TOGETHER = 0.2
"""How much all regions together count in what is said of one: in a small region five pairs say little."""


def trust_in_prior(amplifier: Amplifier, examples: Sequence[Example], knobs: AmplifierKnobs | None = None) -> tuple[float, ...]:
    """For each of `REGIONS` the share, in [0, 1], of the prior's corrections that comes nearest to the pairs that were left out, in least squares.

    For `AmplifierKnobs.trust`. 0 without a denoiser; of more than `MOST_EXAMPLES` pairs the first are asked.
    """
    if amplifier.denoiser is None:
        return (0.0,) * len(REGIONS)
    if len(examples) < 2:
        return (UNTOLD,) * len(REGIONS)
    return trust_on(amplifier, left_out(examples[:MOST_EXAMPLES]), knobs or AmplifierKnobs())


def left_out(examples: Sequence[Example]) -> Iterator[tuple[Example, Style]]:
    """Each of two or more examples, and the style of all the others."""
    sums = [sums_of(example, CHART_SIDE) for example in examples]
    for number, example in enumerate(examples):
        others, of_others = ([*items[:number], *items[number + 1 :]] for items in (examples, sums))
        yield example, Style.of(others, ChartStyle.from_sums(of_others))


def trust_on(amplifier: Amplifier, folds: Iterable[tuple[Example, Style]], knobs: AmplifierKnobs) -> tuple[float, ...]:
    """See `trust_in_prior`; `folds` as `left_out` gives them."""
    together, alone = np.zeros(len(REGIONS)), np.zeros(len(REGIONS))
    for example, style in folds:
        masks = region_masks(example.face)
        correction, missed = _on_left_out(amplifier, example, masks, style, knobs)
        together += np.tensordot(masks, (correction * missed).sum(-1), axes=2)
        alone += np.tensordot(masks, np.square(correction).sum(-1), axes=2)
    together, alone = together + _TOGETHER * together.sum(), alone + _TOGETHER * alone.sum()
    return tuple(np.clip(together / np.maximum(alone, 1e-9), 0, 1).tolist())


def _on_left_out(amplifier: Amplifier, example: Example, masks: FloatArray, style: Style, knobs: AmplifierKnobs) -> tuple[FloatArray, FloatArray]:
    """What the prior adds to the lines of `style`, and what they miss of the artist's work on `example`: (H, W, 3), in its regions `masks`."""
    styles = everywhere(style)
    known = guess_on(example.before, example.face, styles, masks)
    made = amplifier.residual_of_styles(example.before, masks, styles, known, knobs, 0)
    return made - known[0], example.after - example.before - known[0]
