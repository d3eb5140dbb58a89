"""The products that a look is made of, one frozen model each.

Every layer has `intensity` (0 = not there, 1 = as described). `coverage` is the optical thickness of the film on a
0-1 scale: 0.2 is sheer, 0.5 medium, 1 hides the skin. `finish` changes highlight and lightness, never hue.
`pattern` is where the product goes. Colours are `Pigment`s: the opaque swatch, not a blend colour.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kohl.core.region import Region
from kohl.looks.pigment import Pigment

Unit = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


class Finish(StrEnum):
    """What the film does to highlights and lightness."""

    MATTE = "matte"
    SATIN = "satin"
    SHEER = "sheer"
    GLOSS = "gloss"
    METALLIC = "metallic"
    SHIMMER = "shimmer"
    GLITTER = "glitter"
    HOLOGRAPHIC = "holographic"
    VELVET = "velvet"
    DEWY = "dewy"


class Model(BaseModel):
    """A frozen model that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(Model):
    """Anything of a look that can be dimmed: a layer, or a pan of an eyeshadow."""

    intensity: Unit = 1.0


class Layer(Part):
    """What all products share."""

    region: ClassVar[Region]


class FilmLayer(Layer):
    """What all products share that lie on the skin as a film."""

    coverage: Unit = 0.5


SkinFinish = Literal[Finish.MATTE, Finish.SATIN, Finish.VELVET, Finish.DEWY]
CheekFinish = Literal[Finish.MATTE, Finish.SATIN, Finish.VELVET, Finish.SHIMMER, Finish.DEWY]
GlowFinish = Literal[Finish.SATIN, Finish.SHIMMER, Finish.GLITTER, Finish.METALLIC, Finish.HOLOGRAPHIC, Finish.DEWY]
EyeFinish = Literal[
    Finish.MATTE, Finish.SATIN, Finish.SHEER, Finish.VELVET, Finish.SHIMMER, Finish.GLITTER, Finish.METALLIC, Finish.HOLOGRAPHIC, Finish.GLOSS
]
LineFinish = Literal[Finish.MATTE, Finish.SATIN, Finish.METALLIC, Finish.GLITTER]
LipFinish = Literal[
    Finish.MATTE, Finish.SATIN, Finish.SHEER, Finish.GLOSS, Finish.METALLIC, Finish.SHIMMER, Finish.GLITTER, Finish.HOLOGRAPHIC, Finish.VELVET
]


class Foundation(FilmLayer):
    """Evens the skin's blotches and keeps its pores. Without a pigment it takes the person's own skin tone."""

    region: ClassVar[Region] = Region.SKIN
    product: Literal["foundation"] = "foundation"
    pigment: Pigment | None = None
    coverage: Unit = 0.4
    finish: SkinFinish = Finish.SATIN


class Concealer(FilmLayer):
    """Covers the shadow under the eyes. Without a pigment it takes the person's own skin tone, a little brighter."""

    region: ClassVar[Region] = Region.SKIN
    product: Literal["concealer"] = "concealer"
    pigment: Pigment | None = None
    coverage: Unit = 0.4
    finish: SkinFinish = Finish.SATIN


class Blush(FilmLayer):
    """Colour on the cheeks: on their apples, draped up to the temples, or sun-kissed across the nose."""

    region: ClassVar[Region] = Region.CHEEKS
    product: Literal["blush"] = "blush"
    pigment: Pigment
    coverage: Unit = 0.3
    finish: CheekFinish = Finish.SATIN
    pattern: Literal["apples", "draped", "sunkissed"] = "apples"


class Bronzer(FilmLayer):
    """Warmth where the sun reaches: temples, cheekbones, jaw; `nose` adds the bridge."""

    region: ClassVar[Region] = Region.SKIN
    product: Literal["bronzer"] = "bronzer"
    pigment: Pigment = Pigment("#8c624c")
    coverage: Unit = 0.25
    finish: CheekFinish = Finish.MATTE
    pattern: Literal["frame", "nose"] = "frame"


class Contour(FilmLayer):
    """Shadow: cooler and darker than the skin, under the cheekbones, along the jaw or beside the nose."""

    region: ClassVar[Region] = Region.SKIN
    product: Literal["contour"] = "contour"
    pigment: Pigment = Pigment("#6d4a3b")
    coverage: Unit = 0.25
    finish: Literal[Finish.MATTE, Finish.SATIN] = Finish.MATTE
    pattern: Literal["cheekbones", "jaw", "nose", "full"] = "cheekbones"


class Highlighter(FilmLayer):
    """Light on the cheekbones, the nose bridge, the cupid's bow and the brow bone."""

    region: ClassVar[Region] = Region.SKIN
    product: Literal["highlighter"] = "highlighter"
    pigment: Pigment = Pigment("#f4dcc4")
    coverage: Unit = 0.3
    finish: GlowFinish = Finish.SHIMMER
    pattern: Literal["cheekbones", "nose", "full"] = "full"


