"""TIFF at 8 and 16 bits per channel. Pillow writes neither 16-bit colour nor, in compressed files, the EXIF and GPS directories."""

from __future__ import annotations

import io
import itertools
import zlib

from PIL import Image as PillowImage
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from kohl.core.arrays import AnyArray
from kohl.core.opened import Raw

_ROWS = 128
"""Rows per strip."""

_SUB_DIRECTORIES = (0x8769, 0x8825)
"""EXIF and GPS."""

_LONG = 4

_INCH = 2


def encode_tiff(raw: Raw, *, level: int) -> bytes:
    """A TIFF (deflate, horizontal predictor) of (H, W, C) uint8 or uint16 samples with what `raw` carries; `level` is zlib's, 0–9."""
    samples = raw.samples
    strips = [zlib.compress(_differenced(samples[start : start + _ROWS]), level) for start in range(0, len(samples), _ROWS)]
    directory = _directory(raw)
    lengths = [len(strip) for strip in strips]
    # Offsets count from the end of the directory; saving it adds where that is.
    directory[273] = tuple(itertools.accumulate(lengths[:-1], initial=0))
    directory[279] = tuple(lengths)
    directory.tagtype[273] = directory.tagtype[279] = _LONG
    buffer = io.BytesIO()
    directory.save(buffer)
    buffer.write(b"".join(strips))
    return buffer.getvalue()


def _directory(raw: Raw) -> ImageFileDirectory_v2:
    """Everything but the strips (TIFF 6.0, sections 4 to 8)."""
    height, width, channels = raw.samples.shape
    directory = ImageFileDirectory_v2(prefix=b"II")
    if raw.exif:
        _add_exif(directory, raw.exif)
    directory[256], directory[257], directory[258] = width, height, (8 * raw.samples.itemsize,) * channels
    directory[259], directory[317] = 8, 2  # Adobe deflate; horizontal predictor
    directory[262], directory[277], directory[284] = (1 if raw.colors == 1 else 2), channels, 1
    directory[278] = _ROWS
    if raw.resolution:
        directory[282], directory[283], directory[296] = *raw.resolution, _INCH
    if raw.has_alpha:
        directory[338] = 2  # straight alpha
    if raw.xmp:
        directory[700] = raw.xmp
    if raw.icc:
        directory[34675] = raw.icc
    return directory


def _differenced(rows: AnyArray) -> bytes:
    """Each sample minus its left neighbour, little-endian (TIFF 6.0, section 14)."""
    out = rows.astype(rows.dtype.newbyteorder("<"))
    out[:, 1:] -= rows[:, :-1]
    return out.tobytes()


def _add_exif(directory: ImageFileDirectory_v2, block: bytes) -> None:
    exif = PillowImage.Exif()
    exif.load(block)
    for tag in exif:
        directory[tag] = exif.get_ifd(tag) if tag in _SUB_DIRECTORIES else exif[tag]
