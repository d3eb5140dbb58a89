"""From groups to drafts: which sense each word has beside its product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kohl.looks.lexicon.senses import Base, Colour, Degree, Negation, Noun, Sense, Shade, Sheen, Strength, Style
from kohl.looks.products import COLOUR_PRODUCTS, finishes_of, region_of
from kohl.looks.words.groups import Group, is_small
from kohl.looks.words.overruling import are_opposed, overruled_by
from kohl.looks.words.results import Overruled
from kohl.looks.words.tokens import Item, Joint


@dataclass(frozen=True)
class Tint:
    """A colour with its shades ("deep dusty rose"), or the usual colour of a product in another shade ("dark lips")."""

    item: Item
    colour: Colour | None
    shades: tuple[Shade, ...] = ()


@dataclass(frozen=True)
class Miss:
    """A word that changed nothing, and what may have been meant."""

    item: Item
    nearest: tuple[str, ...] = ()
    reason: str = ""
    """Why, where the word is known and fits."""


@dataclass
class Draft:
    """A group with the senses of its words settled; `unknown` holds those that have none here.

    A finish stands with the number of the colour that follows it: "matte brown and metallic gold eyes".
    """

    group: Group
    tints: list[Tint] = field(default_factory=list)
    sheens: list[tuple[Item, Sheen, int]] = field(default_factory=list)
    styles: list[tuple[Item, Style]] = field(default_factory=list)
    factor: float = 1.0
    coverage: float | None = None
    intensity: float = 1.0
    sources: dict[str, list[Item]] = field(default_factory=dict)
    """The words that `factor` ("strength"), `coverage` and `intensity` ("percentage") come from."""
    overruled: list[Overruled] = field(default_factory=list)
    understood: list[Item] = field(default_factory=list)
    unknown: list[Item] = field(default_factory=list)

    @property
    def shares_colours(self) -> bool:
        """Whether it is about lips, lids or cheeks, which often wear one colour."""
        return self.group.noun is not None and self.group.base is None and self.group.noun.product in COLOUR_PRODUCTS and not self.group.is_negated

    @property
    def is_bare(self) -> bool:
        """Whether nothing was said about its product but its name."""
        return len(self.understood) == len(self.group.names)


def settle(group: Group) -> Draft:
    """The draft of a group: each word takes the likeliest of its senses that fits the product."""
    draft = Draft(group, understood=[*(item for item in group.before if item.has(Negation)), *group.names])
    pending: list[tuple[Item, Shade]] = []
    degree = 1.0
    attributes = group.attributes
    for position, item in enumerate(attributes):
        if is_small(item):
            continue
        sense = _choose(item, group, attributes[position + 1 :])
        (draft.understood if sense else draft.unknown).append(item)
        if isinstance(sense, Degree):
            degree = sense.factor
            continue
        if isinstance(sense, Shade):
            pending = _with_shade(draft, pending, item, _by_degree(sense, degree))
        elif isinstance(sense, Colour):
            draft.tints.append(Tint(item, sense, tuple(shade for _, shade in pending)))
            pending = []
        elif sense is not None:
            _note(draft, item, sense, degree)
        degree = 1.0
    if pending:
        draft.tints.append(Tint(pending[0][0], None, tuple(shade for _, shade in pending)))
    return draft


def share_colours(drafts: Sequence[Draft]) -> None:
    """Give the colours of one product to those that are named with it: "rose lips and cheeks", "lips and cheeks in rose"."""
    for before, draft in pairwise(drafts):
        if draft.group.joint is Joint.AND and draft.is_bare and draft.shares_colours and before.shares_colours:
            draft.tints = list(before.tints)
    is_list = False
    for draft, after in pairwise(reversed(drafts)):
        joins = draft.group.joint is Joint.AND or (is_list and draft.group.joint is Joint.COMMA)
        is_list = joins and bool(draft.group.after or is_list) and after.is_bare and after.shares_colours and draft.shares_colours
        if is_list:
            after.tints = list(draft.tints)


def _choose(item: Item, group: Group, following: Sequence[Item]) -> Sense | None:
    candidates = [sense for sense in item.senses if _fits(sense, item, group, following)]
    if len(candidates) > 1 and isinstance(candidates[0], Sheen) and not _comes_in(candidates[0], group):
        return candidates[1]
    return next(iter(candidates), None)


def _fits(sense: Sense, item: Item, group: Group, following: Sequence[Item]) -> bool:
    if isinstance(sense, Noun | Base):
        return False
    if isinstance(sense, Style):
        return _style_fits(sense, group)
    if isinstance(sense, Shade) and item.has(Strength):
        # "light pink lips" is a light pink, "light blush" is a little of it.
        return any(next_item.has(Colour, Shade) for next_item in [entry for entry in following if not is_small(entry)][:1])
    return True


def _style_fits(style: Style, group: Group) -> bool:
    if group.noun is None:
        return bool(style.implied)
    in_region = group.noun.region is not None and any(region_of(product) is group.noun.region for product in style.implied)
    return in_region or group.noun.product in style.settings


def _comes_in(sheen: Sheen, group: Group) -> bool:
    return not group.implied or sheen.finish in finishes_of(group.implied[0])


def _by_degree(shade: Shade, degree: float) -> Shade:
    return Shade(shade.name, min(shade.lightness * degree, 1.0), 1 + (shade.chroma - 1) * degree, shade.warmth * degree)


def _with_shade(draft: Draft, pending: Sequence[tuple[Item, Shade]], item: Item, shade: Shade) -> list[tuple[Item, Shade]]:
    """The shades for the colour that comes, with one more; what it contradicts goes."""
    opposed = [earlier for earlier, other in pending if are_opposed(shade, other)]
    draft.overruled += overruled_by(item, opposed, "shade")
    return [*((earlier, other) for earlier, other in pending if earlier not in opposed), (item, shade)]


def _note(draft: Draft, item: Item, sense: Sense, degree: float) -> None:
    match sense:
        case Sheen():
            draft.sheens.append((item, sense, len(draft.tints)))
        case Style():
            draft.styles.append((item, sense))
        case Strength():
            _strengthen(draft, item, sense, degree)


def _strengthen(draft: Draft, item: Item, sense: Strength, degree: float) -> None:
    factor = sense.factor**degree
    if (factor - 1) * (draft.factor - 1) < 0:  # less of it and more of it
        _overrule(draft, item, "strength")
        draft.factor = 1.0
    if factor != 1:
        draft.factor *= factor
        draft.sources.setdefault("strength", []).append(item)
    if sense.coverage is not None and not (sense.yields and draft.tints):
        _overrule(draft, item, "coverage")
        draft.coverage = sense.coverage
        draft.sources["coverage"] = [item]
    if item.intensity is not None:
        _overrule(draft, item, "percentage")
        draft.intensity = item.intensity
        draft.sources["percentage"] = [item]


def _overrule(draft: Draft, item: Item, what: str) -> None:
    draft.overruled += overruled_by(item, draft.sources.pop(what, ()), what)