class Brows(FilmLayer):
    """Tints within the hair; `defined` also fills the gaps between the hairs."""

    region: ClassVar[Region] = Region.BROWS
    product: Literal["brows"] = "brows"
    pigment: Pigment = Pigment("#3b2a20")
    coverage: Unit = 0.4
    finish: Literal[Finish.MATTE, Finish.SATIN] = Finish.MATTE
    pattern: Literal["natural", "defined"] = "natural"


class Pan(Part):
    """One colour of an eyeshadow palette and the zone it goes to."""

    zone: Literal["lid", "crease", "outer_v", "inner_corner", "lower_lash"]
    pigment: Pigment
    coverage: Unit = 0.5
    finish: EyeFinish = Finish.MATTE


class Eyeshadow(Layer):
    """One to five pans. `smoky` spreads them wider and darker to the lashes, `cut_crease` ends the lid sharply."""

    region: ClassVar[Region] = Region.EYES
    product: Literal["eyeshadow"] = "eyeshadow"
    pans: Annotated[tuple[Pan, ...], Field(min_length=1, max_length=5)]
    pattern: Literal["classic", "smoky", "cut_crease"] = "classic"


class Eyeliner(FilmLayer):
    """A tapering line along the upper lashes. `thickness` 1 is a tenth of the eye's width; `wing` is its length in
    eye widths x 0.5; `wing_angle` in degrees above the line from inner to outer corner; `lower` lines the lower lid.
    """

    region: ClassVar[Region] = Region.EYES
    product: Literal["eyeliner"] = "eyeliner"
    pigment: Pigment = Pigment("#17110f")
    coverage: Unit = 0.95
    finish: LineFinish = Finish.MATTE
    thickness: Unit = 0.4
    wing: Unit = 0.0
    wing_angle: Annotated[float, Field(ge=0.0, le=60.0, allow_inf_nan=False)] = 28.0
    lower: Unit = 0.0


class Lashes(Layer):
    """Mascara or false lashes drawn from the lash line. `length` 1 is half an eye's width."""

    region: ClassVar[Region] = Region.EYES
    product: Literal["lashes"] = "lashes"
    pigment: Pigment = Pigment("#120d0c")
    length: Unit = 0.4
    density: Unit = 0.5
    lower: Unit = 0.2
    pattern: Literal["natural", "winged", "wispy", "doll"] = "natural"


class LipLiner(FilmLayer):
    """A soft line along the lips' own outline. `thickness` 1 is a fifth of the lips' height."""

    region: ClassVar[Region] = Region.LIPS
    product: Literal["lip_liner"] = "lip_liner"
    pigment: Pigment
    coverage: Unit = 0.6
    finish: Literal[Finish.MATTE, Finish.SATIN] = Finish.MATTE
    thickness: Unit = 0.4


class Ombre(Model):
    """A second colour in the middle of the lips. `ratio` is its share of the way out, `feather` how soft it ends."""

    inner: Pigment
    ratio: Unit = 0.5
    feather: Unit = 0.5


class Lipstick(FilmLayer):
    """Colour on the lips."""

    region: ClassVar[Region] = Region.LIPS
    product: Literal["lipstick"] = "lipstick"
    pigment: Pigment
    coverage: Unit = 0.7
    finish: LipFinish = Finish.SATIN
    ombre: Ombre | None = None


class Decal(FilmLayer):
    """An RGBA picture on the UV chart: face paint, jewels, freckles. `picture` is a base64 PNG, straight alpha."""

    region: ClassVar[Region] = Region.SKIN
    product: Literal["decal"] = "decal"
    picture: str = Field(max_length=8_000_000)
    coverage: Unit = 0.9
    finish: EyeFinish = Finish.MATTE

    @field_validator("picture")
    @classmethod
    def _is_png(cls, value: str) -> str:
        try:
            data = base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise ValueError(f"a decal's picture is a base64 PNG; this is not base64: {error}") from None
        if not data.startswith(b"\x89PNG\r\n\x1a\n"):
            raise ValueError("a decal's picture is a base64 PNG; these bytes are base64, but no PNG")
        return value


AnyLayer = Annotated[
    Foundation | Concealer | Blush | Bronzer | Contour | Highlighter | Brows | Eyeshadow | Eyeliner | Lashes | LipLiner | Lipstick | Decal,
    Field(discriminator="product"),
]

LAYER_TYPES: tuple[type[Layer], ...] = (
    Foundation,
    Concealer,
    Bronzer,
    Contour,
    Blush,
    Decal,
    Highlighter,
    Brows,
    Eyeshadow,
    Eyeliner,
    Lashes,
    LipLiner,
    Lipstick,
)
"""The products in the order a makeup artist puts them on; the renderer paints in this order."""

PRODUCTS: Mapping[str, type[Layer]] = {str(layer_type.model_fields["product"].default): layer_type for layer_type in LAYER_TYPES}
"""The model of each product by the name that files use, in the same order."""
