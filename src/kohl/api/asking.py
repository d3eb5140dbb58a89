"""From what a person asks for to what can be put on, with nothing guessed in silence."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from kohl.core.errors import UsageError
from kohl.core.formats import EXTENSIONS
from kohl.looks import presets
from kohl.looks.files import json_from_look
from kohl.looks.look import Look
from kohl.looks.resolve import resolve
from kohl.looks.words import Unknown, WordsResult
from kohl.methods.base import Worn
from kohl.methods.tinybeauty.spelling import parse_learned, spells_learned
from kohl.methods.tinybeauty.worn import ResidualLook

LookSource: TypeAlias = "Worn | str | Path"
"""A look; a learned look; the name of a preset or of a learned look (learned/NAME); the path of a look file or an .onnx; words such as
"smoky plum eyes, matte red lips"; or learned looks put together, "eyes=a.onnx,lips=b.onnx" (`kohl.methods.tinybeauty.spelling`)."""

_LOOK_ENDINGS = (".json", ".onnx")
_MUCH_ALIKE = 0.8
"""How alike a text and a preset's name must be for it to be a slip of the keyboard."""


def as_look(source: LookSource) -> Worn:
    """Return the look that `source` stands for. Raises as `understand`."""
    return understand(source)[0]


def understand(source: LookSource, *, allow_unknown: bool = False) -> tuple[Worn, WordsResult | None]:
    """Return the look that `source` stands for; if it was words, also how they were understood.

    Raises LookFormatError for a file that is no look, ModelFormatError for one that is no learned look, UnknownNameError for a text in
    which nothing is understood, and UsageError for words of which some are not, unless `allow_unknown`.
    """
    if isinstance(source, ResidualLook):
        return source, None
    if not isinstance(source, Look | str | Path):
        raise UsageError(f"expected a look, a name, a path or words, got {type(source).__name__}")
    if not isinstance(source, Look) and spells_learned(source):
        return parse_learned(source), None
    look, words = resolve(source)
    if words is not None and words.unknown and not allow_unknown:
        presets_meant = difflib.get_close_matches(presets.normalize(str(source)), presets.names(), n=1, cutoff=_MUCH_ALIKE)
        hint = f"Was the preset {presets_meant[0]!r} meant?" if presets_meant else "Leave them out, or allow unknown words (--allow-unknown)"
        raise UsageError(f"expected words that name makeup, {_told(words.unknown)}. {hint}")
    return look, words


def refuse_look(photo: object) -> None:
    """Refuse what is a look where a photo is asked for, such as `transfer(photo, "gothic")`. Raises UsageError that says what looks are for."""
    if isinstance(photo, Look | ResidualLook):
        name = "the reference"
    elif isinstance(photo, str | Path) and _names_look(photo):
        name = str(photo)
    else:
        return
    raise UsageError(f"expected a photo, got a look ({name}); kohl apply and kohl.apply put looks on (--look), kohl looks show tells what is in one")


def _names_look(photo: str | Path) -> bool:
    ending = Path(photo).suffix.lower()
    if ending in _LOOK_ENDINGS or ending in EXTENSIONS:
        return ending in _LOOK_ENDINGS
    is_name = presets.normalize(str(photo)) in presets.names() or spells_learned(photo)
    return is_name and not Path(photo).exists()


def spell_out(look: Worn) -> str:
    """What a look is made of, as JSON text: its layers, or a learned look's card."""
    return json_from_look(look) if isinstance(look, Look) else look.card.to_json(indent=2) + "\n"


def _told(unknown: Sequence[Unknown]) -> str:
    """The words that are not understood, and those that are but cannot be followed."""
    lost = [repr(word.word) + _or(word.nearest) for word in unknown if not word.reason]
    spare = [f"{word.word!r} ({word.reason})" for word in unknown if word.reason]
    parts = [("did not understand", lost), ("cannot follow", spare)]
    return "; ".join(f"{verb} {'; '.join(words)}" for verb, words in parts if words)


def _or(nearest: Sequence[str]) -> str:
    return f" (did you mean {' or '.join(map(repr, nearest))}?)" if nearest else ""
