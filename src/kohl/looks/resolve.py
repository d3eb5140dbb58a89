"""What people give as a look: a look, a file, the name of a preset, or words."""

from __future__ import annotations

import difflib
from pathlib import Path

from kohl.core.errors import UnknownNameError
from kohl.looks import presets
from kohl.looks.files import load_look
from kohl.looks.look import Look
from kohl.looks.words import WordsResult, parse_words

_MUCH_ALIKE = 0.8


def resolve(source: Look | str | Path) -> tuple[Look, WordsResult | None]:
    """The look that `source` stands for, and what was understood where it was words.

    A `Look` is itself; a path, or text that ends with ".json" or names a file, is read from there; the name of a preset
    is that preset; everything else is words. Raises LookFormatError for a bad file, UnknownNameError with the nearest
    names when the text is neither a preset nor words.
    """
    if isinstance(source, Look):
        return source, None
    if isinstance(source, Path) or source.lower().endswith(".json") or _is_file(source):
        return load_look(source), None
    if presets.normalize(source) in presets.names():
        return presets.load(source), None
    try:
        result = parse_words(source)
    except UnknownNameError as error:
        if difflib.get_close_matches(presets.normalize(source), presets.names(), n=1, cutoff=_MUCH_ALIKE):
            raise UnknownNameError("look", source, presets.names()) from error
        raise
    return result.look, result


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        # Words can be longer than a file name may be, or hold a zero byte.
        return False
