"""Folders `before/` and `after/` with pictures of the same names: one look on several people, with the truth beside it."""

from __future__ import annotations

from pathlib import Path

from kohl.core.errors import UsageError
from kohl.core.formats import EXTENSIONS
from kohl.evaluation.protocol.evaluation_set import EvaluationSet, ListedCase
from kohl.evaluation.protocol.picture import Picture

_RULE = "every picture of before/, with its own namesake in after/ as truth and the next one as reference: after/ shows one look on all"


def set_of_truth_pairs(before: Path, after: Path) -> EvaluationSet:
    """Make a set of two folders. A learned look must turn each `before` into its `after`; a transfer takes the look from the next person's.

    Raises UsageError when a folder is missing or empty, names do not match, or there are fewer than two pairs.
    """
    befores, afters = _by_stem(before), _by_stem(after)
    if unmatched := sorted(befores.keys() ^ afters.keys()):
        raise UsageError(f"expected the same names in {before} and {after}, got {', '.join(unmatched[:5])} in one of them alone")
    names = sorted(befores)
    if len(names) < 2:
        raise UsageError(f"expected at least two pairs in {before} and {after}, got {len(names)}; a transfer takes the look from another person")
    folder = _shared(before, after)
    cases = tuple(
        ListedCase(
            name,
            _picture(befores[name], folder, "source"),
            _picture(afters[names[(number + 1) % len(names)]], folder, "reference"),
            number,
            str(afters[name].resolve().relative_to(folder).as_posix()),
        )
        for number, name in enumerate(names)
    )
    return EvaluationSet(folder.name, folder, cases, _RULE)


def _by_stem(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise UsageError(f"expected a folder of pictures at {folder}, and there is none")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in EXTENSIONS:
            if path.stem in found:
                raise UsageError(f"expected one picture called {path.stem} in {folder}, got {found[path.stem].name} and {path.name}")
            found[path.stem] = path
    return found


def _shared(before: Path, after: Path) -> Path:
    first, second = before.resolve(), after.resolve()
    folder = next((parent for parent in first.parents if second.is_relative_to(parent)), None)
    if folder is None or first == second:
        raise UsageError(f"expected two different folders on one drive, got {before} and {after}")
    return folder


def _picture(path: Path, folder: Path, role: str) -> Picture:
    return Picture.model_validate({"file": path.resolve().relative_to(folder).as_posix(), "role": role, "licence": "not stated"})
