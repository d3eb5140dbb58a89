"""Ways of doing makeup that have a name, and what each one sets."""

from __future__ import annotations

from collections.abc import Mapping

from kohl.looks.lexicon.senses import Base, Settings, Style


def _eyeshadow(**settings: str | float) -> Style:
    return Style({"eyeshadow": settings}, ("eyeshadow",))


def _eyeliner(**settings: str | float) -> Style:
    return Style({"eyeliner": settings}, ("eyeliner",))


def _lashes(**settings: str | float) -> Style:
    return Style({"lashes": settings}, ("lashes",))


def _of(**settings: Settings) -> Style:
    """A style that brings no product of its own: it needs one beside it."""
    return Style(settings)


_NINETIES = Style(
    {"lipstick": {"pigment": "#a5685a", "finish": "matte"}, "lip_liner": {"pigment": "#5e3227", "coverage": 0.85, "thickness": 0.5}},
    ("lip_liner", "lipstick"),
)
_STYLES: tuple[tuple[str, Style], ...] = (
    # Eyes.
    (
        "smoky, smokey, smoked out, smudged, smudgy, sultry",
        Style({"eyeshadow": {"pattern": "smoky"}, "eyeliner": {"coverage": 0.75, "lower": 0.5}}, ("eyeshadow",)),
    ),
    ("cut crease, cut creases", _eyeshadow(pattern="cut_crease")),
    ("winged, wing, wings, flick, flicked", Style({"eyeliner": {"wing": 0.55}, "lashes": {"pattern": "winged"}}, ("eyeliner",))),
    ("long wing, long winged, sharp wing, dramatic wing, dramatic winged", _eyeliner(wing=0.85, thickness=0.5)),
    ("baby wing, small wing, little wing, tiny wing, short wing, mini wing, soft wing", _eyeliner(wing=0.25, thickness=0.25)),
    (
        "cat eye, cat eyes, cat, feline",
        Style({"eyeliner": {"wing": 0.75, "wing_angle": 32.0, "thickness": 0.5}, "lashes": {"pattern": "winged"}}, ("eyeliner",)),
    ),
    (
        "fox eye, fox eyes, foxy",
        Style({"eyeliner": {"wing": 0.8, "wing_angle": 16.0}, "lashes": {"pattern": "winged", "length": 0.5}}, ("eyeliner", "lashes")),
    ),
    ("puppy eye, puppy eyes, puppy liner", _eyeliner(wing=0.3, wing_angle=4.0, thickness=0.3)),
    ("graphic, geometric", _eyeliner(wing=0.9, thickness=0.7, wing_angle=24.0)),
    ("tightline, tightlined, tightlining", _eyeliner(thickness=0.1)),
    (
        "doe eye, doe eyes, doll eye, doll eyes",
        Style({"lashes": {"pattern": "doll", "length": 0.55, "lower": 0.45}, "eyeliner": {"wing": 0.1, "wing_angle": 6.0}}, ("lashes", "eyeliner")),
    ),
    ("doe, doll, doll like, rounded", _of(lashes={"pattern": "doll", "length": 0.55, "lower": 0.45})),
    ("wispy, fluttery, feathery", _of(lashes={"pattern": "wispy", "length": 0.5, "density": 0.55})),
    ("voluminous, full, volume", _of(lashes={"density": 0.75}, brows={"pattern": "defined", "coverage": 0.5})),
    ("spider, spidery, clumpy, twiggy", _of(lashes={"density": 0.6, "length": 0.6, "lower": 0.6})),
    ("curled, lifted", _of(lashes={"length": 0.45})),
    # Sizes mean something else for a line than for hairs.
    ("thin, fine, skinny, precise, crisp", _of(eyeliner={"thickness": 0.2}, lip_liner={"thickness": 0.25})),
    ("thick, wide, chunky", _of(eyeliner={"thickness": 0.62}, lashes={"density": 0.75}, brows={"coverage": 0.5, "pattern": "defined"})),
    ("long, lengthened", _of(lashes={"length": 0.62}, eyeliner={"wing": 0.8})),
    ("short", _of(lashes={"length": 0.25}, eyeliner={"wing": 0.2})),
    (
        "bold, dramatic, strong, statement",
        _of(
            eyeliner={"thickness": 0.6},
            lashes={"length": 0.65, "density": 0.75},
            brows={"pattern": "defined", "coverage": 0.55},
        ),
    ),
    (
        "natural, natural looking",
        _of(lashes={"pattern": "natural", "length": 0.35, "density": 0.4}, brows={"pattern": "natural", "coverage": 0.25}),
    ),
    # Brows.
    ("defined, sharp, filled in, filled, sculpted", _of(brows={"pattern": "defined", "coverage": 0.5}, contour={"pattern": "full"})),
    (
        "bushy, feathered, fluffy, laminated, brushed up, soap, tidy, groomed, tidied",
        _of(brows={"pattern": "natural", "coverage": 0.35}),
    ),
    # Lips.
    ("ombre, ombré, two tone, two toned", Style({"lipstick": {"ombre": "rim"}}, ("lipstick",))),
    ("gradient, bitten, blurred, popsicle", Style({"lipstick": {"ombre": "middle", "coverage": 0.45}}, ("lipstick",))),
    ("90s, nineties, supermodel", _NINETIES),
    ("overlined, lined", Style({"lip_liner": {"thickness": 0.55}, "lipstick": {}}, ("lip_liner", "lipstick"))),
    # Cheeks and skin.
    ("draped, draping, lifted blush", Style({"blush": {"pattern": "draped"}}, ("blush",))),
    ("sun kissed, sunkissed, sunburnt, sunburn, igari, across the nose", Style({"blush": {"pattern": "sunkissed"}}, ("blush",))),
    ("flushed", Style({"blush": {"coverage": 0.42}}, ("blush",))),
    ("chiseled, chiselled, snatched", Style({"contour": {"pattern": "full", "coverage": 0.32}}, ("contour",))),
    ("nose", _of(contour={"pattern": "nose"}, highlighter={"pattern": "nose"}, bronzer={"pattern": "nose"}, blush={"pattern": "sunkissed"})),
    ("jaw, jawline", _of(contour={"pattern": "jaw"})),
    ("cheekbone, cheekbones", _of(contour={"pattern": "cheekbones"}, highlighter={"pattern": "cheekbones"})),
    ("full face, all over", _of(contour={"pattern": "full"}, highlighter={"pattern": "full"})),
    ("apples, apple", _of(blush={"pattern": "apples"})),
    (
        "glass skin, glazed skin, glazed donut",
        Style({"foundation": {"finish": "dewy", "coverage": 0.3}, "highlighter": {"finish": "dewy", "coverage": 0.4}}, ("foundation", "highlighter")),
    ),
    ("airbrushed, flawless, perfected", _of(foundation={"coverage": 0.65})),
    ("fresh, clean, even", _of(foundation={"coverage": 0.25})),
    ("brightened, bright", _of(concealer={"coverage": 0.5})),
    (
        "monochrome, monochromatic, tonal, everything",
        Style({"eyeshadow": {}, "blush": {}, "lipstick": {}}, ("eyeshadow", "blush", "lipstick"), is_monochrome=True),
    ),
)
_BASES: tuple[tuple[str, str], ...] = (
    ("no makeup, no makeup makeup, natural makeup, natural look, barely there makeup, your skin but better", "no-makeup"),
    ("everyday makeup, everyday look, office makeup, office look, work makeup", "office-day"),
    ("goth, goth makeup", "gothic"),
    ("bridal makeup, wedding makeup, wedding", "bridal"),
    ("bronzed makeup, bronzed look, bronze goddess", "bronzed-goddess"),
    ("festival makeup, festival", "festival-glitter"),
    ("hollywood, hollywood glamour, old hollywood glamour, vintage hollywood", "old-hollywood"),
)


def styles() -> Mapping[str, Style]:
    """Every expression for a style."""
    return {expression: style for expressions, style in _STYLES for expression in expressions.split(", ")}


def bases() -> Mapping[str, Base]:
    """Everyday expressions for a preset, besides the presets' own names."""
    return {expression: Base(preset) for expressions, preset in _BASES for expression in expressions.split(", ")}
