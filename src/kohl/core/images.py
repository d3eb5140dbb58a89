"""The only door: pictures come in here as files, bytes, PIL images or arrays, and leave as what they came as.

>>> opened = open_image("me.jpg")                      # doctest: +SKIP
>>> painted = opened.pixels.copy()                     # (H, W, 3) float32, sRGB, [0, 1]
>>> save_image("out.png", opened, painted)             # doctest: +SKIP

`docs/images.md` tells what is kept, what is lost, and how each is stated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image as PillowImage

from kohl.core import formats
from kohl.core.arrays import AnyArray, FloatArray, Image
from kohl.core.atomic import check_writable, write_atomically
from kohl.core.checks import check_unit_range
from kohl.core.decoding import MAX_PIXELS, decode_bytes, decode_pil
from kohl.core.depth import as_bytes, as_float
from kohl.core.encoding import Encoded, encode, to_pillow
from kohl.core.errors import ImageTooLargeError, UnreadableImageError, UsageError
from kohl.core.merging import Window, merge
from kohl.core.opened import OpenedImage, Raw, SourceKind
from kohl.core.profiles import ColorProfile, read_profile
from kohl.core.provenance import Provenance, SourceType, read_xmp, write_xmp

__all__ = [
    "MAX_PIXELS",
    "ImageSource",
    "OpenedImage",
    "Provenance",
    "SourceKind",
    "SourceType",
    "Window",
    "Written",
    "encode_image",
    "give_back",
    "open_image",
    "read_provenance",
    "save_image",
]

ImageSource: TypeAlias = str | Path | bytes | bytearray | memoryview | PillowImage.Image | AnyArray
"""What `open_image` takes: a path, an encoded file's bytes, a PIL image, or an array."""

