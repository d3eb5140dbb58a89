"""PNG with 16 bits per channel, whose colour Pillow can't write."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from kohl.core.arrays import AnyArray
from kohl.core.opened import Raw
from kohl.core.resolution import PER_METER

_ROWS = 128
"""Rows handled at a time."""

_METER = 1

_COLOR_TYPE = {1: 0, 2: 4, 3: 2, 4: 6}
"""Channels → PNG colour type (PNG 3rd edition, table 9)."""


def encode_png16(raw: Raw, *, level: int) -> bytes:
    """A PNG of (H, W, C) uint16 samples with the profile, resolution, EXIF block and XMP packet of `raw`; `level` is zlib's, 0–9."""
    height, width, channels = raw.samples.shape
    header = struct.pack(">IIBBBBB", width, height, 16, _COLOR_TYPE[channels], 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header)]
    if raw.icc:
        parts.append(_chunk(b"iCCP", b"ICC Profile\0\0" + zlib.compress(raw.icc, level)))
    if raw.resolution:
        parts.append(_chunk(b"pHYs", struct.pack(">IIB", *(round(value * PER_METER) for value in raw.resolution), _METER)))
    if raw.exif:
        parts.append(_chunk(b"eXIf", raw.exif.removeprefix(b"Exif\0\0")))
    if raw.xmp:
        parts.append(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + raw.xmp))
    packer = zlib.compressobj(level)
    parts += [_chunk(b"IDAT", data) for rows in _filtered(raw.samples) if (data := packer.compress(rows))]
    parts += [_chunk(b"IDAT", packer.flush()), _chunk(b"IEND", b"")]
    return b"".join(parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _filtered(samples: AnyArray) -> Iterator[bytes]:
    """Rows, big-endian, each led by its filter: Sub or Up, whichever leaves the smaller sum (PNG 3rd edition, section 12.7)."""
    height, width, channels = samples.shape
    above = np.zeros((1, width * channels * 2), np.uint8)
    for start in range(0, height, _ROWS):
        rows = np.ascontiguousarray(samples[start : start + _ROWS], ">u2").view(np.uint8).reshape(-1, width * channels * 2)
        up = rows - np.concatenate([above, rows[:-1]])
        sub = rows.copy()
        sub[:, 2 * channels :] -= rows[:, : -2 * channels]
        better = _cost(up) < _cost(sub)
        lead = np.where(better, 2, 1).astype(np.uint8)
        yield np.concatenate([lead[:, None], np.where(better[:, None], up, sub)], axis=1).tobytes()
        above = rows[-1:]


def _cost(rows: AnyArray) -> AnyArray:
    """The sum of each row's bytes as distances from zero."""
    cost: AnyArray = np.minimum(rows, np.negative(rows)).sum(axis=1, dtype=np.int64)
    return cost
