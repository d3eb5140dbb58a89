"""From what a person asks for to a look, with nothing guessed in silence."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from kohl.core.errors import UsageError
from kohl.looks.look import Look
from kohl.looks.resolve import resolve
from kohl.looks.words.results import Unknown, WordsResult

LookSource: TypeAlias = Look | str | Path
"""A look; the name of a preset; a look file's path; or words such as "smoky plum eyes, matte red lips"."""


def as_look(source: LookSource) -> Look:
    """Return `source` itself, or the look that a preset's name, a file or words stand for. Raises as `understand`."""
    return source if isinstance(source, Look) else understand(str(source))[0]


def understand(text: str, *, allow_unknown: bool = False) -> tuple[Look, WordsResult | None]:
    """Return the look that a preset's name, a file's path or words stand for; for words, also how they were understood.

    Raises UsageError for words that are not understood, unless `allow_unknown`, and LookFormatError for a file that is no look.
    """
    look, words = resolve(text)
    if words is not None and words.unknown and not allow_unknown:
        unknown = "; ".join(map(_with_neighbours, words.unknown))
        raise UsageError(f"expected words that name makeup, did not understand {unknown}. Leave them out, or allow unknown words (--allow-unknown)")
    return look, words


def _with_neighbours(unknown: Unknown) -> str:
    return repr(unknown.word) + (f" (did you mean {' or '.join(map(repr, unknown.nearest))}?)" if unknown.nearest else "")
