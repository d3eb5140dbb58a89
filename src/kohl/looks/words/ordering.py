"""From drafts to orders: what each product shall be, and the words that found no use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kohl.looks.layers import Finish
from kohl.looks.lexicon.senses import Noun
from kohl.looks.orders import Order, Tone
from kohl.looks.products import finishes_of, region_of, usual_pigment
from kohl.looks.shades import bend
from kohl.looks.words.drafts import Draft, Miss, Tint
from kohl.looks.words.overruling import overruled_styles
from kohl.looks.words.results import Overruled

_MOST_PANS = 5
_NO_NOUN = Noun("")


def orders_of(draft: Draft) -> tuple[list[Order], list[Miss]]:
    """The orders of a draft that has a product, the main one first, and the words that found no use."""
    products = _products(draft)
    fitting, unfitting = _sheens(draft, products[0])
    room = _room_for_colours(draft, products[0])
    unused = [Miss(tint.item, reason=_told_full(products[0], draft.tints[:room])) for tint in draft.tints[room:]]
    orders = [_order(draft, product, is_main=position == 0, sheens=fitting) for position, product in enumerate(products)]
    return _with_matching_liner(orders), [*unfitting, *unused]


def overruled_in(draft: Draft) -> tuple[Overruled, ...]:
    """The words of a draft that has a product or a preset which later ones contradict."""
    products = _products(draft) if draft.group.base is None else ()
    return (*draft.overruled, *overruled_styles(draft.styles, products))


def _products(draft: Draft) -> list[str]:
    """The products to build. A place ("eyes") takes what its styles bring; a product is itself."""
    noun = draft.group.noun
    implied = dict.fromkeys(product for _, style in draft.styles for product in style.implied)
    if noun is None:
        return list(implied) or list(draft.group.implied)
    brought = [product for product in implied if region_of(product) is noun.region]
    # "smoky eyes" and "winged eyes" say which products; colours go to the place's own product where it is among them.
    return sorted(brought, key=lambda product: product != noun.product) or [noun.product]


def _sheens(draft: Draft, product: str) -> tuple[dict[int, Finish], list[Miss]]:
    """The finish of each colour by its number, and the finishes that `product` does not come in or has no room for."""
    known, unknown = dict[int, Finish](), list[Miss]()
    for item, sheen, number in draft.sheens:
        has_room = number not in known and (product == "eyeshadow" or not known)
        if sheen.finish not in finishes_of(product):
            unknown.append(Miss(item, tuple(finish.value for finish in finishes_of(product))))
        elif has_room:
            known[number] = sheen.finish
        else:
            unknown.append(Miss(item, reason=_told_shining(product, next(iter(known.values())))))
    return known, unknown


def _told_shining(product: str, finish: Finish) -> str:
    where = "one finish a colour" if product == "eyeshadow" else "one finish"
    return f"{product.replace('_', ' ')} takes {where}, and {finish.value!r} came first; keep the one you want"


def _room_for_colours(draft: Draft, product: str) -> int:
    if product == "eyeshadow" and not (draft.group.noun and draft.group.noun.zone):
        return _MOST_PANS
    return 2 if "ombre" in _settings(draft, product) else 1


def _told_full(product: str, tints: Sequence[Tint]) -> str:
    colours = "one colour" if len(tints) == 1 else f"{len(tints)} colours"
    named = ", ".join(repr(tint.item.text) for tint in tints)
    return f"{product.replace('_', ' ')} takes {colours}, and {named} came first; keep {'the one' if len(tints) == 1 else 'those'} you want"


def _order(draft: Draft, product: str, *, is_main: bool, sheens: Mapping[int, Finish]) -> Order:
    noun = draft.group.noun or _NO_NOUN
    fitting = {number: finish for number, finish in sheens.items() if finish in finishes_of(product)}
    gets_colour = is_main or any(style.is_monochrome for _, style in draft.styles)
    return Order(
        product,
        tones=_tones(draft.tints[: _room_for_colours(draft, product)], product, fitting) if gets_colour else (),
        finish=_common_finish(draft, fitting) if gets_colour else None,
        settings=_settings(draft, product),
        zone=noun.zone if noun.product == product else None,
        factor=draft.factor,
        coverage=draft.coverage if is_main else None,
        intensity=draft.intensity,
        is_extra=noun.is_extra,
    )


def _settings(draft: Draft, product: str) -> dict[str, str | float]:
    """What the noun and the styles set for a product; a later word wins."""
    noun = draft.group.noun
    settings = dict(noun.settings) if noun is not None and noun.product == product else {}
    for _, style in draft.styles:
        settings |= style.settings.get(product, {})
    return settings


def _common_finish(draft: Draft, sheens: Mapping[int, Finish]) -> Finish | None:
    """The finish for all colours: the only one that was named, or one that was named after the last colour."""
    if len(sheens) == 1:
        return next(iter(sheens.values()))
    return sheens.get(len(draft.tints))


def _tones(tints: Sequence[Tint], product: str, sheens: Mapping[int, Finish]) -> tuple[Tone, ...]:
    tones = []
    for number, tint in enumerate(tints):
        pigment = usual_pigment(product) if tint.colour is None else tint.colour.pigment(product)
        if pigment is None:
            continue
        for shade in tint.shades:
            pigment = bend(pigment, lightness=shade.lightness, chroma=shade.chroma, warmth=shade.warmth)
        hinted = None if tint.colour is None else tint.colour.finish
        finish = sheens.get(number, hinted if hinted in finishes_of(product) else None)
        tones.append(Tone(pigment, finish))
    return tuple(tones)


def _with_matching_liner(orders: Sequence[Order]) -> list[Order]:
    """A lip liner that comes along with a lipstick, and has no colour of its own, is a shade deeper than it."""
    main = orders[0]
    if main.product != "lipstick" or not main.tones:
        return list(orders)
    tone = Tone(bend(main.tones[0].pigment, lightness=-0.2))
    return [
        Order(order.product, (tone,), settings=order.settings, factor=order.factor, intensity=order.intensity)
        if order.product == "lip_liner" and "pigment" not in order.settings
        else order
        for order in orders
    ]
