"""Bytes and PIL images → raw samples, upright. Whatever is wrong with a file becomes one of our own errors."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from kohl.core import formats
from kohl.core.arrays import AnyArray
from kohl.core.decoding_deep import is_deep, join_halves, swap_halves
from kohl.core.errors import ImageTooLargeError, KohlError, UnreadableImageError
from kohl.core.extras import require
from kohl.core.metadata import read_metadata
from kohl.core.opened import Raw
from kohl.core.profiles import image_to_srgb
from kohl.core.provenance import holds_c2pa
from kohl.core.resolution import read_resolution
from kohl.core.silence import without_native_output, without_warnings

MAX_PIXELS = 120_000_000
"""Pictures with more pixels are refused before they are decoded."""

_CONVERSIONS = {
    "1": ("L", None),
    "La": ("LA", None),
    "RGBa": ("RGBA", None),
    "RGBX": ("RGB", None),
    "PA": ("RGBA", "the palette picture became RGBA"),
    "YCbCr": ("RGB", None),
    "HSV": ("RGB", "HSV was converted to RGB"),
}
"""Pillow's modes that have to become one of ours: the new mode, and what that loses."""


@dataclass(frozen=True)
class _Flat:
    """Samples in one of our four layouts, and what making them so has cost."""

    samples: AnyArray
    icc: bytes | None
    losses: tuple[str, ...] = ()


def decode_bytes(data: bytes, *, name: str, max_pixels: int = MAX_PIXELS) -> Raw:
    """Decode an encoded picture.

    Parameters
    ----------
    data
        The whole file.
    name
        What to call it in messages.
    max_pixels
        More than this many pixels are refused from the header alone.

    Raises
    ------
    UnreadableImageError
        Empty, truncated, an animation, or not a picture in a format that kohl opens.
    ImageTooLargeError
        More than `max_pixels` pixels.
    MissingExtraError
        A HEIC file, and pillow-heif is not installed.
    """
    with _open_header(data, name=name, max_pixels=max_pixels) as image:
        deep = is_deep(image)
        with _decoding(name):
            _load(image)
            samples = _read_deep(image, data) if deep else None
            raw = _raw(image, samples, extra_losses=(*_depth_loss(deep, samples), *_frames_loss(image)))
    raw = replace(raw, is_lossless=formats.is_lossless(data))
    if holds_c2pa(data):
        lost = "the content credentials (C2PA) do not cover a painted picture and are left behind"
        return replace(raw, has_c2pa=True, losses=(*raw.losses, lost))
    return raw


def decode_pil(image: PillowImage.Image, *, max_pixels: int = MAX_PIXELS) -> Raw:
    """Take the current frame of a PIL image; an EXIF orientation that it still carries is applied. Raises as `decode_bytes`."""
    name = "the PIL image"
    _check_pixels(image.size, name, max_pixels)
    with _decoding(name):
        _load(image)
        return _raw(image, None, extra_losses=())


def _open_header(data: bytes, *, name: str, max_pixels: int = MAX_PIXELS) -> PillowImage.Image:
    """Open an encoded picture without decoding its pixels; raises as `decode_bytes`."""
    if not data:
        raise UnreadableImageError(f"{name} is empty (0 bytes); was it copied completely?")
    try:
        image = _open(data)
    except PillowImage.DecompressionBombError as error:
        raise ImageTooLargeError(f"{name} has more pixels than can be opened safely ({error}); scale it down first") from error
    except UnidentifiedImageError as error:
        raise UnreadableImageError(_unidentified(data, name)) from error
    except KohlError:
        raise
    except Exception as error:
        # Decoders answer hostile bytes with anything from SyntaxError to struct.error.
        raise UnreadableImageError(f"{name} is damaged: {_reason(error)}; export it again") from error
    _check_pixels(image.size, name, max_pixels)
    _check_animation(image, name)
    return image


def _load(image: PillowImage.Image) -> None:
    """Decode the pixels. TIFF reads its metadata, and warns about it, only here; libtiff prints what is wrong with a file."""
    if image.format == "TIFF":
        with without_warnings("PIL"), without_native_output():
            image.load()
    else:
        image.load()


def _open(data: bytes) -> PillowImage.Image:
    if formats.is_heif(data):
        pillow_heif = require("pillow_heif", extra="heif", purpose="opening HEIC pictures")
        image: PillowImage.Image = pillow_heif.HeifImageFile(io.BytesIO(data))
        return image
    with without_warnings("PIL"):
        return PillowImage.open(io.BytesIO(data), formats=formats.PILLOW_READS)


def _read_deep(high: PillowImage.Image, data: bytes) -> AnyArray | None:
    low = _open(data)
    if not swap_halves(low):
        return None
    _load(low)
    return join_halves(high, low)


