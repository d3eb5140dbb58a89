"""Words that contradict each other: the later one wins, and that is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kohl.looks.lexicon.senses import Shade, Style
from kohl.looks.words.results import Overruled
from kohl.looks.words.tokens import Item

_MUCH_APART = 1.5
"""How many times as large one size must be as another for their words to contradict each other: "thick thin", not "long dramatic"."""
_WHOLE_STEPS = {"lightness": 0.3, "chroma": 0.4, "warmth": 0.022}
"""What a word that bends one property of a colour usually bends it by; a shade is about the property that it bends most in these."""


def overruled_by(winner: Item, losers: Iterable[Item], what: str) -> list[Overruled]:
    """One entry for each loser. A word that is said twice does not overrule itself."""
    return [Overruled(loser.text, winner.text, what) for loser in losers if loser.text != winner.text]


def overruled_styles(styles: Sequence[tuple[Item, Style]], products: Iterable[str]) -> list[Overruled]:
    """The styles of which a later one took away what they set for one of `products`."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for product in products:
        settings = [(item.text, style.settings.get(product, {})) for item, style in styles]
        taken = {name: (word, value) for word, values in settings for name, value in values.items()}
        for lost, values in settings:
            for name, value in values.items():
                won, instead = taken[name]
                if lost != won and _are_apart(value, instead):
                    found.setdefault((lost, won), {})[name.replace("_", " ")] = None
    return [Overruled(lost, won, ", ".join(names)) for (lost, won), names in found.items()]


def are_opposed(one: Shade, other: Shade) -> bool:
    """Whether two shades bend the same property of a colour in opposite directions: dark and light, warm and cool."""
    (about, by), (about_other, by_other) = _main_bend(one), _main_bend(other)
    return about == about_other and by * by_other < 0


def _are_apart(one: str | float, other: str | float) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one != other
    return max(one, other) > _MUCH_APART * min(one, other)


def _main_bend(shade: Shade) -> tuple[str, float]:
    bends = {"lightness": shade.lightness, "chroma": shade.chroma - 1, "warmth": shade.warmth}
    about = max(bends, key=lambda name: abs(bends[name]) / _WHOLE_STEPS[name])
    return about, bends[about]
