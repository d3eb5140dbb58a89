"""A folder of pairs as files: `before/NAME.*` and `after/NAME.*`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kohl.core.errors import UsageError
from kohl.core.formats import EXTENSIONS

SIDES = ("before", "after")
MOST = 500
"""Pairs that one look is learnt from, at most."""
_PICTURES = EXTENSIONS.keys() | {".gif", ".bmp"}


@dataclass(frozen=True)
class PairFiles:
    """The two files of one name."""

    name: str
    before: Path
    after: Path


@dataclass(frozen=True)
class Listing:
    """What lies in a folder of pairs. `faults`: (name, what is wrong with it); `passed_over`: files that are not pictures."""

    files: tuple[PairFiles, ...]
    faults: tuple[tuple[str, str], ...]
    passed_over: tuple[str, ...]


def list_pairs(folder: Path) -> Listing:
    """List the pairs in `folder`, sorted by name; no picture is opened.

    Raises UsageError where the folder or one of its two halves is missing, or there are no pairs at all, or more than 500.
    """
    halves = {side: _by_name(_half(folder, side)) for side in SIDES}
    faults = dict(_faults(halves))
    good = sorted((halves["before"].keys() & halves["after"].keys()) - faults.keys())
    if not good:
        found = "; ".join(f"{name}: {fault}" for name, fault in sorted(faults.items())) or "no picture in either"
        raise UsageError(
            f"expected pairs {folder}/before/NAME.jpg and {folder}/after/NAME.jpg, found none ({found}); give both pictures of a pair one name"
        )
    if len(good) > MOST:
        raise UsageError(f"expected 1 to {MOST} pairs, found {len(good)} in {folder}; leave the best {MOST} there")
    files = tuple(PairFiles(name, halves["before"][name][0], halves["after"][name][0]) for name in good)
    passed_over = tuple(f"{side}/{path.name}" for side in SIDES for path in _files(folder / side) if path.suffix.lower() not in _PICTURES)
    return Listing(files, tuple(sorted(faults.items())), passed_over)


def _half(folder: Path, side: str) -> Path:
    if not folder.is_dir():
        raise UsageError(f"expected a folder with before/ and after/ in it, found no folder {folder}; check its name")
    if not (folder / side).is_dir():
        raise UsageError(f"expected the folders before/ and after/ in {folder}, found no {side}/; put the pictures {side} makeup there")
    return folder / side


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _by_name(folder: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in _files(folder):
        if path.suffix.lower() in _PICTURES:
            found.setdefault(path.stem, []).append(path)
    return found


def _faults(halves: dict[str, dict[str, list[Path]]]) -> Iterator[tuple[str, str]]:
    for side, other in (SIDES, SIDES[::-1]):
        for name, paths in halves[side].items():
            if len(paths) > 1:
                yield name, f"{side}/ has it more than once ({', '.join(path.name for path in paths)}); keep one"
            elif name not in halves[other]:
                yield name, f"{side}/{paths[0].name} has no partner in {other}/; add one or take it away"
