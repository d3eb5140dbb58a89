"""Pair lists as files: `source,reference,seed,truth`, one case a line, comments after #."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from kohl.core.errors import UnknownNameError, UsageError
from kohl.evaluation.protocol.evaluation_set import ListedCase
from kohl.evaluation.protocol.pairing import case_name
from kohl.evaluation.protocol.picture import Picture

COLUMNS = ("source", "reference", "seed", "truth")


def read_lines(path: Path, known: Iterable[str], kind: str) -> list[dict[str, str]]:
    """Read a CSV file with a heading; lines that begin with # are comments.

    Raises UsageError when it is not there, empty or no text, or a line is too long; UnknownNameError for a column that is not `known`.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"expected a {kind} in UTF-8 at {path}, got {error}") from error
    reader = csv.DictReader(line for line in lines if line.strip() and not line.lstrip().startswith("#"))
    columns = reader.fieldnames or ()
    if len(columns) == 1 and (other := next((mark for mark in ";\t" if mark in columns[0]), None)):
        raise UsageError(f"expected columns with commas between them in {path.name}, got {other!r}; save it as CSV with commas")
    for column in columns:
        if column not in known:
            raise UnknownNameError(f"column of {path.name}", str(column), known)
    rows = list(reader)
    for number, row in enumerate(rows, 1):
        if None in row:
            raise UsageError(
                f"expected {len(reader.fieldnames or ())} fields in row {number} of {path.name}, got more; put fields with commas in quotes"
            )
    return [{name: value or "" for name, value in row.items()} for row in rows]


def read_pairs(path: Path, pictures: Mapping[str, Picture]) -> tuple[ListedCase, ...]:
    """Read a pair list whose files are `pictures`, file → picture. Raises UsageError or UnknownNameError."""
    return cases_of(read_lines(path, COLUMNS, "pair list"), pictures, path.name)


def cases_of(rows: Iterable[Mapping[str, str]], pictures: Mapping[str, Picture], where: str) -> tuple[ListedCase, ...]:
    """Make cases of the rows of a pair list. Raises UsageError naming row and fault."""
    cases = tuple(_case(row, number, pictures, where) for number, row in enumerate(rows))
    names = [case.name for case in cases]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"expected every pair of {where} once, got {twice[0]!r} more often; remove the repetitions")
    return cases


def _case(row: Mapping[str, str], number: int, pictures: Mapping[str, Picture], where: str) -> ListedCase:
    for role in ("source", "reference"):
        file = row.get(role, "")
        if file not in pictures:
            raise UsageError(
                f"expected a {role} out of the manifest in pair {number + 1} of {where}, got {file!r}; list it in the manifest, or mend the pair"
            )
    try:
        seed = int(row.get("seed") or number)
    except ValueError:
        raise UsageError(f"expected a whole number as seed of pair {number + 1} of {where}, got {row['seed']!r}") from None
    name = case_name(row["source"], row["reference"])
    return ListedCase(name, pictures[row["source"]], pictures[row["reference"]], seed, row.get("truth") or None)


def write_pairs(path: Path, cases: Iterable[ListedCase], comment: str) -> None:
    """Write a pair list (names of files only), with `comment` on top."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {line}\n" for line in comment.splitlines())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS[:3])
        writer.writerows((case.source.file, case.reference.file, case.seed) for case in cases)
