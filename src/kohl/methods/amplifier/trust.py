"""How far the prior is trusted with an artist: as far as it foretells, on each of the pairs, what the others' lines miss.

It was taught by one renderer's looks. On an artist of another kind its corrections may be none, and the pairs can tell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.methods.amplifier.chart_lines import Example, sums_of
from kohl.methods.amplifier.method import Amplifier, AmplifierKnobs
from kohl.methods.amplifier.regions import allowed_of
from kohl.methods.amplifier.situations import MOST_EXAMPLES, Style, everywhere, guess_on, middle
from kohl.methods.amplifier.style import CHART_SIDE, ChartStyle

UNTOLD = 0.5
"""Trust where one pair alone cannot tell."""


def trust_in_prior(amplifier: Amplifier, examples: Sequence[Example], knobs: AmplifierKnobs | None = None) -> float:
    """The share, in [0, 1], of the prior's corrections that comes nearest to the pairs that were left out, in least squares.

    For `AmplifierKnobs.prior`. 0 without a denoiser; of more than `MOST_EXAMPLES` pairs the first are asked.
    """
    if amplifier.denoiser is None:
        return 0.0
    if len(examples) < 2:
        return UNTOLD
    asked = examples[:MOST_EXAMPLES]
    sums = [sums_of(example, CHART_SIDE) for example in asked]
    together, alone = 0.0, 0.0
    for number, example in enumerate(asked):
        others, of_others = ([*items[:number], *items[number + 1 :]] for items in (asked, sums))
        style = Style.of(others, ChartStyle.from_sums(of_others))
        correction, missed = _on_left_out(amplifier, example, style, knobs or AmplifierKnobs())
        together += float((correction * missed).sum())
        alone += float(np.square(correction).sum())
    return float(np.clip(together / alone, 0, 1)) if alone > 0 else 0.0


def _on_left_out(amplifier: Amplifier, example: Example, style: Style, knobs: AmplifierKnobs) -> tuple[FloatArray, FloatArray]:
    """What the prior adds to the lines of `style`, and what they miss of the artist's work on `example`: (h, w, 3), where makeup may be."""
    styles = everywhere(style)
    known = guess_on(example.before, example.face, styles)
    made = amplifier.residual_of_styles(example.before, example.face, styles, known, knobs, 0)
    allowed = allowed_of(example.face)
    parts = ((made - known[0]) * allowed, (example.after - example.before - known[0]) * allowed)
    return middle(parts[0]), middle(parts[1])
