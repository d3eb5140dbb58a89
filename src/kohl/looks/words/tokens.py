"""From text to items: known expressions with their senses, unknown words, and the joints between phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from kohl.looks import lexicon
from kohl.looks.lexicon.senses import Colour, Sense, Strength
from kohl.looks.pigment import Pigment

_TOKEN = re.compile(
    r"""
    (?P<hex>\#\w+)
  | (?P<percent>(?:(?<!\w)-)?\d+(?:\.\d+)?\s?%)
  | (?P<number>\d+\.\d+)
  | (?P<with>w/(?!o\b))
  | (?P<word>w/o\b | [^\W_]+(?:['’][^\W_]+)*)
  | (?P<comma>[,;:.\n/|])
  | (?P<and>[&+])
  | (?P<ignored>[\s\-–—_!?"“”'‘’()\[\]*])
  | (?P<other>.)
    """,
    re.VERBOSE,
)
_JOINTS = {"and": "and", "plus": "and", "or": "and", "nor": "and", "with": "with", "plus a": "and", "but": "comma", "then": "comma"}
_APOSTROPHES = re.compile(r"['’]")


class Joint(Enum):
    """What stands between two phrases; NONE between two products of one phrase."""

    NONE = auto()
    COMMA = auto()
    AND = auto()
    WITH = auto()


@dataclass(frozen=True)
class Token:
    """A piece of the text: its kind, its wording in lower case, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Item:
    """An expression and what it can mean, likeliest first; nothing when it is not known. `intensity` for a percentage."""

    text: str
    start: int
    end: int
    senses: tuple[Sense, ...] = ()
    intensity: float | None = None

    def has(self, *kinds: type[Sense]) -> bool:
        """Whether one of its senses is of one of `kinds`."""
        return any(isinstance(sense, kinds) for sense in self.senses)


def items(text: str) -> list[Item | Joint]:
    """The expressions and joints of `text`, in order; the longest known expression wins."""
    tokens = list(_tokens(text))
    found: list[Item | Joint] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        count = 1
        if token.kind in ("comma", "and", "with"):
            found.append(Joint[token.kind.upper()])
        elif token.kind == "word":
            count, item = _expression(tokens[position:])
            found.append(item)
        else:
            found.append(_special(token))
        position += count
    return found


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind, wording = match.lastgroup or "other", match[0].lower()
        if kind == "ignored":
            continue
        if kind == "word" and wording in _JOINTS:
            kind = _JOINTS[wording]
        yield Token(kind, _APOSTROPHES.sub("", wording), match.start(), match.end())


def _expression(tokens: list[Token]) -> tuple[int, Item]:
    words = []
    for token in tokens[: lexicon.longest()]:
        if token.kind != "word":
            break
        words.append(token.text)
    count, senses = lexicon.match(words)
    return count, Item(" ".join(words[:count]), tokens[0].start, tokens[count - 1].end, senses)


def _special(token: Token) -> Item:
    """A hex colour, a percentage or a decimal; unknown where it is out of range."""
    if token.kind == "hex" and len(token.text) in (4, 7) and re.fullmatch("#[0-9a-f]+", token.text):
        return Item(token.text, token.start, token.end, (Colour(token.text, {"any": Pigment(token.text)}),))
    if token.kind in ("percent", "number"):
        share = float(token.text.rstrip("% ")) / (100 if token.kind == "percent" else 1)
        if 0 <= share <= 1:
            return Item(token.text, token.start, token.end, (Strength(),), intensity=share)
    return Item(token.text, token.start, token.end)
