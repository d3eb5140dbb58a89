"""From drafts to a look: presets first, then every product in the order of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kohl.looks import presets
from kohl.looks.describe import describe
from kohl.looks.layers import PRODUCTS, AnyLayer, Contour, Eyeshadow, Highlighter
from kohl.looks.lexicon.senses import Base, Noun
from kohl.looks.look import Look
from kohl.looks.orders import Order
from kohl.looks.products import COLOUR_PRODUCTS
from kohl.looks.recipes import build
from kohl.looks.words.drafts import Draft, Miss
from kohl.looks.words.groups import is_small
from kohl.looks.words.ordering import orders_of

_STACKABLE = (Contour, Highlighter)


@dataclass(frozen=True)
class Placed:
    """A layer and the numbers of the drafts that asked for it."""

    layer: AnyLayer
    asked_by: frozenset[int]


@dataclass
class Composition:
    """The layers so far, what every draft came to mean by its number, and the words that found no use."""

    placed: list[Placed] = field(default_factory=list)
    meanings: dict[int, str] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)

    @property
    def layers(self) -> tuple[AnyLayer, ...]:
        """The layers of the look."""
        return tuple(placed.layer for placed in self.placed)


def compose(drafts: Sequence[Draft]) -> Composition:
    """The layers and meanings of drafts that all have a product or a preset."""
    composition = Composition()
    # A preset is what one starts from, wherever it stands in the text.
    for number, draft in sorted(enumerate(drafts), key=lambda pair: pair[1].group.base is None):
        if draft.group.base is not None and not draft.group.is_negated:
            _start_from(composition, number, draft, draft.group.base)
        elif draft.group.is_negated:
            _take_away(composition, number, draft)
        else:
            _put_on(composition, number, draft)
    _mark_undone(composition, drafts)
    return composition


def _start_from(composition: Composition, number: int, draft: Draft, base: Base) -> None:
    preset = presets.load(base.preset)
    chosen = _part_of(preset, base, draft.group.noun)
    if not chosen.layers:
        composition.misses += [Miss(item, (base.preset.replace("-", " "),)) for item in draft.group.names]
        return
    strength = draft.factor * draft.intensity
    for layer in (chosen * strength).layers:
        _replace(composition, Placed(layer, frozenset({number})))
    told = "" if strength == 1 else f", at {strength:.0%}"
    composition.meanings[number] = f"the preset {base.preset}{_told_part(base, draft.group.noun)}{told}"
    composition.misses += [Miss(tint.item) for tint in draft.tints]
    composition.misses += [Miss(sheen[0]) for sheen in draft.sheens] + [Miss(style[0]) for style in draft.styles]


def _part_of(preset: Look, base: Base, noun: Noun | None) -> Look:
    """The part of a preset that is meant: what its own name speaks of, or the noun after it."""
    region = base.region if noun is None else noun.region
    if region is not None:
        return preset.only(region)
    if noun is None:
        return preset
    return preset.with_layers(layer for layer in preset.layers if isinstance(layer, PRODUCTS[noun.product]))


def _told_part(base: Base, noun: Noun | None) -> str:
    region = base.region if noun is None else noun.region
    if region is not None:
        return f", only its {region}"
    return "" if noun is None else f", only its {noun.product.replace('_', ' ')}"


def _take_away(composition: Composition, number: int, draft: Draft) -> None:
    noun = draft.group.noun
    if noun is None or draft.group.base is not None:
        instead = tuple(f"no {product.replace('_', ' ')}" for product in draft.group.implied)
        composition.misses += [Miss(item, instead) for item in draft.understood if not is_small(item)]
        return
    kept = [(placed, _without(placed.layer, noun)) for placed in composition.placed]
    composition.placed = [Placed(layer, placed.asked_by) for placed, layer in kept if layer is not None]
    composition.meanings[number] = _told_without(noun)


def _told_without(noun: Noun) -> str:
    if noun.region is not None:
        return f"nothing on the {noun.region}"
    place = " on the lower lid" if "lower" in noun.settings else f" in the {noun.zone.replace('_', ' ')}" if noun.zone else ""
    return ", ".join(f"no {product.replace('_', ' ')}{place}" for product in (noun.product, noun.after_lips) if product)


def _without(layer: AnyLayer, noun: Noun) -> AnyLayer | None:
    """What is left of a layer when `noun` is taken away."""
    if noun.region is not None:
        return None if layer.region is noun.region else layer
    if layer.product not in (noun.product, noun.after_lips):
        return layer
    if "lower" in noun.settings:
        return layer.model_copy(update={"lower": 0.0})
    if noun.zone is not None and isinstance(layer, Eyeshadow):
        pans = tuple(pan for pan in layer.pans if pan.zone != noun.zone)
        return layer.model_copy(update={"pans": pans}) if pans else None
    return None


def _put_on(composition: Composition, number: int, draft: Draft) -> None:
    orders, misses = orders_of(draft)
    composition.misses += misses
    layers = [build(order) for order in orders]
    for order, layer in zip(orders, layers, strict=True):
        _place(composition, order, Placed(layer, frozenset({number})))
    composition.meanings[number] = "; ".join(map(describe, layers)) + _default_note(orders[0])


def _default_note(order: Order) -> str:
    """Says that a colour was chosen for the user, where it matters and one was."""
    is_chosen = not order.tones and "pigment" not in order.settings and order.product in COLOUR_PRODUCTS
    return " (no colour named: the usual one)" if is_chosen else ""


def _place(composition: Composition, order: Order, new: Placed) -> None:
    position = next((index for index, placed in enumerate(composition.placed) if placed.layer.product == order.product), None)
    if position is not None and order.zone is not None:
        composition.placed[position] = _with_pans(composition.placed[position], new)
    elif order.is_extra or (isinstance(new.layer, _STACKABLE) and _has_other_pattern(composition, new.layer)):
        composition.placed.append(new)
    else:
        _replace(composition, new)


def _has_other_pattern(composition: Composition, layer: Contour | Highlighter) -> bool:
    """Whether the same product is there already, but elsewhere on the face."""
    return any(isinstance(other, type(layer)) and other.pattern != layer.pattern for other in composition.layers)


def _with_pans(old: Placed, new: Placed) -> Placed:
    """The old eyeshadow with the pans of the new one in their zones."""
    if not isinstance(old.layer, Eyeshadow) or not isinstance(new.layer, Eyeshadow):
        return new
    pans = {pan.zone: pan for pan in (*old.layer.pans, *new.layer.pans)}
    return Placed(old.layer.model_copy(update={"pans": tuple(pans.values())}), old.asked_by | new.asked_by)


def _replace(composition: Composition, new: Placed) -> None:
    composition.placed = [placed for placed in composition.placed if placed.layer.product != new.layer.product]
    composition.placed.append(new)


def _mark_undone(composition: Composition, drafts: Sequence[Draft]) -> None:
    alive = frozenset[int]().union(*(placed.asked_by for placed in composition.placed))
    for number, draft in enumerate(drafts):
        if number in composition.meanings and number not in alive and not draft.group.is_negated:
            composition.meanings[number] += "; undone by another phrase"
