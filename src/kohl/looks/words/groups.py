"""From items to groups: one product, place or preset with all the words about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from kohl.core.region import Region
from kohl.looks.lexicon.senses import Base, Filler, Negation, Noun, Preposition, Sense, Sheen, Style
from kohl.looks.products import region_of
from kohl.looks.words.tokens import Item, Joint

_Sense = TypeVar("_Sense", bound=Sense)


@dataclass(frozen=True)
class Group:
    """A product or place (`noun`), a preset (`base`) or both, the items that name it, and those before and after them.

    Without a noun and a base, a style may stand for the product ("smoky"); without that too, the group is headless and
    has to find its product elsewhere ("plum").
    """

    joint: Joint
    is_negated: bool = False
    before: tuple[Item, ...] = ()
    names: tuple[Item, ...] = ()
    after: tuple[Item, ...] = ()
    noun: Noun | None = None
    base: Base | None = None

    @property
    def attributes(self) -> tuple[Item, ...]:
        """The items about the product, in the order of the text."""
        return (*self.before, *self.after)

    @property
    def is_told(self) -> bool:
        """Whether it says anything at all, beyond small words."""
        return bool(self.names) or not all(is_small(item) for item in self.attributes)

    @property
    def implied(self) -> tuple[str, ...]:
        """The products that it is about, the main one first; none for a preset and for a headless group."""
        if self.noun is not None:
            return (self.noun.product,)
        styles = [style for item in self.attributes for style in senses_of(item, Style)]
        from_styles = tuple(product for style in styles for product in style.implied)
        return from_styles or tuple(sheen.implied for item in self.attributes for sheen in senses_of(item, Sheen) if sheen.implied)

    @property
    def is_headless(self) -> bool:
        """Whether it says nothing of a product, a place or a preset."""
        return self.base is None and not self.implied

    @property
    def region(self) -> Region | None:
        """The part of the face that it is about; None where it has none of its own."""
        if self.base is not None and self.noun is None:
            return self.base.region
        return region_of(self.implied[0]) if self.implied else None


def split_into_groups(items: Sequence[Item | Joint]) -> list[Group]:
    """The groups of a text, in order. A head closes its group; what follows "in", or stands at the end, still belongs to it."""
    return [group for joint, clause in _clauses(items) for group in _split(clause, joint) if group.is_told]


def senses_of(item: Item, kind: type[_Sense]) -> list[_Sense]:
    """The senses of `item` that are of one kind, likeliest first."""
    return [sense for sense in item.senses if isinstance(sense, kind)]


def is_small(item: Item) -> bool:
    """Whether an item is a small word that changes nothing by itself."""
    return item.has(Filler, Preposition, Negation)


def _clauses(items: Iterable[Item | Joint]) -> Iterator[tuple[Joint, list[Item]]]:
    """Runs of items between joints; a negation opens a run of its own."""
    joint, run = Joint.COMMA, list[Item]()
    for item in items:
        if run and (isinstance(item, Joint) or item.has(Negation)):
            yield joint, run
            joint, run = Joint.COMMA, []
        if isinstance(item, Joint):
            joint = item
        else:
            run.append(item)
    if run:
        yield joint, run


def _split(clause: list[Item], joint: Joint) -> Iterator[Group]:
    """The groups of one clause: one per head, and one for what is left over."""
    is_negated = clause[0].has(Negation)
    heads = [position for position in range(len(clause)) if _is_head(clause, position)]
    start = 0
    for position, following in zip_longest(heads, heads[1:]):
        end = _end_of_group(clause, position, following)
        yield _group(clause[start:end], position - start, joint, is_negated=is_negated)
        start, joint, is_negated = end, Joint.NONE, False
    if start < len(clause):
        yield Group(joint, is_negated, before=tuple(clause[start:]))


def _is_head(clause: list[Item], position: int) -> bool:
    """A noun, unless it is also a colour or the like and a noun comes next ("blush lips"); a preset, unless one does."""
    item = clause[position]
    next_is_noun = position + 1 < len(clause) and clause[position + 1].has(Noun)
    if item.has(Noun):
        return not (next_is_noun and len(item.senses) > 1)
    return item.has(Base) and not next_is_noun


def _group(items: list[Item], head: int, joint: Joint, *, is_negated: bool) -> Group:
    """The group whose head stands at `head`; a preset right before a noun belongs to the name ("soft glam eyes")."""
    nouns, bases = senses_of(items[head], Noun), senses_of(items[head], Base)
    first = head
    if nouns and head > 0 and items[head - 1].has(Base):
        first, bases = head - 1, senses_of(items[head - 1], Base)
    return Group(
        joint,
        is_negated,
        before=tuple(items[:first]),
        names=tuple(items[first : head + 1]),
        after=tuple(items[head + 1 :]),
        noun=next(iter(nouns), None),
        base=next(iter(bases), None),
    )


def _end_of_group(clause: list[Item], head: int, following: int | None) -> int:
    """Where the group of the head at `head` ends, the next head being at `following`."""
    end = head + 1
    while end < len(clause) and end != following and clause[end].intensity is not None:
        end += 1
    has_preposition = end < len(clause) and clause[end].has(Preposition)
    if following is not None:
        # Right before a preset's noun stands its name, which is not the description of the one before.
        return following if has_preposition else end
    is_plain_preset = clause[head].has(Base) and not has_preposition
    return end if is_plain_preset else len(clause)
