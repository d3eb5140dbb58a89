"""16 bits per channel in colour, which Pillow can't write: PNG and TIFF from the samples themselves."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image as PillowImage
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from kohl.core.arrays import AnyArray
from kohl.core.opened import Raw

_ROWS = 128
"""Rows handled at a time."""

_PNG_COLOR = {1: 0, 2: 4, 3: 2, 4: 6}
"""Channels → PNG colour type (PNG 3rd edition, table 9)."""


def deep_png(raw: Raw, *, level: int) -> bytes:
    """A 16-bit PNG of (H, W, C) uint16 samples with the profile, EXIF block and XMP packet of `raw`; `level` is zlib's."""
    height, width, channels = raw.samples.shape
    header = struct.pack(">IIBBBBB", width, height, 16, _PNG_COLOR[channels], 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header)]
    if raw.icc:
        parts.append(_chunk(b"iCCP", b"ICC Profile\0\0" + zlib.compress(raw.icc, level)))
    if raw.exif:
        parts.append(_chunk(b"eXIf", raw.exif.removeprefix(b"Exif\0\0")))
    if raw.xmp:
        parts.append(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + raw.xmp))
    packer = zlib.compressobj(level)
    parts += [_chunk(b"IDAT", data) for rows in _png_rows(raw.samples) if (data := packer.compress(rows))]
    parts += [_chunk(b"IDAT", packer.flush()), _chunk(b"IEND", b"")]
    return b"".join(parts)


def deep_tiff(raw: Raw, *, level: int) -> bytes:
    """A 16-bit TIFF (deflate, horizontal predictor) of (H, W, C) uint16 samples with what `raw` carries; `level` is zlib's."""
    height, width, channels = raw.samples.shape
    strips = [zlib.compress(_differenced(raw.samples[start : start + _ROWS]), level) for start in range(0, height, _ROWS)]
    directory = ImageFileDirectory_v2(prefix=b"II")
    if raw.exif:
        _add_exif(directory, raw.exif)
    directory[256], directory[257], directory[258] = width, height, (16,) * channels
    directory[259], directory[317] = 8, 2  # Adobe deflate; horizontal predictor
    directory[262], directory[277], directory[284] = (1 if channels < 3 else 2), channels, 1
    directory[278] = _ROWS
    if channels in (2, 4):
        directory[338] = 2  # straight alpha
    if raw.xmp:
        directory[700] = raw.xmp
    if raw.icc:
        directory[34675] = raw.icc
    lengths = [len(strip) for strip in strips]
    # Offsets count from the end of the directory; saving adds where that is.
    directory[273] = tuple(sum(lengths[:i]) for i in range(len(lengths)))
    directory[279] = tuple(lengths)
    directory.tagtype[273] = directory.tagtype[279] = 4
    buffer = io.BytesIO()
    directory.save(buffer)
    buffer.write(b"".join(strips))
    return buffer.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png_rows(samples: AnyArray) -> Iterator[bytes]:
    """Filtered rows, big-endian, each led by its filter: Sub or Up, whichever leaves the smaller sum (PNG 3rd edition, section 12.7)."""
    height, width, channels = samples.shape
    above = np.zeros((1, width * channels * 2), np.uint8)
    for start in range(0, height, _ROWS):
        rows = np.ascontiguousarray(samples[start : start + _ROWS], ">u2").view(np.uint8).reshape(-1, width * channels * 2)
        up = rows - np.concatenate([above, rows[:-1]])
        sub = rows.copy()
        sub[:, 2 * channels :] -= rows[:, : -2 * channels]
        better = np.abs(up.view(np.int8).astype(np.int16)).sum(axis=1) < np.abs(sub.view(np.int8).astype(np.int16)).sum(axis=1)
        filtered = np.where(better[:, None], up, sub)
        yield np.concatenate([np.where(better, 2, 1).astype(np.uint8)[:, None], filtered], axis=1).tobytes()
        above = rows[-1:]


def _differenced(rows: AnyArray) -> bytes:
    """Each sample minus its left neighbour, little-endian (TIFF 6.0, section 14)."""
    out = rows.astype("<u2")
    out[:, 1:] -= rows[:, :-1]
    return out.tobytes()


def _add_exif(directory: ImageFileDirectory_v2, block: bytes) -> None:
    exif = PillowImage.Exif()
    exif.load(block)
    for tag in exif:
        inner = exif.get_ifd(tag) if tag in (0x8769, 0x8825) else None
        directory[tag] = inner if inner else exif[tag]
