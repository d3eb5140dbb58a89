"""Raw samples → encoded bytes in a format's own way, with profile, metadata and XMP."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image as PillowImage
from PIL.PngImagePlugin import PngInfo

from kohl.core import formats
from kohl.core.arrays import AnyArray
from kohl.core.depth import as_bytes
from kohl.core.encoding_png16 import encode_png16
from kohl.core.encoding_tiff import encode_tiff
from kohl.core.errors import OutputError, UsageError
from kohl.core.extras import require
from kohl.core.opened import Raw
from kohl.core.resolution import Resolution

_LONGEST_JPEG_BLOCK = 65_000
"""A JPEG segment holds 65,533 bytes, headers included."""

_DEFLATE_LEVEL = 2
"""zlib level, measured on portraits: a quarter of the time of the default 6 for a twenty-fifth more bytes."""


_WEBP_LOSSLESS_EFFORT = 50
"""0–100: how long to search for a smaller file."""


@dataclass(frozen=True)
class Encoded:
    """A picture as a file's bytes."""

    data: bytes
    format: str
    losses: tuple[str, ...]
    """What the format could not hold, one sentence each."""


def encode(raw: Raw, format_name: str, *, quality: int = 95) -> Encoded:
    """Encode samples with their profile, EXIF block and XMP packet, all as they are in `raw`.

    Parameters
    ----------
    raw
        The picture; 16-bit samples stay so in PNG and TIFF.
    format_name
        One of the values of `formats.EXTENSIONS`.
    quality
        1–100 for JPEG (without chroma subsampling), AVIF, HEIC and WebP. PNG and TIFF lose nothing, nor does WebP at 100 or where
        the input was a lossless one.

    Raises
    ------
    UsageError
        `quality` is not from 1 to 100.
    OutputError
        The format can't hold a picture of this size, or its encoder fails.
    MissingExtraError
        HEIC, and pillow-heif is not installed.
    """
    if not isinstance(quality, int) or not 1 <= quality <= 100:
        raise UsageError(f"quality must be a whole number from 1 to 100, got {quality!r}")
    _check_side(raw, format_name)
    fitted, losses = _fit(raw, format_name)
    try:
        data = _write(fitted, format_name, quality)
    except (OSError, ValueError, RuntimeError) as error:
        raise OutputError(f"cannot write the picture as {format_name}: {error}; choose another format") from error
    return Encoded(data, format_name, losses)


def to_pillow(samples: AnyArray) -> PillowImage.Image:
    """(H, W, C) uint8, or (H, W, 1) uint16 or float32, samples as a PIL image of the mode L, LA, RGB, RGBA, I;16 or F."""
    return PillowImage.fromarray(np.ascontiguousarray(samples[:, :, 0] if samples.shape[2] == 1 else samples))


def _check_side(raw: Raw, format_name: str) -> None:
    longest, limit = max(raw.samples.shape[:2]), formats.LONGEST_SIDE.get(format_name)
    if limit is not None and longest > limit:
        raise OutputError(f"{format_name} holds at most {limit} pixels along a side, this picture has {longest}; write PNG or TIFF")


def _fit(raw: Raw, format_name: str) -> tuple[Raw, tuple[str, ...]]:
    """Bring samples and metadata into what the format holds, and say what that costs."""
    losses = []
    if raw.samples.dtype.kind == "f" or (raw.samples.dtype == np.uint16 and format_name not in formats.DEEP):
        losses.append(f"{raw.samples.dtype} samples were written as 8 bits per channel")
        raw = replace(raw, samples=as_bytes(raw.samples))
    if raw.has_alpha and format_name in formats.OPAQUE:
        losses.append(f"{format_name} has no transparency: the picture was laid on white")
        raw = replace(raw, samples=_on_white(raw.samples))
    if format_name == "JPEG" and len(raw.exif or b"") > _LONGEST_JPEG_BLOCK:
        losses.append("the EXIF block is too long for JPEG and was left behind")
        raw = replace(raw, exif=None)
    return raw, tuple(losses)


def _on_white(samples: AnyArray) -> AnyArray:
    alpha = samples[..., -1:].astype(np.uint32)
    mixed = samples[..., :-1] * alpha + 255 * (255 - alpha)
    return ((mixed + 127) // 255).astype(np.uint8)


def _write(raw: Raw, format_name: str, quality: int) -> bytes:
    if format_name == "TIFF":
        return encode_tiff(raw, level=_DEFLATE_LEVEL)
    if raw.samples.dtype == np.uint16:
        return encode_png16(raw, level=_DEFLATE_LEVEL)
    image = to_pillow(raw.samples)
    buffer = io.BytesIO()
    _WRITERS[format_name](image, buffer, raw, quality)
    return buffer.getvalue()


def _write_jpeg(image: PillowImage.Image, buffer: io.BytesIO, raw: Raw, quality: int) -> None:
    image.save(buffer, "JPEG", quality=quality, subsampling=0, icc_profile=raw.icc, exif=raw.exif or b"", xmp=raw.xmp or b"", **_dpi(raw))


def _write_png(image: PillowImage.Image, buffer: io.BytesIO, raw: Raw, quality: int) -> None:
    info = PngInfo()
    if raw.xmp:
        info.add_itxt("XML:com.adobe.xmp", raw.xmp.decode("utf-8", "replace"))
    image.save(buffer, "PNG", compress_level=_DEFLATE_LEVEL, icc_profile=raw.icc, exif=raw.exif or b"", pnginfo=info, **_dpi(raw))


def _dpi(raw: Raw) -> dict[str, Resolution]:
    return {"dpi": raw.resolution} if raw.resolution else {}


def _write_webp(image: PillowImage.Image, buffer: io.BytesIO, raw: Raw, quality: int) -> None:
    # Grey is not in WebP's vocabulary; Pillow would turn LA into RGB and drop the alpha.
    image = image.convert("RGBA" if raw.has_alpha else "RGB")
    lossless = raw.is_lossless or quality == 100
    effort = _WEBP_LOSSLESS_EFFORT if lossless else quality  # one argument, two meanings
    # `exact` keeps the colours under transparent pixels.
    options = {"exact": True, "icc_profile": raw.icc or b"", "exif": raw.exif or b"", "xmp": raw.xmp or b""}
    image.save(buffer, "WEBP", lossless=lossless, quality=effort, method=2, **options)


def _write_avif(image: PillowImage.Image, buffer: io.BytesIO, raw: Raw, quality: int) -> None:
    options = {"exif": raw.exif or b"", "xmp": raw.xmp or b"", "icc_profile": raw.icc or b""}
    image.convert("RGBA" if raw.has_alpha else "RGB").save(buffer, "AVIF", quality=quality, subsampling="4:4:4", speed=8, **options)


def _write_heif(image: PillowImage.Image, buffer: io.BytesIO, raw: Raw, quality: int) -> None:
    pillow_heif = require("pillow_heif", extra="heif", purpose="writing HEIC pictures")
    image.info.update({"icc_profile": raw.icc} if raw.icc else {})
    file = pillow_heif.from_pillow(image.convert("RGBA" if raw.has_alpha else "RGB"))
    file.save(buffer, quality=quality, chroma=444, exif=raw.exif, xmp=raw.xmp)


_WRITERS: dict[str, Callable[[PillowImage.Image, io.BytesIO, Raw, int], None]] = {
    "JPEG": _write_jpeg,
    "PNG": _write_png,
    "WEBP": _write_webp,
    "AVIF": _write_avif,
    "HEIF": _write_heif,
}
