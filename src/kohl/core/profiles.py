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
from functools import cached_property
from typing import Any, Protocol, TypeAlias

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageCms

from kohl.core.arrays import AnyArray, FloatArray
from kohl.core.depth import as_bytes, as_float

Curve: TypeAlias = Callable[[FloatArray], FloatArray]
"""An encoded value in [0, 1] → linear light in [0, 1]."""

_STEPS = 65_535
"""Tables have one entry more than this: one per 16-bit sample."""

_STRIP = 1 << 14
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
        with np.errstate(all="ignore"):  # a broken profile's numbers; `_checked` looks at what comes out
            power = np.maximum(a * encoded + b, 0.0) ** g + e
        return np.clip(np.where(encoded >= d, power, c * encoded + f), 0.0, 1.0).astype(np.float32)

    return curve


def sampled_curve(samples: FloatArray) -> Curve:
    """The curve through `samples`, evenly spaced over [0, 1], straight in between (ICC curveType with two or more entries)."""
    places = np.linspace(0.0, 1.0, len(samples))

    def curve(encoded: FloatArray) -> FloatArray:
        return np.interp(encoded, places, samples).astype(np.float32)

    return curve


@dataclass(frozen=True, eq=False)
class Tone:
    """A curve and the two tables that make it fast."""

    curve: Curve

    def to_linear(self, encoded: FloatArray) -> FloatArray:
        """Encoded values in [0, 1] → linear light, to the nearest 1/65535; any shape."""
        return _look_up(self._forward, encoded)

    def to_encoded(self, linear: FloatArray) -> FloatArray:
        """Linear light in [0, 1] → encoded values; any shape. A flat or falling stretch of the curve is taken as level."""
        return _look_up(self._backward, np.sqrt(linear))

    def table(self, dtype: np.dtype[Any]) -> FloatArray:
        """Linear light for every value of uint8 or uint16 samples."""
        return self._forward[:: _STEPS // int(np.iinfo(dtype).max)]

    @cached_property
    def _forward(self) -> FloatArray:
        return self.curve(np.linspace(0.0, 1.0, _STEPS + 1, dtype=np.float32))

    @cached_property
    def _backward(self) -> FloatArray:
        # Entries are even in the root of the light: even steps of light itself would leave the shadows a handful.
        grid = np.linspace(0.0, 1.0, _STEPS + 1)
        return np.interp(grid**2, np.maximum.accumulate(self._forward), grid).astype(np.float32)


SRGB_TONE = Tone(parametric_curve(3, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))
"""sRGB's own transfer (IEC 61966-2-1)."""


@dataclass(frozen=True, eq=False)
class ShaperProfile:
    """One curve per channel and, for colour, a matrix: the common kind of profile."""

    tones: tuple[Tone, ...]
    srgb_from_linear: FloatArray | None
    """(3, 3) float32, the profile's linear RGB → linear sRGB; None for grey."""

    def to_srgb(self, raw: AnyArray) -> FloatArray:
        """See ColorProfile; curves are exact for every sample."""
        flat = raw.reshape(-1, raw.shape[2])
        tables = [tone.table(raw.dtype) for tone in self.tones]
        out = np.empty(flat.shape, np.float32)
        for start in range(0, len(flat), _STRIP):
            part = flat[start : start + _STRIP]
            linear = _per_channel(tables, part)
            if self.srgb_from_linear is not None:
                linear = linear @ self.srgb_from_linear.T
            out[start : start + _STRIP] = SRGB_TONE.to_encoded(np.clip(linear, 0.0, 1.0))
        return out.reshape(raw.shape)

    def from_srgb(self, values: FloatArray) -> FloatArray:
        """See ColorProfile."""
        out = np.empty(values.shape, np.float32)
        for start in range(0, len(values), _STRIP):
            linear = SRGB_TONE.to_linear(values[start : start + _STRIP])
            if self._linear_from_srgb is not None:
                linear = np.clip(linear @ self._linear_from_srgb.T, 0.0, 1.0)
            for i, tone in enumerate(self.tones):
                out[start : start + _STRIP, i] = tone.to_encoded(linear[:, i])
        return out

    @cached_property
    def _linear_from_srgb(self) -> FloatArray | None:
        if self.srgb_from_linear is None:
            return None
        return np.linalg.inv(self.srgb_from_linear.astype(np.float64)).astype(np.float32)


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
        gray = ShaperProfile(_read_tones(tags, b"kTRC"), None)
        return None if _is_srgb(gray.tones) else gray
    # A table, where there is one, counts before the matrix (ICC.1, section 8.2).
    if b"A2B0" in tags or b"rXYZ" not in tags:
        return _read_tables(icc)
    tones = _read_tones(tags, b"rTRC", b"gTRC", b"bTRC")
    xyz_from_linear = np.stack([_read_xyz(tags, name) for name in (b"rXYZ", b"gXYZ", b"bXYZ")], axis=1)
    if abs(np.linalg.det(xyz_from_linear)) < 1e-6:
        raise ValueError("its primaries lie on one line")
    if np.abs(xyz_from_linear - _XYZ_FROM_SRGB).max() < _SAME_MATRIX and _is_srgb(tones):
        return None
    return ShaperProfile(tones, (np.linalg.inv(_XYZ_FROM_SRGB) @ xyz_from_linear).astype(np.float32))


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


def _read_tones(tags: dict[bytes, bytes], *names: bytes) -> tuple[Tone, ...]:
    """One tone per name; equal tags share one, and with it the tables."""
    known: dict[bytes, Tone] = {}
    for name in names:
        known.setdefault(tags.get(name, b""), Tone(_read_curve(tags, name)))
    return tuple(known[tags.get(name, b"")] for name in names)


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


def _is_srgb(tones: tuple[Tone, ...]) -> bool:
    grid = np.linspace(0.0, 1.0, 257, dtype=np.float32)
    # Compared as encoded values, where steps are even to the eye.
    return all(np.abs(SRGB_TONE.to_encoded(tone.curve(grid)) - grid).max() < _SAME_CURVE for tone in tones)


def _look_up(table: FloatArray, values: FloatArray) -> FloatArray:
    """Entries of a table of 65,536 at places in [0, 1]."""
    # Every 16-bit place exists; "clip" only spares numpy its own check.
    return table.take((values * _STEPS + 0.5).astype(np.uint16), mode="clip")


def _per_channel(tables: list[FloatArray], raw: AnyArray) -> FloatArray:
    """(N, C) samples through C tables, or through one where all are the same."""
    if all(table is tables[0] or np.shares_memory(table, tables[0]) for table in tables):
        return tables[0].take(raw, mode="clip")
    return np.stack([table.take(raw[:, i], mode="clip") for i, table in enumerate(tables)], axis=1)


def _through(transform: ImageCms.ImageCmsTransform, raw: AnyArray) -> FloatArray:
    converted = _applied(transform, PillowImage.fromarray(np.ascontiguousarray(raw)))
    return as_float(np.asarray(converted))


def _applied(transform: ImageCms.ImageCmsTransform, image: PillowImage.Image) -> PillowImage.Image:
    converted = ImageCms.applyTransform(image, transform)
    if converted is None:  # only when told to work in place, which is not the case
        raise ValueError("littlecms gave nothing back")
    return converted
