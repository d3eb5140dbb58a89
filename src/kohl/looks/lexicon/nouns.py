"""Products and places of the face, by every name that people give them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from kohl.core.region import Region
from kohl.looks.lexicon.senses import Noun

_LIPS = Noun("lipstick", region=Region.LIPS)
_EYES = Noun("eyeshadow", region=Region.EYES)
_CHEEKS = Noun("blush", region=Region.CHEEKS)
_BROWS = Noun("brows", region=Region.BROWS)
_SKIN = Noun("foundation", region=Region.SKIN)
_LOWER_LINE = Noun("eyeliner", settings={"thickness": 0.0, "wing": 0.0, "lower": 0.6}, is_extra=True)
_NOUNS: tuple[tuple[str, Noun], ...] = (
    ("lips, lip, mouth, pout", _LIPS),
    ("lipstick, lipsticks, lippie, lip colour, lip color, lip cream", Noun("lipstick")),
    ("lip liner, lipliner, lip pencil, lip contour", Noun("lip_liner")),
    ("eyes, eye, eye makeup", _EYES),
    ("eyeshadow, eye shadow, shadow, eyeshadows, shadows", Noun("eyeshadow")),
    ("lid, lids", Noun("eyeshadow", zone="lid")),
    ("crease, creases, socket", Noun("eyeshadow", zone="crease")),
    ("outer corner, outer corners, outer v, outer lid", Noun("eyeshadow", zone="outer_v")),
    ("inner corner, inner corners, tear duct, tear ducts", Noun("eyeshadow", zone="inner_corner")),
    ("lower lash line, lower lashline, under eye shadow, lower lid, lower lids", Noun("eyeshadow", zone="lower_lash")),
    ("eyeliner, eye liner, eye pencil, kohl, kajal, eye line, liquid liner, gel liner", Noun("eyeliner")),
    ("liner, pencil", Noun("eyeliner", after_lips="lip_liner")),
    ("waterline, lower liner, lower eyeliner, bottom liner, under eye liner", _LOWER_LINE),
    ("lashes, lash, mascara", Noun("lashes")),
    (
        "false lashes, fake lashes, falsies, strip lashes, lash extensions, extensions",
        Noun("lashes", settings={"length": 0.62, "density": 0.75}),
    ),
    ("lower lashes, bottom lashes", Noun("lashes", settings={"lower": 0.6})),
    ("brows, brow", _BROWS),
    ("brow pencil, brow gel, brow powder, brow pomade", Noun("brows")),
    ("cheeks, cheek", _CHEEKS),
    ("blush, blusher, rouge, flush", Noun("blush")),
    ("skin, complexion, base", _SKIN),
    ("foundation, tinted moisturiser, tinted moisturizer, bb cream", Noun("foundation")),
    ("concealer, under eyes, under eye, undereye, undereyes", Noun("concealer")),
    ("bronzer, bronzed, bronzed skin, bronzed cheeks, bronzing powder", Noun("bronzer")),
    ("contour, contouring, contoured cheeks, contoured cheekbones, contoured face", Noun("contour")),
    (
        "highlighter, highlight, highlights, highlighted cheekbones, strobing, strobe, illuminator, glow, cheek highlight",
        Noun("highlighter"),
    ),
)
_SPELLINGS = {
    "brow": ("eyebrow", "eye brow"),
    "brows": ("eyebrows", "eye brows"),
    "lash": ("eyelash", "eye lash"),
    "lashes": ("eyelashes", "eye lashes"),
    "lid": ("eyelid", "eye lid"),
    "lids": ("eyelids", "eye lids"),
    "lipstick": ("lip stick",),
    "lipsticks": ("lip sticks",),
}
"""Other ways to write a word of an expression: "eye brows" are brows, and no eyes with brows."""


def nouns() -> Mapping[str, Noun]:
    """Every expression for a product or a place, in every spelling."""
    return {spelling: noun for expressions, noun in _NOUNS for expression in expressions.split(", ") for spelling in _spellings(expression)}


def _spellings(expression: str) -> list[str]:
    words = [(word, *_SPELLINGS.get(word, ())) for word in expression.split(" ")]
    return [" ".join(spelled) for spelled in product(*words)]
