"""Looks as JSON: reading, writing, and the JSON Schema that editors can check them against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kohl.core.atomic import write_atomically
from kohl.core.errors import LookFormatError
from kohl.core.formats import looks_like_picture
from kohl.core.unreadable import why_unreadable
from kohl.looks.look import SCHEMA_VERSION, Look
from kohl.looks.problems import plain_words

MAX_BYTES = 32 * 1024 * 1024
"""A look file larger than this is refused before it is read: four decals at their largest still fit."""

_BYTE_ORDER_MARK = "\ufeff"
_A_PICTURE = "it is a picture; a photo's makeup is put on with kohl transfer (in a batch or video: --reference), and kohl read makes a look of it"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def load_look(path: str | Path) -> Look:
    """The look in the JSON file at `path`. Raises LookFormatError when it is missing, unreadable or no look."""
    source = str(path)
    try:
        if Path(path).stat().st_size > MAX_BYTES:
            raise LookFormatError(source, [f"expected at most {MAX_BYTES // 2**20} MiB; this does not look like a look file"])
        data = Path(path).read_bytes()
    except OSError as error:
        raise LookFormatError(source, [why_unreadable(error)]) from error
    return look_from_json(data, source=source)


def look_from_json(data: str | bytes, *, source: str = "the text") -> Look:
    """The look that `data`, JSON text or its UTF-8 bytes, describes.

    `source` names it in messages. A `"$schema"` key is allowed, for editors. Raises LookFormatError with one plain line
    per fault.
    """
    fields = _parsed(data, source)
    fields.pop("$schema", None)
    _check_version(fields.get("schema_version", SCHEMA_VERSION), source)
    try:
        return Look.model_validate(fields)
    except ValidationError as error:
        raise LookFormatError(source, plain_words(error)) from error


def json_from_look(look: Look) -> str:
    """The look as JSON text that a person can edit: indented, every field spelled out, the product first in its layer."""
    fields = look.model_dump(mode="json")
    fields["layers"] = [{"product": layer["product"]} | layer for layer in fields["layers"]]
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def save_look(look: Look, path: str | Path, *, force: bool = False) -> None:
    """Write the look to `path` as JSON, whole or not at all.

    Raises OutputExistsError when a file is there and `force` is not set, OutputError when it cannot be written.
    """
    write_atomically(Path(path), json_from_look(look).encode(), force=force)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a look file; published as `docs/look.schema.json`."""
    generated = Look.model_json_schema()
    editor_key = {"$schema": {"type": "string", "description": "Where this schema lies; for editors, kohl ignores it"}}
    generated["properties"] = editor_key | generated["properties"]
    return {"$schema": _DRAFT, "title": "A look of kohl"} | generated


def _parsed(data: str | bytes, source: str) -> dict[str, Any]:
    if not isinstance(data, str | bytes):
        raise LookFormatError(source, [f"expected JSON text, got {type(data).__name__}; json.dumps makes text of it"])
    try:
        text = data if isinstance(data, str) else data.decode()
        fields = json.loads(text.removeprefix(_BYTE_ORDER_MARK))
    except UnicodeDecodeError as error:
        told = _A_PICTURE if isinstance(data, bytes) and looks_like_picture(data) else f"expected UTF-8 text; byte {error.start} is not"
        raise LookFormatError(source, [told]) from error
    except json.JSONDecodeError as error:
        raise LookFormatError(source, [f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"]) from error
    except RecursionError as error:
        raise LookFormatError(source, ["nested too deeply to be a look"]) from error
    if not isinstance(fields, dict):
        raise LookFormatError(source, [f'expected an object such as {{"name": …, "layers": […]}}, got {type(fields).__name__}'])
    return fields


def _check_version(version: object, source: str) -> None:
    if version == SCHEMA_VERSION:
        return
    if isinstance(version, int) and version > SCHEMA_VERSION:
        told = f"schema_version {version} was written by a newer kohl; this one reads up to {SCHEMA_VERSION}: update kohl"
    else:
        told = f"schema_version must be {SCHEMA_VERSION}, got {version!r}; there is no such version"
    raise LookFormatError(source, [told])
