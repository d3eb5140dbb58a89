"""Hears which look a person asks for, and says how it was understood."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kohl.api.asking import understand
from kohl.cli.options import Wearing
from kohl.cli.voice import Voice
from kohl.core.errors import UsageError
from kohl.looks.look import Look

if TYPE_CHECKING:
    from kohl.methods.base import Worn


def hear(wearing: Wearing, voice: Voice, *, explain: bool = False) -> tuple[Worn, dict[str, Any]]:
    """Return the look and, for programs, how its words were understood or which learned look it is; say that with `explain`.

    Raises UsageError when no look was given, or words that are not understood and not allowed to be.
    """
    if wearing.look is None:
        raise UsageError("a look is needed: give --look with a preset (kohl looks list), a look file, an .onnx, or words such as 'matte red lips'")
    look, words = understand(wearing.look, allow_unknown=wearing.allow_unknown)
    if not isinstance(look, Look):
        return look, {"learned": {"name": look.card.name, "sha256": look.sha256, "licence": look.card.licence}}
    if words is None:
        return look, {}
    if explain:
        for part in words.understood:
            voice.note(f"{part.text!r}: {part.meaning}")
    for overruled in () if explain else (overruled for part in words.understood for overruled in part.overruled):
        voice.note(f"note: {overruled}")
    for unknown in words.unknown:
        voice.note(f"not followed: {unknown.word!r} ({unknown.reason})" if unknown.reason else f"not understood: {unknown.word!r}")
    return look, {"words": asdict(words) | {"look": look.name}}
