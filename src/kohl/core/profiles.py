"""ICC profiles: a file's own colours ↔ sRGB, in float where the profile allows it.

The engine works in sRGB; the file keeps its own space. `read_profile` gives the two directions, and None where there is nothing to convert.

- Matrix/TRC profiles (every camera, phone and display profile: Display P3, Adobe RGB, …) and grey curves are computed here, in float:
  ICC.1:2022, sections 9.2 (tags), 10.6 (curveType), 10.18 (parametricCurveType) and F.3 (the three-component matrix model). Colorants
  are relative to D50 in both spaces, so no adaptation is left to do.
- Profiles with tables (scanners, printers) go through littlecms, which Pillow offers in 8 bits only. That is enough: what is painted is
  added to the untouched samples as a difference (`merging`), so the rounding of one way cancels that of the other.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeAlias

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageCms

from kohl.core.arrays import AnyArray, FloatArray
from kohl.core.depth import as_bytes, as_float

Curve: TypeAlias = Callable[[FloatArray], FloatArray]
"""An encoded value in [0, 1] → linear light in [0, 1]."""

_TABLE_STEPS = 65_535
_STRIP = 1 << 16
"""Pixels converted at a time: what a core's cache holds."""

_SAME_CURVE = 0.5 / 255
"""Two curves nearer than half an 8-bit step are one."""
_SAME_MATRIX = 2e-3

# The columns are sRGB's red, green and blue in CIE XYZ relative to D50 (IEC 61966-2-1 adapted by Bradford, as in the ICC's own sRGB profile).
_XYZ_FROM_SRGB = np.array([[0.4360657, 0.3851471, 0.1430664], [0.2224884, 0.7168732, 0.0606079], [0.0139160, 0.0970764, 0.7140961]])


class ColorProfile(Protocol):
    """Two directions between a file's own samples and sRGB."""

    def to_srgb(self, raw: AnyArray) -> FloatArray:
        """(H, W, C) uint8 or uint16 samples → (H, W, C) float32, sRGB-encoded, clipped to [0, 1]."""
        ...

    def from_srgb(self, values: FloatArray) -> FloatArray:
        """(N, C) float32 sRGB-encoded in [0, 1] → (N, C) float32 in [0, 1], encoded in the profile's own space."""
        ...


def parametric_curve(kind: int, parameters: tuple[float, ...]) -> Curve:
    """ICC parametricCurveType `kind` 0–4 with its parameters g, a, b, c, d, e, f (as many as the kind has).

    Raises ValueError for another kind or too few parameters.
    """
    if kind not in range(5) or len(parameters) < (1, 3, 4, 5, 7)[kind]:
        raise ValueError(f"no parametric curve of kind {kind} with {len(parameters)} parameters")
    g, a, b, c, d, e, f = (*parameters, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)[:7]
    if kind == 0:
        a, b, c, d = 1.0, 0.0, 0.0, 0.0
    if kind in (1, 2):
        # Below −b/a the curve is constant: 0, or the offset c.
        e = f = c if kind == 2 else 0.0
        c, d = 0.0, -b / a if a else 0.0
    if kind == 3:
        e = f = 0.0

    def curve(encoded: FloatArray) -> FloatArray:
        power = np.maximum(a * encoded + b, 0.0) ** g + e
        return np.clip(np.where(encoded >= d, power, c * encoded + f), 0.0, 1.0).astype(np.float32)

    return curve


