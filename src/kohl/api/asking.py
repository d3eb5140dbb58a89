"""From what a person asks for to a look, with nothing guessed in silence."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from kohl.core.errors import UsageError
from kohl.looks import presets
from kohl.looks.look import Look
from kohl.looks.resolve import resolve
from kohl.looks.words import WordsResult

LookSource: TypeAlias = Look | str | Path
"""A look; the name of a preset; a look file's path; or words such as "smoky plum eyes, matte red lips"."""

_MUCH_ALIKE = 0.8
"""How alike a text and a preset's name must be for it to be a slip of the keyboard."""


def as_look(source: LookSource) -> Look:
    """Return the look that `source` stands for. Raises as `understand`."""
    return understand(source)[0]


def understand(source: LookSource, *, allow_unknown: bool = False) -> tuple[Look, WordsResult | None]:
    """Return the look that `source` stands for; if it was words, also how they were understood.

    Raises LookFormatError for a file that is no look, UnknownNameError for a text in which nothing is understood, and UsageError
    for words of which some are not, unless `allow_unknown`.
    """
    look, words = resolve(source)
    if words is not None and words.unknown and not allow_unknown:
        unknown = [repr(word.word) + _or(word.nearest) for word in words.unknown]
        presets_meant = difflib.get_close_matches(presets.normalize(str(source)), presets.names(), n=1, cutoff=_MUCH_ALIKE)
        hint = f"Was the preset {presets_meant[0]!r} meant?" if presets_meant else "Leave them out, or allow unknown words (--allow-unknown)"
        raise UsageError(f"expected words that name makeup, did not understand {'; '.join(unknown)}. {hint}")
    return look, words


def _or(nearest: Sequence[str]) -> str:
    return f" (did you mean {' or '.join(map(repr, nearest))}?)" if nearest else ""
