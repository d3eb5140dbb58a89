"""Words to a look: "smoky plum eyes, matte red lips" and what was made of each word.

A text is read in steps, one module each: `tokens` finds known expressions, `groups` gathers them around products and
presets, `attaching` gives lone colours to their neighbours, `drafts` settles what every word means there, `ordering` and
`recipes` turn that into layers, and `composing` lays them over each other. No step guesses in silence: what a phrase came
to mean is told, and a word that changed nothing is listed; `overruling` knows the words that contradict each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from kohl.core.errors import UnknownNameError, UsageError
from kohl.looks import lexicon
from kohl.looks.lexicon.senses import Colour, Sheen, Style
from kohl.looks.look import Look
from kohl.looks.products import COLOUR_PRODUCTS, finishes_of
from kohl.looks.words.attaching import attach
from kohl.looks.words.composing import Composition, compose
from kohl.looks.words.drafts import Draft, Miss, settle, share_colours
from kohl.looks.words.groups import Group, is_small, senses_of, split_into_groups
from kohl.looks.words.ordering import overruled_in
from kohl.looks.words.results import Overruled, Understood, Unknown, WordsResult
from kohl.looks.words.tokens import Item, items

__all__ = ["Overruled", "Understood", "Unknown", "WordsResult", "parse_words"]

_MAX_LENGTH = 2000
_MUCH_ALIKE = 0.8
_PLACE_WORDS = {
    "lipstick": "lips",
    "eyeshadow": "eyes",
    "blush": "cheeks",
    "eyeliner": "eyeliner",
    "lip_liner": "lip liner",
    "foundation": "skin",
}


def parse_words(text: str) -> WordsResult:
    """The look that `text` describes in plain English words, and how each of them was taken.

    Phrases stand between commas, "and", "with"; each names a product or a place on the face and says how it shall be:
    "black winged liner, no blush". docs/words.md has the whole grammar. Raises UsageError when the text is empty or
    longer than 2,000 characters, UnknownNameError with the nearest known words when nothing at all was understood.
    """
    if not text.strip() or len(text) > _MAX_LENGTH:
        raise UsageError(f"expected words such as {', '.join(lexicon.EXAMPLES[:3])}, 1 to {_MAX_LENGTH} characters, got {len(text.strip())}")
    groups = attach(split_into_groups(items(text)))
    drafts = [settle(group) for group in groups if not group.is_headless]
    share_colours(drafts)
    composition = compose(drafts)
    misses = [*composition.misses, *_unfit(drafts), *_lost(groups)]
    misses.sort(key=lambda miss: miss.item.start)
    if not composition.meanings:
        raise _nothing_understood(text, misses)
    unknown = tuple(map(_unknown, misses))
    name = " ".join(text.split())[:120]
    return WordsResult(Look(name=name, layers=composition.layers), _understood(text, drafts, composition), unknown)


def _understood(text: str, drafts: Sequence[Draft], composition: Composition) -> tuple[Understood, ...]:
    pieces = []
    for number, meaning in composition.meanings.items():
        words = drafts[number].understood
        start, end = min(item.start for item in words), max(item.end for item in words)
        overruled = () if drafts[number].group.is_negated else overruled_in(drafts[number])
        pieces.append((start, Understood(text[start:end], "; ".join([meaning, *map(str, overruled)]), overruled)))
    return tuple(piece for _, piece in sorted(pieces, key=lambda pair: pair[0]))


def _unfit(drafts: Sequence[Draft]) -> list[Miss]:
    """The words that mean nothing beside their product."""
    return [Miss(item, _ways_to_say(item.text, item)) for draft in drafts for item in draft.unknown]


def _lost(groups: Sequence[Group]) -> list[Miss]:
    """The words that found no product: what is known of them as one phrase each, the others one by one."""
    headless = [[item for item in group.attributes if not is_small(item)] for group in groups if group.is_headless]
    return [miss for told in headless for miss in (_misspelt(told) or _homeless(told))]


def _misspelt(told: Sequence[Item]) -> list[Miss]:
    """The whole phrase as one miss, where it is nearly a known expression: "soft glan"."""
    phrase = " ".join(item.text for item in told)
    near = () if all(item.senses for item in told) or len(told) == 1 else lexicon.nearest(phrase, _MUCH_ALIKE)
    return [Miss(Item(phrase, told[0].start, told[-1].end), near)] if near else []


def _homeless(told: Sequence[Item]) -> list[Miss]:
    known = [item for item in told if item.senses]
    misses = [Miss(item) for item in told if not item.senses]
    if known:
        phrase = " ".join(item.text for item in known)
        telling = next((item for item in known if item.has(Colour)), known[0])
        misses.append(Miss(Item(phrase, known[0].start, known[-1].end, telling.senses), _ways_to_say(phrase, telling)))
    return misses


def _ways_to_say(phrase: str, item: Item) -> tuple[str, ...]:
    """`phrase` with products that it would suit: ("plum lips", "plum eyes", …)."""
    products: list[str] = [product for style in senses_of(item, Style) for product in style.settings]
    sheens = senses_of(item, Sheen)
    if not products and item.senses:
        products = [product for product in (*COLOUR_PRODUCTS, "foundation") if all(sheen.finish in finishes_of(product) for sheen in sheens)][:3]
    return tuple(f"{phrase} {_PLACE_WORDS.get(product, product)}" for product in products)


def _unknown(miss: Miss) -> Unknown:
    nearest = miss.nearest or (() if miss.item.senses else lexicon.nearest(miss.item.text))
    return Unknown(miss.item.text, nearest, miss.reason)


def _nothing_understood(text: str, misses: Sequence[Miss]) -> UnknownNameError:
    if not misses:
        return UnknownNameError("word", text.strip(), lexicon.EXAMPLES)
    # In "red lipz" red is known and lacks its product for lipz alone: the word that nobody knows is the one to name.
    told = _unknown(next((miss for miss in misses if not miss.item.senses), misses[0]))
    return UnknownNameError("word", told.word, told.nearest or lexicon.EXAMPLES)
