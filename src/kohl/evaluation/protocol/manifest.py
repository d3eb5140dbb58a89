"""The manifest of a test set: `manifest.json`, or `manifest.csv` with `pairs.csv` beside it. Version 1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kohl.core.errors import UnknownNameError, UsageError
from kohl.evaluation.protocol.evaluation_set import SIDE
from kohl.evaluation.protocol.pair_lists import COLUMNS, read_lines
from kohl.evaluation.protocol.picture import Picture

JSON_NAME, CSV_NAME, PAIRS_NAME = "manifest.json", "manifest.csv", "pairs.csv"


class ListedPair(BaseModel):
    """A pair as a manifest names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    reference: str
    seed: int | None = None
    truth: str | None = None


class Manifest(BaseModel):
    """What a test set says of itself. Without `pairs` they are drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    name: str = ""
    side: int = Field(SIDE, ge=128, le=8192)
    pictures: tuple[Picture, ...]
    pairs: tuple[ListedPair, ...] | None = None


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest in `folder`: JSON where there is one, else CSV.

    Raises UsageError when there is none or it is wrong, with every fault; UnknownNameError for a column or field that does not exist.
    """
    if (folder / JSON_NAME).is_file():
        return _checked(_json(folder / JSON_NAME), JSON_NAME)
    rows: list[dict[str, Any]] = [_without_blanks(row) for row in read_lines(folder / CSV_NAME, Picture.model_fields, "manifest")]
    content: dict[str, Any] = {"pictures": rows}
    if (folder / PAIRS_NAME).is_file():
        content["pairs"] = [_without_blanks(row) for row in read_lines(folder / PAIRS_NAME, COLUMNS, "pair list")]
    return _checked(content, CSV_NAME)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"expected a manifest in JSON at {path}, got {error}") from error


def _without_blanks(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value.strip()}


def _checked(content: Any, where: str) -> Manifest:
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        _refuse_unknown(error, where)
        faults = "; ".join(f"{_place(fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}{_got(fault)}" for fault in error.errors()[:10])
        raise UsageError(f"{where} is not a manifest that kohl can read: {faults}") from error
    if not manifest.pictures:
        raise UsageError(f"expected pictures in {where}, got none; give every picture a line with at least file and licence")
    return manifest


def _refuse_unknown(error: ValidationError, where: str) -> None:
    for fault in error.errors():
        if fault["type"] == "extra_forbidden":
            level = str(fault["loc"][0]) if len(fault["loc"]) > 1 else ""
            known = {"pictures": Picture.model_fields, "pairs": ListedPair.model_fields}.get(level, Manifest.model_fields)
            raise UnknownNameError(f"field of {where}", str(fault["loc"][-1]), known) from error


def _got(fault: Mapping[str, object]) -> str:
    """What came, where the fault is a name out of a list: pydantic tells only what was expected."""
    return f", got {fault['input']!r}" if fault["type"] == "literal_error" else ""


def _place(location: tuple[int | str, ...]) -> str:
    return " ".join(f"{part + 1}" if isinstance(part, int) else part for part in location)
