"""Who takes part: contestants by name, and learned looks by file, each tried out before the run begins."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kohl.core.errors import UsageError
from kohl.evaluation.contestants.learned import LearnedContestant
from kohl.evaluation.contestants.registry import EXTERNAL
from kohl.evaluation.plugins import contestant_version, create_contestant
from kohl.evaluation.running.plan import Entry


def entries_for(names: Iterable[str], models: Iterable[Path] = ()) -> tuple[Entry, ...]:
    """Make the list of contestants in the order given. Every one is made once, so that a wrong name fails now and not in a process later.

    Raises UsageError for nobody or for two of one name, UnknownNameError, MissingModelError, and what making one raises.
    """
    entries = [_named(name) for name in names] + [_learned(path) for path in models]
    if not entries:
        raise UsageError("expected at least one contestant, got none; name a method such as procedural, or a learned look with --model")
    counts = Counter(entry.name for entry in entries)
    # Two commands of one program share its short name; then tables call them by all that was typed.
    told = [replace(entry, name=entry.version) if counts[entry.name] > 1 and entry.version.startswith(EXTERNAL) else entry for entry in entries]
    if twice := [name for name, count in Counter(entry.name for entry in told).items() if count > 1]:
        raise UsageError(f"expected every contestant once, got {twice[0]!r} more often; name it once, or rename one of the files")
    return tuple(told)


def _named(asked: str) -> Entry:
    made = create_contestant(asked)
    version = asked if asked.startswith(EXTERNAL) else contestant_version(asked) or str(getattr(made, "version", ""))
    return Entry(made.name, functools.partial(create_contestant, asked), version)


def _learned(path: Path) -> Entry:
    made = LearnedContestant(path)
    return Entry(made.name, functools.partial(LearnedContestant, path.resolve()), made.version)
