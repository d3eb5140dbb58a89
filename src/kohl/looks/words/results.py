"""What came of a text: the look, what was understood and as what, and what was not."""

from __future__ import annotations

from dataclasses import dataclass

from kohl.looks.look import Look


@dataclass(frozen=True)
class Overruled:
    """A word that a later one contradicts: `by` was taken for `what`, `word` was not."""

    word: str
    by: str
    what: str
    """What the two words disagree about: "thickness", "strength"."""

    def __str__(self) -> str:
        return f"{self.by!r} overrules {self.word!r} ({self.what})"


@dataclass(frozen=True)
class Understood:
    """A piece of the text, as it was written, and what was made of it in plain English."""

    text: str
    meaning: str
    overruled: tuple[Overruled, ...] = ()
    """Its words that others of its words contradict; `meaning` tells of them too."""


@dataclass(frozen=True)
class Unknown:
    """A word that changed nothing, and what may have been meant: known words, or ways to say it in full."""

    word: str
    nearest: tuple[str, ...] = ()
    reason: str = ""
    """Why a word that is known changed nothing, where more can be said: "lipstick takes one colour, and red is named already"."""


@dataclass(frozen=True)
class WordsResult:
    """The look that a text describes. Every word is in one of `understood`, in `unknown`, or a filler such as "the"."""

    look: Look
    understood: tuple[Understood, ...]
    unknown: tuple[Unknown, ...]
