"""How learned looks are written on one line: a file, a name, several of them averaged, several of them joined by region.

mine.onnx                              a file
learned/soft-rose                      one that comes with kohl
0.7*mine.onnx+0.3*learned/soft-rose    averaged; without weights they count the same
eyes=a.onnx,lips=b.onnx+c.onnx         joined by region; all=a.onnx stands for the regions that are not named
"""

from __future__ import annotations

import re
from pathlib import Path

from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.methods.tinybeauty import shipped
from kohl.methods.tinybeauty.joining import average, join
from kohl.methods.tinybeauty.learned import NEVER_OPENED, LearnedLook
from kohl.methods.tinybeauty.worn import ResidualLook

_ALL = "all"
_FORM = "REGION=LOOK, such as eyes=a.onnx,lips=learned/NAME"
_MEANT = re.compile(r"\.onnx\b|(?:^|[=+*,\s])" + re.escape(shipped.PREFIX), re.IGNORECASE)
_WEIGHTED = re.compile(r"\s*(?:(?P<weight>[0-9.]+)\s*\*)?\s*(?P<look>.+?)\s*")


def spells_learned(text: str | Path) -> bool:
    """Whether `text` speaks of learned looks, well spelled or not; weights in other formats count, to be refused with a reason."""
    name = str(text)
    return Path(name.strip()).suffix.lower() in NEVER_OPENED or _MEANT.search(name) is not None


def parse_learned(text: str | Path) -> ResidualLook:
    """Open what `text` spells; see the top of this file.

    Raises
    ------
    ModelFormatError
        A file is missing, is no learned look, or is of a kind that is never opened.
    UnknownNameError
        No region, or no learned look that comes with kohl, has that name.
    UsageError
        It is spelled in some other way.
    """
    if isinstance(text, Path) or _is_file(text):
        return LearnedLook.load(text)
    return _joined(text) if "=" in text else _averaged(text)


def _joined(text: str) -> ResidualLook:
    looks: dict[str, ResidualLook] = {}
    for entry in text.split(","):
        name, equals, spelled = entry.partition("=")
        if not (equals and name.strip() and spelled.strip()):
            raise UsageError(f"learned looks are joined as {_FORM}; got {entry.strip()!r} in {text!r}")
        key = _ALL if name.strip().lower() == _ALL else Region.parse(name).value
        if key in looks:
            raise UsageError(f"a region takes its makeup from one look, got {key!r} twice in {text!r}; average two looks with a.onnx+b.onnx")
        looks[key] = _averaged(spelled)
    others = dict.fromkeys(Region, looks[_ALL]) if _ALL in looks else {}
    return join(others | {Region(name): look for name, look in looks.items() if name != _ALL})


def _averaged(text: str) -> ResidualLook:
    terms = [_term(part, text) for part in text.split("+")] if not _is_file(text) else [(text, 1.0)]
    if len(terms) == 1 and terms[0][1] != 1.0:
        raise UsageError(f"a weight counts relative to those of other looks, got {text.strip()!r} alone; --strength makes one look weaker")
    looks = [_one(spelled) for spelled, _ in terms]
    return looks[0] if len(looks) == 1 else average(looks, [weight for _, weight in terms])


def _term(part: str, text: str) -> tuple[str, float]:
    """A look and its weight."""
    match = _WEIGHTED.fullmatch(part)
    try:
        weight = float(match["weight"] or 1.0) if match else None
    except ValueError:
        weight = None
    if match is None or weight is None:
        raise UsageError(f"learned looks are averaged as LOOK+LOOK or 0.7*LOOK+0.3*LOOK; got {part.strip()!r} in {text!r}")
    return match["look"], weight


def _one(text: str) -> LearnedLook:
    if text.lower().startswith(shipped.PREFIX) and not _is_file(text):
        return shipped.load(text)
    if Path(text).suffix.lower() not in (".onnx", *NEVER_OPENED) and not _is_file(text):
        raise UsageError(f"expected an .onnx file or {shipped.PREFIX}NAME, got {text!r}; presets and words cannot be mixed with learned looks")
    return LearnedLook.load(text)


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False  # too long, or holds a zero byte
