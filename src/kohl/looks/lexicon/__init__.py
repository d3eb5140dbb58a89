"""The words that kohl knows: one table from expressions to their senses."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from functools import cache

from kohl.core.region import Region
from kohl.looks import presets
from kohl.looks.lexicon.attributes import attributes
from kohl.looks.lexicon.colors import cosmetic_colours, css_colours
from kohl.looks.lexicon.nouns import nouns
from kohl.looks.lexicon.senses import Base, Sense
from kohl.looks.lexicon.styles import bases, styles

EXAMPLES = ("red lips", "smoky eyes", "winged liner", "rose blush", "no lashes", "soft glam")
"""What to show to someone of whose words nothing was understood."""

_MAX_NEAREST = 3
_LONGEST_CSS = 3
_CUTOFF = 0.6


@cache
def table() -> Mapping[str, tuple[Sense, ...]]:
    """Every expression (words in lower case, a space between them) with its senses, the likeliest first."""
    senses: dict[str, tuple[Sense, ...]] = {}
    for part in (_single(nouns()), _single(styles()), _single(bases()), attributes(), _single(cosmetic_colours())):
        for expression, found in part.items():
            senses[expression] = (*senses.get(expression, ()), *found)
    return senses | {name: (base,) for name, base in _preset_names(senses).items()}


@cache
def longest() -> int:
    """The number of words of the longest expression."""
    return max(len(expression.split()) for expression in table())


def match(words: Sequence[str]) -> tuple[int, tuple[Sense, ...]]:
    """The longest known expression at the start of `words`: how many words it takes and its senses, likeliest first.

    `words`: at least one, in lower case. CSS colours are looked at only where nothing else fits. (1, ()) when the first
    word is not known.
    """
    for count in range(min(longest(), len(words)), 0, -1):
        found = table().get(" ".join(words[:count]))
        if found:
            return count, found
    for count in range(min(_LONGEST_CSS, len(words)), 0, -1):
        colour = css_colours().get("".join(words[:count]))
        if colour:
            return count, (colour,)
    return 1, ()


def nearest(phrase: str, cutoff: float = _CUTOFF) -> tuple[str, ...]:
    """Up to three known expressions that are written much like `phrase`, the nearest first; `cutoff` in [0, 1], 1 is equal."""
    known = [*table(), *css_colours()]
    return tuple(difflib.get_close_matches(phrase, known, n=_MAX_NEAREST, cutoff=cutoff))


def _single(part: Mapping[str, Sense]) -> Mapping[str, tuple[Sense, ...]]:
    return {expression: (sense,) for expression, sense in part.items()}


def _preset_names(known: Mapping[str, tuple[Sense, ...]]) -> dict[str, Base]:
    """The presets by name, except those whose names the grammar understands word by word ("smoky eye", "berry gloss").

    A preset that is named after a part of the face ("sunset eye") brings that part alone.
    """
    found: dict[str, Base] = {}
    for preset in presets.names():
        name = preset.replace("-", " ")
        if name in known or _is_covered(name.split(), known):
            continue
        region = _region_named(name.split()[-1])
        found[name] = Base(preset, region)
        if region is not None:
            found[f"{name}s"] = found[name]
    return found


def _is_covered(words: list[str], known: Mapping[str, object]) -> bool:
    """Whether known expressions cover all words, one after the other."""
    return not words or any(" ".join(words[:count]) in known and _is_covered(words[count:], known) for count in range(1, len(words) + 1))


def _region_named(word: str) -> Region | None:
    noun = nouns().get(word)
    return None if noun is None else noun.region
