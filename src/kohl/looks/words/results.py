"""What came of a text: the look, what was understood and as what, and what was not."""

from __future__ import annotations

from dataclasses import dataclass

from kohl.looks.look import Look


@dataclass(frozen=True)
class Understood:
    """A piece of the text, as it was written, and what was made of it in plain English."""

    text: str
    meaning: str


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
