"""Finishes, shades of a colour, strengths, and the small words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from kohl.looks.layers import Finish
from kohl.looks.lexicon.senses import Degree, Filler, Negation, Preposition, Sense, Shade, Sheen, Strength

_FINISHES: tuple[tuple[str, Finish], ...] = (
    ("matte, mat, powdery, flat, shine free", Finish.MATTE),
    ("satin, satiny, cream, creamy, semi matte", Finish.SATIN),
    ("sheer, translucent, transparent, stained, tinted", Finish.SHEER),
    ("glossy, high shine, wet, vinyl, lacquered, patent, juicy, wet look", Finish.GLOSS),
    ("metallic, metal, foiled, foil, chrome, molten, liquid metal", Finish.METALLIC),
    ("shimmer, shimmery, shimmering, pearly, pearlescent, frosted, frosty, luminous, radiant", Finish.SHIMMER),
    ("glitter, glittery, glittering, sparkly, sparkling, sparkle, sequinned", Finish.GLITTER),
    ("holographic, holo, iridescent, duochrome, duo chrome, multichrome, colour shifting", Finish.HOLOGRAPHIC),
    ("velvet, velvety, soft matte, suede", Finish.VELVET),
    ("dewy, glowy, glowing, hydrated, moist", Finish.DEWY),
)
_LIP_PRODUCTS: tuple[tuple[str, Finish], ...] = (
    ("gloss, lip gloss, lipgloss, lip lacquer, lip oil", Finish.GLOSS),
    ("lip balm, lip tint, lip stain", Finish.SHEER),
)
_SHADES: tuple[tuple[str, Shade], ...] = (
    ("dark", Shade("dark", lightness=-0.28)),
    ("deep", Shade("deep", lightness=-0.22, chroma=1.05)),
    ("rich", Shade("rich", lightness=-0.1, chroma=1.15)),
    ("light", Shade("light", lightness=0.3, chroma=0.85)),
    ("pale", Shade("pale", lightness=0.45, chroma=0.6)),
    ("pastel", Shade("pastel", lightness=0.5, chroma=0.6)),
    ("bright", Shade("bright", lightness=0.1, chroma=1.3)),
    ("vivid, vibrant, saturated", Shade("vivid", chroma=1.4)),
    ("neon, electric, acid", Shade("neon", lightness=0.2, chroma=1.8)),
    ("soft", Shade("soft", lightness=0.08, chroma=0.75)),
    ("muted, dusty, dusky, faded, greyed, grayish, greyish, ashy, smoked", Shade("muted", chroma=0.6)),
    ("warm", Shade("warm", warmth=0.022)),
    ("cool, cold, icy", Shade("cool", warmth=-0.022)),
)
_STRENGTHS: tuple[tuple[str, Strength], ...] = (
    ("barely there, hardly there, whisper of, a whisper of, invisible", Strength(0.35)),
    ("hint of, a hint of, touch of, a touch of, bit of, a bit of, little, a little, faint, wash of, a wash of", Strength(0.45)),
    ("subtle, light, delicate, discreet, understated", Strength(0.55)),
    ("soft, gentle, quiet, natural, natural looking, diffused", Strength(0.65)),
    ("medium, moderate, normal, regular", Strength(1.0)),
    ("strong, pigmented, bold, lots of, plenty of", Strength(1.3)),
    ("heavy, intense, dramatic, statement", Strength(1.45)),
    ("clear, colourless, colorless", Strength(coverage=0.06, yields=True)),
    ("sheer, sheer coverage, light coverage, low coverage", Strength(coverage=0.25)),
    ("medium coverage", Strength(coverage=0.5)),
    ("full coverage, high coverage, opaque, solid", Strength(coverage=0.92)),
)
_SMALL: tuple[tuple[str, Sense], ...] = (
    ("very, really, super, extra, so, extremely", Degree(1.6)),
    ("slightly, somewhat, a tad, subtly, lightly", Degree(0.5)),
    ("no, without, minus, not, skip, bare, w/o, zero", Negation()),
    ("in, at, on, of, using", Preposition()),
    ("a, an, the, some, my, her, his, their, your, it, is, are, i, me, want, would, like, please, give, for, from, to, into", Filler()),
    ("makeup, make up, look, looks, colour, color, shade, tone, toned, coloured, colored, style, finish, effect, kind", Filler()),
)


def attributes() -> Mapping[str, tuple[Sense, ...]]:
    """Every expression for a finish, a shade, a strength, and the small words; those with several senses list them all."""
    senses: dict[str, tuple[Sense, ...]] = {}
    sheens = tuple((expressions, Sheen(finish)) for expressions, finish in _FINISHES)
    lip_products = tuple((expressions, Sheen(finish, implied="lipstick")) for expressions, finish in _LIP_PRODUCTS)
    rows: chain[tuple[str, Sense]] = chain(sheens, lip_products, _SHADES, _STRENGTHS, _SMALL)
    for expressions, sense in rows:
        for expression in expressions.split(", "):
            senses[expression] = (*senses.get(expression, ()), sense)
    return senses
