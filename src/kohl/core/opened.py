"""A picture that came in at the door, with what is needed to hand it back as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kohl.core.arrays import AnyArray, Image, Mask
from kohl.core.profiles import ColorProfile
from kohl.core.provenance import Provenance
from kohl.core.resolution import Resolution


class SourceKind(StrEnum):
    """What was handed to `open_image`, and so what `give_back` returns: encoded bytes for PATH and BYTES, else the same type."""

    PATH = "path"
    BYTES = "bytes"
    PIL = "pil"
    ARRAY = "array"


@dataclass(frozen=True, eq=False)
class Raw:
    """A picture's own samples, before anything is made of them."""

    samples: AnyArray
    """(H, W, C) uint8, uint16, float32 or float64; C = 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha; upright; alpha straight."""
    icc: bytes | None = None
    """The ICC profile that `samples` are in; None: sRGB."""
    exif: bytes | None = None
    """The EXIF block, orientation already set to upright; only for those who ask to keep it."""
    xmp: bytes | None = None
    """The XMP packet as it came."""
    resolution: Resolution | None = None
    """Pixels per inch as the file states them; None where it doesn't."""
    format: str | None = None
    """Pillow's name of the file format; None for what was not a file."""
    is_lossless: bool = False
    """Whether it came from a file that holds its samples exactly, and so should go back into such a one."""
    has_c2pa: bool = False
    """Whether the file carries a C2PA manifest."""
    losses: tuple[str, ...] = ()
    """What reading it already cost, one sentence each."""

    @property
    def colors(self) -> int:
        """Channels without alpha: 1 or 3."""
        return 1 if self.samples.shape[2] < 3 else 3

    @property
    def has_alpha(self) -> bool:
        """Whether the last channel is alpha."""
        return self.samples.shape[2] in (2, 4)


@dataclass(frozen=True, eq=False)
class OpenedImage:
    """A picture to work on. Never changed: painting makes a new array, and `give_back` or `save_image` brings the two together."""

    pixels: Image = field(repr=False)
    """(H, W, 3) float32, RGB, sRGB-encoded, [0, 1], upright; read-only."""
    alpha: Mask | None = field(repr=False)
    """(H, W) float32, straight, [0, 1]; None where the picture has none."""
    kind: SourceKind
    name: str
    """The file's name without its folder, or what stands for it in messages."""
    raw: Raw = field(repr=False)
    """The picture as it came; what is not painted is written from here, bit for bit."""
    profile: ColorProfile | None = field(default=None, repr=False)
    """How to convert between `raw` and sRGB; None where they are the same."""
    provenance: Provenance = field(default_factory=Provenance)
    """What the picture said about how it was made."""
    losses: tuple[str, ...] = ()
    """What was lost on the way in, one sentence each ("16-bit grey with alpha was read as 8 bits")."""
    array_shape: tuple[int, ...] | None = None
    """For arrays: the shape that came in."""

    @property
    def size(self) -> tuple[int, int]:
        """(h, w) in pixels."""
        height, width = self.pixels.shape[:2]
        return height, width

    @property
    def icc(self) -> bytes | None:
        """The ICC profile that the picture keeps; None: sRGB."""
        return self.raw.icc

    @property
    def format(self) -> str | None:
        """Pillow's name of the file format that came in ("JPEG"); None for PIL images and arrays that were not files."""
        return self.raw.format
