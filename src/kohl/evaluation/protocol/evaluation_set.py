"""A test set, ready to be run: pictures of one folder, and which makeup goes to whom."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from kohl.evaluation.protocol.picture import Picture

SIDE = 1024
"""Longer side in pixels at which everybody sees the pictures, unless a manifest says otherwise."""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One line of a pair list. `truth` is the file that shows the source with that makeup, where there is one."""

    name: str
    source: Picture
    reference: Picture
    seed: int = 0
    truth: str | None = None


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """A folder of pictures and its fixed list of cases.

    `side`: pictures whose longer side has more pixels are shrunk to it, once and for all contestants. `rule` says in words how
    the list came about, `seed` which number it was drawn with (None: it was written down).
    """

    name: str
    folder: Path
    cases: tuple[ListedCase, ...]
    rule: str
    seed: int | None = None
    side: int = SIDE

    @property
    def digest(self) -> str:
        """SHA-256 over names and seeds of the cases, the list's order left aside, and the side: equal lists have equal digests."""
        lines = sorted(f"{case.source.file}|{case.reference.file}|{case.truth or ''}|{case.seed}" for case in self.cases)
        return hashlib.sha256("\n".join([str(self.side), *lines]).encode()).hexdigest()

    def first(self, count: int) -> EvaluationSet:
        """Return the set with its first `count` cases; lists are ordered so that their beginnings are balanced, too."""
        return EvaluationSet(self.name, self.folder, self.cases[:count], self.rule, self.seed, self.side)
