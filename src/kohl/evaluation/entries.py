"""Who takes part: contestants by name, and learned looks by file, each tried out before the run begins."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from kohl.core.errors import UsageError
from kohl.evaluation.contestants.learned import LearnedContestant
from kohl.evaluation.plugins import contestant_version, create_contestant
from kohl.evaluation.running.plan import Entry


def entries_for(names: Iterable[str], models: Iterable[Path] = ()) -> tuple[Entry, ...]:
    """Make the list of contestants in the order given. Every one is made once, so that a wrong name fails now and not in a process later.

    Raises UsageError for nobody or for two of one name, UnknownNameError, MissingModelError, and what making one raises.
    """
    entries = [_named(name) for name in names] + [_learned(path) for path in models]
    found = [entry.name for entry in entries]
    if not found:
        raise UsageError("expected at least one contestant, got none; name a method such as procedural, or a learned look with --model")
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise UsageError(f"expected every contestant once, got {twice[0]!r} more often; name it once, or rename one of the files")
    return tuple(entries)


def _named(asked: str) -> Entry:
    made = create_contestant(asked)
    version = contestant_version(asked) or str(getattr(made, "version", ""))
    return Entry(made.name, functools.partial(create_contestant, asked), version)


def _learned(path: Path) -> Entry:
    made = LearnedContestant(path)
    return Entry(made.name, functools.partial(LearnedContestant, path.resolve()), made.version)