SRGB_CURVE = parametric_curve(3, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
"""sRGB's own transfer (IEC 61966-2-1)."""


def sampled_curve(samples: FloatArray) -> Curve:
    """The curve through `samples`, evenly spaced over [0, 1], straight in between (ICC curveType with two or more entries)."""
    places = np.linspace(0.0, 1.0, len(samples))

    def curve(encoded: FloatArray) -> FloatArray:
        return np.interp(encoded, places, samples).astype(np.float32)

    return curve


@dataclass(frozen=True)
class ShaperProfile:
    """One curve per channel and, for colour, a matrix: the common kind of profile."""

    curves: tuple[Curve, ...]
    srgb_from_linear: FloatArray | None
    """(3, 3) float32, the profile's linear RGB → linear sRGB; None for grey."""

    def to_srgb(self, raw: AnyArray) -> FloatArray:
        """See ColorProfile. Through tables: exact curves for every 8-bit value, steps of 1/65535 in linear light on the way out."""
        height, width, channels = raw.shape
        grid = np.linspace(0.0, 1.0, np.iinfo(raw.dtype).max + 1, dtype=np.float32)
        tables = [curve(grid) for curve in self.curves]
        encode = _srgb_encoding_table()
        flat = raw.reshape(-1, channels)
        out = np.empty(flat.shape, np.float32)
        for start in range(0, len(flat), _STRIP):
            part = flat[start : start + _STRIP]
            linear = np.stack([table[part[:, i]] for i, table in enumerate(tables)], axis=1)
            if self.srgb_from_linear is not None:
                linear = linear @ self.srgb_from_linear.T
            out[start : start + _STRIP] = encode[(np.clip(linear, 0.0, 1.0) * _TABLE_STEPS + 0.5).astype(np.uint16)]
        return out.reshape(height, width, channels)

    def from_srgb(self, values: FloatArray) -> FloatArray:
        """See ColorProfile. Curves are inverted by interpolation between 16,385 of their own points."""
        linear = SRGB_CURVE(values)
        if self.srgb_from_linear is not None:
            linear = np.clip(linear @ np.linalg.inv(self.srgb_from_linear).T.astype(np.float32), 0.0, 1.0)
        return np.stack([_inverse(curve, linear[:, i]) for i, curve in enumerate(self.curves)], axis=1)


@dataclass(frozen=True)
class TableProfile:
    """A profile that only littlecms can follow, 8 bits each way."""

    forward: ImageCms.ImageCmsTransform
    backward: ImageCms.ImageCmsTransform

    def to_srgb(self, raw: AnyArray) -> FloatArray:
        """See ColorProfile; the result has 256 levels."""
        return _through(self.forward, as_bytes(raw))

    def from_srgb(self, values: FloatArray) -> FloatArray:
        """See ColorProfile; the result has 256 levels."""
        return _through(self.backward, as_bytes(values[None])).reshape(values.shape)


def read_profile(icc: bytes, channels: int) -> ColorProfile | None:
    """Read an ICC profile for pictures of `channels` colours (1 or 3).

    Returns None where the profile is sRGB, to within half an 8-bit step. Raises ValueError where it is broken or belongs to another
    kind of picture.
    """
    tags = _read_tags(icc)
    space = icc[16:20]
    if space != {1: b"GRAY", 3: b"RGB "}.get(channels):
        raise ValueError(f"the profile is for {space.decode('latin-1').strip() or 'no'} pictures")
    if channels == 1:
        gray = ShaperProfile((_read_curve(tags, b"kTRC"),), None)
        return None if _is_srgb_curve(gray.curves[0]) else gray
    # A table, where there is one, counts before the matrix (ICC.1, section 8.2).
    if b"A2B0" in tags or b"rXYZ" not in tags:
        return _read_tables(icc)
    curves = tuple(_read_curve(tags, name) for name in (b"rTRC", b"gTRC", b"bTRC"))
    xyz_from_linear = np.stack([_read_xyz(tags, name) for name in (b"rXYZ", b"gXYZ", b"bXYZ")], axis=1)
    if abs(np.linalg.det(xyz_from_linear)) < 1e-6:
        raise ValueError("its primaries lie on one line")
    if np.abs(xyz_from_linear - _XYZ_FROM_SRGB).max() < _SAME_MATRIX and all(map(_is_srgb_curve, curves)):
        return None
    return ShaperProfile(curves, (np.linalg.inv(_XYZ_FROM_SRGB) @ xyz_from_linear).astype(np.float32))


def image_to_srgb(image: PillowImage.Image, icc: bytes | None) -> PillowImage.Image:
    """A CMYK or LAB picture as 8-bit sRGB, through its profile where it has one that works (relative colorimetric)."""
    try:
        if image.mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        elif icc:
            source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        else:
            return image.convert("RGB")
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        return _applied(ImageCms.buildTransform(source, _srgb_profile(), image.mode, "RGB", intent), image)
    except (ImageCms.PyCMSError, OSError):
        return image.convert("RGB")


def _read_tags(icc: bytes) -> dict[bytes, bytes]:
    """The tag table (ICC.1, section 7.3), cut to what really lies within the bytes."""
    if len(icc) < 132 or icc[36:40] != b"acsp":
        raise ValueError("it is not an ICC profile")
    count = min(int.from_bytes(icc[128:132], "big"), (len(icc) - 132) // 12)
    entries = struct.iter_unpack(">4sII", icc[132 : 132 + 12 * count])
    return {name: icc[offset : offset + size] for name, offset, size in entries}


def _read_curve(tags: dict[bytes, bytes], name: bytes) -> Curve:
    data = tags.get(name, b"")
    if data[:4] == b"para" and len(data) >= 12:
        kind = int.from_bytes(data[8:10], "big")
        numbers = np.frombuffer(data[12 : len(data) // 4 * 4], ">i4") / 65536
        return _checked(parametric_curve(kind, tuple(map(float, numbers[:7]))))
    if data[:4] != b"curv" or len(data) < 12:
        raise ValueError(f"its curve {name.decode('latin-1')} is missing or broken")
    count = int.from_bytes(data[8:12], "big")
    entries = np.frombuffer(data[12 : 12 + 2 * count], ">u2") if len(data) >= 12 + 2 * count else np.empty(0)
    if len(entries) < count:
        raise ValueError(f"its curve {name.decode('latin-1')} is cut short")
    if count == 0:
        return parametric_curve(0, (1.0,))
    if count == 1:
        return _checked(parametric_curve(0, (float(entries[0]) / 256,)))
    return _checked(sampled_curve((entries / 65535).astype(np.float32)))


def _checked(curve: Curve) -> Curve:
    """Refuse a curve that can't be followed back: not finite, or nearly flat."""
    with np.errstate(all="ignore"):
        values = curve(np.linspace(0.0, 1.0, 257, dtype=np.float32))
    if not np.isfinite(values).all() or np.ptp(values) < 0.5:
        raise ValueError("one of its curves makes no sense")
    return curve


def _read_xyz(tags: dict[bytes, bytes], name: bytes) -> AnyArray:
    data = tags.get(name, b"")
    if data[:4] != b"XYZ " or len(data) < 20:
        raise ValueError(f"its primary {name.decode('latin-1')} is missing or broken")
    numbers: AnyArray = np.frombuffer(data[8:20], ">i4") / 65536
    return numbers


def _read_tables(icc: bytes) -> TableProfile:
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        pairs = ((own, _srgb_profile()), (_srgb_profile(), own))
        # NOCACHE: a transform's one-pixel cache is shared between threads.
        intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.NOCACHE
        return TableProfile(*(ImageCms.buildTransform(a, b, "RGB", "RGB", intent, flags) for a, b in pairs))
    except (ImageCms.PyCMSError, OSError) as error:
        raise ValueError(str(error)) from error


def _srgb_profile() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _is_srgb_curve(curve: Curve) -> bool:
    grid = np.linspace(0.0, 1.0, 257, dtype=np.float32)
    # Compared as encoded values, where steps are even to the eye.
    return bool(np.abs(_inverse(SRGB_CURVE, curve(grid)) - grid).max() < _SAME_CURVE)


def _inverse(curve: Curve, linear: FloatArray) -> FloatArray:
    """Linear light → the encoded value; a flat or falling stretch of the curve is taken as level."""
    grid = np.linspace(0.0, 1.0, 16_385, dtype=np.float32)
    return np.interp(linear, np.maximum.accumulate(curve(grid)), grid).astype(np.float32)


@cache
def _srgb_encoding_table() -> FloatArray:
    """sRGB-encoded values of 65,536 even steps of linear light; the darkest step is 0.05 of an 8-bit level."""
    linear = np.linspace(0.0, 1.0, _TABLE_STEPS + 1)
    table = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055).astype(np.float32)
    table.setflags(write=False)
    return table


def _through(transform: ImageCms.ImageCmsTransform, raw: AnyArray) -> FloatArray:
    converted = _applied(transform, PillowImage.fromarray(np.ascontiguousarray(raw)))
    return as_float(np.asarray(converted))


def _applied(transform: ImageCms.ImageCmsTransform, image: PillowImage.Image) -> PillowImage.Image:
    converted = ImageCms.applyTransform(image, transform)
    if converted is None:  # only when told to work in place, which is not the case
        raise ValueError("littlecms gave nothing back")
    return converted