_ADDRESS = re.compile("[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_LARGEST_FILE = 1 << 30
"""A file with more bytes is refused unread."""

_FLOAT_SLACK = 1e-5
"""How far rounding may have carried a float array beyond [0, 1]."""


@dataclass(frozen=True)
class Written:
    """A picture that was saved."""

    path: Path
    format: str
    losses: tuple[str, ...]
    """What the format could not hold, one sentence each."""


def open_image(source: ImageSource, *, max_pixels: int = MAX_PIXELS) -> OpenedImage:
    """Open a picture, upright and in sRGB, and remember what is needed to hand it back as it came.

    Parameters
    ----------
    source
        A path; an encoded file's bytes; a PIL image; or an array (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) of uint8, uint16, or
        float32/float64 in [0, 1], sRGB-encoded, RGB(A).
    max_pixels
        Larger pictures are refused before they are decoded.

    Raises
    ------
    UnreadableImageError
        Missing, empty, truncated, an animation, or not a picture.
    ImageTooLargeError
        More than `max_pixels` pixels.
    MissingExtraError
        A HEIC file without pillow-heif.
    UsageError
        Another type of object, or an array of another type, shape or range (NaN included).
    """
    if isinstance(source, str) and _ADDRESS.match(source):
        raise UsageError(f"a picture must be on this machine, got the address {source}; kohl fetches nothing: download it and name the file")
    if isinstance(source, str | Path):
        return _opened(decode_bytes(_read_file(Path(source)), name=Path(source).name, max_pixels=max_pixels), SourceKind.PATH, Path(source).name)
    if isinstance(source, bytes | bytearray | memoryview):
        return _opened(decode_bytes(bytes(source), name="the picture", max_pixels=max_pixels), SourceKind.BYTES, "the picture")
    if isinstance(source, PillowImage.Image):
        return _opened(decode_pil(source, max_pixels=max_pixels), SourceKind.PIL, "the PIL image")
    if isinstance(source, np.ndarray):
        return replace(_opened(_raw_array(source, max_pixels), SourceKind.ARRAY, "the array"), array_shape=source.shape)
    raise UsageError(f"a picture must be a path, bytes, a PIL image or a numpy array, got {type(source).__name__}{_way_in(source)}")


def give_back(opened: OpenedImage, painted: Image, *, window: Window | None = None) -> bytes | PillowImage.Image | AnyArray:
    """The painted picture as the type that came in.

    Parameters
    ----------
    opened
        The picture as it came in.
    painted
        (H, W, 3) float32, RGB, sRGB-encoded, [0, 1]: `opened.pixels` with paint on it.
    window
        (y0, y1, x0, x1): nothing outside was painted, so nothing else needs to be looked at.

    Returns
    -------
    A new array of the same type and shape (a grey one stays grey); a PIL image of the same mode where that mode can hold the
    result (palette and CMYK become RGB, grey with colour on it becomes RGB); or, for paths and bytes, an encoded file in the input's format.

    Raises UsageError where `painted` or `window` does not fit.
    """
    if opened.kind is SourceKind.ARRAY:
        samples = merge(opened, painted, window=window, stay_gray=True)
        return samples.reshape(opened.array_shape or samples.shape)
    if opened.kind is SourceKind.PIL:
        return _as_pillow(opened, merge(opened, painted, window=window))
    return encode_image(opened, painted).data


def encode_image(
    opened: OpenedImage,
    painted: Image,
    *,
    format_name: str | None = None,
    keep_metadata: bool = False,
    quality: int = 95,
    provenance: SourceType = SourceType.ALGORITHMICALLY_ENHANCED,
) -> Encoded:
    """The painted picture as an encoded file in memory; parameters as `save_image`, with Pillow's name of a format in place of a path.

    Raises UsageError, OutputError or MissingExtraError.
    """
    samples = merge(opened, painted)
    raw = opened.raw
    gray_became_color = samples.shape[2] != raw.samples.shape[2]
    outgoing = replace(
        raw,
        samples=samples,
        # A grey profile says nothing about colours; the samples were brought to sRGB.
        icc=None if gray_became_color else raw.icc,
        exif=raw.exif if keep_metadata else None,
        xmp=write_xmp(provenance, opened.provenance, keep=raw.xmp if keep_metadata else None),
    )
    encoded = encode(outgoing, format_name or formats.writable_format(opened.format), quality=quality)
    return replace(encoded, losses=("the grey picture became RGB", *encoded.losses)) if gray_became_color else encoded


def save_image(
    path: str | Path,
    opened: OpenedImage,
    painted: Image,
    *,
    force: bool = False,
    keep_metadata: bool = False,
    quality: int = 95,
    provenance: SourceType = SourceType.ALGORITHMICALLY_ENHANCED,
) -> Written:
    """Write the painted picture, whole or not at all.

    Parameters
    ----------
    path
        Its ending chooses the format; without one, the input's own format is written.
    opened
        The picture as it came in; its size, profile, alpha and untouched samples are kept.
    painted
        (H, W, 3) float32, RGB, sRGB-encoded, [0, 1].
    force
        Replace a file that is there.
    keep_metadata
        Keep the input's EXIF block (orientation set to upright) and XMP packet; by default they are left behind, places and thumbnails too.
    quality
        1–100 for the lossy formats.
    provenance
        What the edit makes of an ordinary photo; written as XMP `DigitalSourceType`.

    Raises
    ------
    OutputExistsError
        `path` exists and `force` is not set.
    OutputError
        It can't be written.
    UsageError
        Its ending is not a format that kohl writes, or an argument does not fit.
    """
    path = Path(path)
    format_name = formats.output_format(path, opened.format)
    check_writable(path, force=force)
    encoded = encode_image(opened, painted, format_name=format_name, keep_metadata=keep_metadata, quality=quality, provenance=provenance)
    write_atomically(path, encoded.data, force=force)
    return Written(path, format_name, encoded.losses)


def read_provenance(source: str | Path | bytes) -> Provenance:
    """What a picture file says about how it was made. Raises UnreadableImageError or ImageTooLargeError as `open_image`."""
    data = _read_file(Path(source)) if isinstance(source, str | Path) else source
    name = Path(source).name if isinstance(source, str | Path) else "the picture"
    raw = decode_bytes(data, name=name)
    return read_xmp(raw.xmp, has_c2pa=raw.has_c2pa)


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableImageError(f"{path} is a folder, not a picture; name a file in it")
        if not path.exists():
            raise UnreadableImageError(f"{path} does not exist; check the name")
        # A pipe or a device may never end.
        if not path.is_file():
            raise UnreadableImageError(f"{path} is not a regular file; save the picture to one first")
        if path.stat().st_size > _LARGEST_FILE:
            raise ImageTooLargeError(f"{path} has {path.stat().st_size / 1e9:.1f} GB; at most {_LARGEST_FILE / 1e9:.1f} GB are read")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UnreadableImageError(f"{path} cannot be read: {error}") from error


def _way_in(source: object) -> str:
    """What makes a picture of an object of another type, where that can be told."""
    if hasattr(source, "read"):
        return "; pass the bytes, its .read()"
    return "; convert it first, with .numpy() or numpy.asarray" if hasattr(source, "__array__") or isinstance(source, list | tuple) else ""


def _raw_array(array: AnyArray, max_pixels: int) -> Raw:
    kind, width = array.dtype.kind, array.dtype.itemsize
    if (kind, width) not in (("u", 1), ("u", 2), ("f", 4), ("f", 8)):
        raise UsageError(f"an array must be uint8, uint16, or float32/float64 in [0, 1], got {array.dtype}; convert it first")
    if array.ndim not in (2, 3) or array.size == 0 or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise UsageError(f"an array must have the shape (H, W), (H, W, 3) or (H, W, 4), got {array.shape}")
    if array.shape[0] * array.shape[1] > max_pixels:
        raise ImageTooLargeError(f"the array has {array.shape[1]} × {array.shape[0]} pixels; at most {max_pixels / 1e6:g} megapixels are taken")
    samples = np.asarray(array)
    if kind == "f":
        check_unit_range(samples, name="the array", slack=_FLOAT_SLACK)
    return Raw(samples if samples.ndim == 3 else samples[:, :, None])


def _opened(raw: Raw, kind: SourceKind, name: str) -> OpenedImage:
    profile, losses = _profile(raw)
    color = raw.samples[..., : raw.colors]
    pixels = as_float(color) if profile is None else profile.to_srgb(color)
    if raw.colors == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    pixels.setflags(write=False)
    alpha: FloatArray | None = as_float(raw.samples[..., -1]) if raw.has_alpha else None
    provenance = read_xmp(raw.xmp, has_c2pa=raw.has_c2pa)
    return OpenedImage(pixels, alpha, kind, name, raw, profile, provenance, (*raw.losses, *losses))


def _profile(raw: Raw) -> tuple[ColorProfile | None, tuple[str, ...]]:
    if raw.icc is None:
        return None, ()
    try:
        return read_profile(raw.icc, raw.colors), ()
    except ValueError as error:
        return None, (f"the colour profile cannot be used ({error}): the colours were taken as sRGB",)


def _as_pillow(opened: OpenedImage, samples: AnyArray) -> PillowImage.Image:
    """A PIL image with the profile, the resolution and the mark in its `info`, where Pillow's own `save` looks for them."""
    fits = samples.dtype == np.uint8 or samples.shape[2] == 1
    image = to_pillow(samples if fits else as_bytes(samples))
    if opened.icc and samples.shape[2] == opened.raw.samples.shape[2]:
        image.info["icc_profile"] = opened.icc
    if opened.raw.resolution:
        image.info["dpi"] = opened.raw.resolution
    image.info["xmp"] = write_xmp(SourceType.ALGORITHMICALLY_ENHANCED, opened.provenance)
    return image