def _raw(image: PillowImage.Image, samples: AnyArray | None, *, extra_losses: tuple[str, ...]) -> Raw:
    """Samples, profile and metadata of a loaded picture; `samples` where they have been read already."""
    icc = image.info.get("icc_profile")
    icc = bytes(icc) if isinstance(icc, bytes | bytearray) and icc else None
    flat = _Flat(samples, icc) if samples is not None else _flatten(image, icc)
    with without_warnings("PIL"):
        metadata = read_metadata(image)
    return Raw(
        samples=_upright(flat.samples, metadata.orientation),
        icc=flat.icc,
        exif=metadata.exif,
        xmp=metadata.xmp,
        resolution=read_resolution(image, metadata.orientation),
        format=image.format,
        losses=(*flat.losses, *extra_losses),
    )


def _flatten(image: PillowImage.Image, icc: bytes | None) -> _Flat:
    """One of our four layouts from any of Pillow's modes."""
    mode = image.mode
    if mode in ("L", "RGB") and "transparency" in image.info:
        return _Flat(_array(image.convert(mode + "A")), icc)
    if mode in ("L", "LA", "RGB", "RGBA"):
        return _Flat(_array(image), icc)
    if mode == "P":
        target = "RGBA" if "transparency" in image.info else "RGB"
        return _Flat(_array(image.convert(target)), icc, (f"the palette picture became {target}",))
    if mode in ("CMYK", "LAB"):
        return _Flat(_array(image_to_srgb(image, icc)), None, (f"{mode} was converted to RGB (sRGB)",))
    if mode in _CONVERSIONS:
        target, loss = _CONVERSIONS[mode]
        return _Flat(_array(image.convert(target)), icc, (loss,) if loss else ())
    return _Flat(_deep_gray(image), icc)


def _array(image: PillowImage.Image) -> AnyArray:
    array = np.asarray(image)
    return array[:, :, None] if array.ndim == 2 else array


def _deep_gray(image: PillowImage.Image) -> AnyArray:
    """I;16, I and F pictures, which are grey with more than 8 bits; refuses numbers that have no scale."""
    array = np.asarray(image)
    top = 1.0 if image.mode == "F" else 65535
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= top):
        raise UnreadableImageError(
            f"the PIL image's values run from {low:g} to {high:g}, expected 0 to {top:g} for the mode {image.mode}; "
            "scale them, or convert it to L or RGB"
        )
    return array[:, :, None].astype(np.float32 if image.mode == "F" else np.uint16)


def _upright(samples: AnyArray, orientation: int) -> AnyArray:
    """Apply an EXIF orientation to (H, W, C) samples (EXIF 3.0, table 6)."""
    if orientation == 1:
        return samples
    turned = samples.transpose(1, 0, 2) if orientation >= 5 else samples
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    if orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    return np.ascontiguousarray(turned)


def _check_pixels(size: tuple[int, int], name: str, max_pixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise UnreadableImageError(f"{name} has no pixels ({width} × {height})")
    if width * height > max_pixels:
        raise ImageTooLargeError(
            f"{name} has {width} × {height} = {width * height / 1e6:.0f} megapixels; at most {max_pixels / 1e6:g} are opened: scale it down first"
        )


def _check_animation(image: PillowImage.Image, name: str) -> None:
    try:
        with without_warnings("PIL"):
            frames = int(getattr(image, "n_frames", 1))
    except Exception as error:
        raise UnreadableImageError(f"{name} is damaged: {_reason(error)}; export it again") from error
    if frames > 1 and image.format not in ("TIFF", "MPO", "HEIF"):
        raise UnreadableImageError(f"{name} is an animation with {frames} frames; save one frame as a picture and open that")


def _frames_loss(image: PillowImage.Image) -> tuple[str, ...]:
    # Pages of a TIFF, and the previews and depth maps that phones append to a JPEG or HEIC.
    frames = int(getattr(image, "n_frames", 1))
    return (f"the first of {frames} pictures in the file was taken",) if frames > 1 else ()


def _depth_loss(deep: bool, samples: AnyArray | None) -> tuple[str, ...]:
    return ("16 bits per channel were read as 8",) if deep and samples is None else ()


def _unidentified(data: bytes, name: str) -> str:
    if formats.looks_like_text(data):
        return f"{name} holds text, not a picture, whatever its name says"
    return f"{name} is not a picture that kohl opens ({', '.join(formats.READABLE)}), or its beginning is damaged"


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    """Turn whatever a decoder raises into UnreadableImageError."""
    try:
        yield
    except KohlError:
        raise
    except Exception as error:
        raise UnreadableImageError(f"{name} cannot be decoded: {_reason(error)}; it is truncated or damaged, export it again") from error
