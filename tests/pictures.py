"""What the tests of the door draw: samples, encoded files and ICC profiles. No photograph is involved."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image as PillowImage

from kohl.core.arrays import AnyArray

# CIE XYZ relative to D50, one column per primary (the ICC profiles that Apple and Adobe publish).
DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))

SRGB_PARAMETERS = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


PNG = b"\x89PNG\r\n\x1a\n"
"""The bytes that open every PNG."""


def samples(shape: tuple[int, ...], dtype: str = "uint8", *, seed: int = 7) -> AnyArray:
    """Random samples over the whole range of `dtype`."""
    generator = np.random.default_rng(seed)
    if dtype.startswith("float"):
        return generator.random(shape).astype(dtype)
    return generator.integers(0, np.iinfo(dtype).max + 1, shape, dtype=dtype)


def smooth(height: int = 24, width: int = 32) -> AnyArray:
    """(H, W, 3) uint8 with soft gradients, which lossy formats keep well."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([60 + 4 * x, 80 + 5 * y, 150 - 2 * x + y], axis=2).clip(0, 255).astype(np.uint8)


def encoded(image: PillowImage.Image, format_name: str, **options: object) -> bytes:
    """`image` as a file's bytes."""
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def png_chunk(name: bytes, data: bytes) -> bytes:
    """A PNG chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def parametric(*parameters: float, kind: int | None = None) -> bytes:
    """An ICC parametricCurveType; its kind follows from how many parameters there are."""
    number = {1: 0, 3: 1, 4: 2, 5: 3, 7: 4}[len(parameters)] if kind is None else kind
    return b"para\0\0\0\0" + struct.pack(">HH", number, 0) + b"".join(struct.pack(">i", round(p * 65536)) for p in parameters)


def sampled(values: tuple[int, ...]) -> bytes:
    """An ICC curveType: no entry is the identity, one is a gamma in 1/256, more are samples."""
    return b"curv\0\0\0\0" + struct.pack(f">I{len(values)}H", len(values), *values)


def profile(tags: dict[bytes, bytes], *, space: bytes = b"RGB ") -> bytes:
    """A minimal display profile, ICC version 4."""
    offset, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        padded = data + b"\0" * (-len(data) % 4)
        table += struct.pack(">4sII", name, offset + len(body), len(data))
        body += padded
    header = struct.pack(">I4sI4s4s4s", offset + len(body), b"\0\0\0\0", 0x04200000, b"mntr", space, b"XYZ ")
    header += b"\0" * 12 + b"acsp" + b"\0" * 28 + struct.pack(">3i", 63190, 65536, 54061) + b"\0" * 48
    return header + struct.pack(">I", len(tags)) + table + body


def matrix_profile(primaries: tuple[tuple[float, ...], ...], curve: bytes) -> bytes:
    """A matrix/TRC profile, as cameras and displays have."""
    tags = {b"desc": _text("drawn by the tests"), b"cprt": _text("none"), b"wtpt": _xyz((0.9642, 1.0, 0.8249))}
    tags |= {name: _xyz(xyz) for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)}
    return profile(tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def gray_profile(curve: bytes) -> bytes:
    """A profile for grey pictures."""
    tags = {b"desc": _text("drawn by the tests"), b"cprt": _text("none"), b"wtpt": _xyz((0.9642, 1.0, 0.8249)), b"kTRC": curve}
    return profile(tags, space=b"GRAY")


def display_p3() -> bytes:
    """Display P3: what phones write."""
    return matrix_profile(DISPLAY_P3, parametric(*SRGB_PARAMETERS))


def adobe_rgb() -> bytes:
    """Adobe RGB (1998): what cameras write, with its gamma of 2.2 (563/256)."""
    return matrix_profile(ADOBE_RGB, sampled((563,)))


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(v * 65536)) for v in values)


def _text(words: str) -> bytes:
    data = words.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(data), 28) + data
