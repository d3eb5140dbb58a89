"""ICC profiles against littlecms, which is another program's reading of the same standard."""

from __future__ import annotations

import contextlib
import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage
from PIL import ImageCms

from kohl.core.images import give_back, open_image
from kohl.core.profiles import SRGB_TONE, ShaperProfile, TableProfile, parametric_curve, read_profile, sampled_curve
from pictures import (
    ADOBE_RGB,
    DISPLAY_P3,
    SRGB,
    SRGB_PARAMETERS,
    adobe_rgb,
    display_p3,
    encoded,
    gray_profile,
    matrix_profile,
    parametric,
    profile,
    sampled,
    samples,
)

GAMMA_TABLE = tuple(round(65535 * (i / 255) ** 1.8) for i in range(256))

CURVES = {
    "srgb": parametric(*SRGB_PARAMETERS),
    "gamma": sampled((563,)),
    "identity": sampled(()),
    "table": sampled(GAMMA_TABLE),
    "para0": parametric(2.2),
    "para1": parametric(2.2, 0.9, 0.1),
    "para2": parametric(2.2, 0.85, 0.05, 0.02),
    "para4": parametric(2.4, 0.9, 0.05, 0.07, 0.05, 0.01, 0.005),
}


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("primaries", [DISPLAY_P3, ADOBE_RGB], ids=["p3", "adobe"])
def test_colors_agree_with_littlecms(curve, primaries):
    icc = matrix_profile(primaries, CURVES[curve])
    array = samples((64, 64, 3))
    ours = read_profile(icc, 3).to_srgb(array)
    inside = ((ours > 0.02) & (ours < 0.98)).all(axis=2)
    theirs = _littlecms(icc, array)
    assert inside.sum() > 100
    # littlecms works with 8 bits here, so half a step is its rounding; its sRGB is built of slightly other numbers.
    assert np.abs(ours * 255 - theirs)[inside].max() < 1.6


def _littlecms(icc: bytes, array: np.ndarray) -> np.ndarray:
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    image = ImageCms.profileToProfile(
        PillowImage.fromarray(array), source, ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC, "RGB"
    )
    return np.asarray(image, np.float32)


@pytest.mark.parametrize("curve", CURVES)
def test_from_srgb_is_the_way_back(curve):
    own = read_profile(matrix_profile(DISPLAY_P3, CURVES[curve]), 3)
    values = np.random.default_rng(3).uniform(0.15, 0.9, (500, 3)).astype(np.float32)
    encoded_values = np.round(own.from_srgb(values) * 65535).astype(np.uint16)
    np.testing.assert_allclose(own.to_srgb(encoded_values[None])[0], values, atol=4e-4)


def test_display_p3_red_is_outside_srgb_and_neutral_stays_neutral():
    own = read_profile(display_p3(), 3)
    red, gray = own.to_srgb(np.uint8([[[255, 0, 0], [119, 119, 119]]]))[0]
    assert red[0] == 1.0
    assert red[1] == red[2] == 0.0
    np.testing.assert_allclose(gray, 119 / 255, atol=1.2e-3)


def test_srgb_profiles_convert_nothing():
    pillow_srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (matrix_profile(SRGB, parametric(*SRGB_PARAMETERS)), pillow_srgb):
        assert read_profile(icc, 3) is None
    assert read_profile(gray_profile(parametric(*SRGB_PARAMETERS)), 1) is None


def test_kinds_are_told_apart():
    assert isinstance(read_profile(display_p3(), 3), ShaperProfile)
    assert isinstance(read_profile(gray_profile(sampled((461,))), 1), ShaperProfile)
    assert isinstance(read_profile(_table_profile(), 3), TableProfile)


def _table_profile() -> bytes:
    """An RGB profile with tables only, as a scanner has: XYZ from a 2×2×2 grid of 16-bit entries (ICC.1, lut16Type)."""
    corners = np.array([(r, g, b) for r in (0, 1) for g in (0, 1) for b in (0, 1)], float)
    to_xyz = np.array(ADOBE_RGB).T
    ramp = struct.pack(">2H", 0, 65535)
    identity = struct.pack(">9i", *(65536 if i in (0, 4, 8) else 0 for i in range(9)))
    tables = {}
    for name, matrix in ((b"A2B0", to_xyz), (b"B2A0", np.linalg.inv(to_xyz))):
        grid = np.clip(corners @ matrix.T / (2 if name == b"A2B0" else 0.5), 0, 1)
        head = b"mft2\0\0\0\0" + bytes([3, 3, 2, 0]) + identity + struct.pack(">2H", 2, 2)
        tables[name] = head + ramp * 3 + (grid * 65535).round().astype(">u2").tobytes() + ramp * 3
    return profile(tables)


def test_table_profile_goes_through_littlecms_and_keeps_untouched_samples():
    icc = _table_profile()
    array = samples((16, 16, 3))
    data = encoded(PillowImage.fromarray(array), "PNG", icc_profile=icc)
    opened = open_image(data)
    assert isinstance(opened.profile, TableProfile)
    assert np.abs(opened.pixels * 255 - _littlecms(icc, array)).max() <= 1.01
    painted = opened.pixels.copy()
    painted[4:8, 4:8] = 0.5
    back = open_image(give_back(opened, painted))
    outside = np.ones((16, 16), bool)
    outside[4:8, 4:8] = False
    assert np.array_equal(back.raw.samples[outside], array[outside])
    assert not np.array_equal(back.raw.samples[~outside], array[~outside])
    assert back.icc == icc


def test_deep_samples_through_a_table_profile():
    own = read_profile(_table_profile(), 3)
    eight = samples((4, 4, 3))
    assert np.array_equal(own.to_srgb(eight.astype(np.uint16) * 257), own.to_srgb(eight))


BROKEN = {
    "empty": b"",
    "short": display_p3()[:100],
    "no signature": display_p3().replace(b"acsp", b"....", 1),
    "no tags": display_p3()[:128] + b"\0\0\0\0",
    "cut": display_p3()[:-60],
    "no curve": display_p3().replace(b"rTRC", b"xxxx", 1),
    "bad curve": matrix_profile(DISPLAY_P3, b"curv\0\0\0\0" + struct.pack(">I", 1 << 31)),
    "flat curve": matrix_profile(DISPLAY_P3, sampled((30000, 30000, 30000))),
    "unknown kind": matrix_profile(DISPLAY_P3, parametric(2.2, kind=9)),
    "too few numbers": matrix_profile(DISPLAY_P3, parametric(2.2, kind=4)),
    "one line": matrix_profile((DISPLAY_P3[0],) * 3, CURVES["gamma"]),
    "for grey": gray_profile(CURVES["gamma"]),
    "for nothing": profile({}),
}


@pytest.mark.parametrize("which", BROKEN)
def test_broken_profile_is_stated_and_kept(which):
    icc = BROKEN[which]
    with pytest.raises(ValueError, match=r"."):
        read_profile(icc, 3)
    if not icc:
        return
    array = samples((5, 5, 3))
    opened = open_image(encoded(PillowImage.fromarray(array), "PNG", icc_profile=icc))
    np.testing.assert_allclose(opened.pixels * 255, array, atol=1e-4)
    assert len(opened.losses) == 1
    assert "taken as sRGB" in opened.losses[0]
    assert open_image(give_back(opened, opened.pixels)).icc == icc


@given(st.binary(max_size=200), st.integers(0, 400))
def test_mangled_profile_raises_nothing_but_value_error(noise, place):
    icc = bytearray(display_p3())
    icc[place : place + len(noise)] = noise
    with contextlib.suppress(ValueError):
        read_profile(bytes(icc), 3)


def test_cmyk_with_a_broken_profile_falls_back():
    image = PillowImage.new("CMYK", (4, 4), (0, 255, 255, 0))
    opened = open_image(encoded(image, "JPEG", icc_profile=b"not a profile"))
    assert opened.icc is None
    assert opened.losses == ("CMYK was converted to RGB (sRGB)",)
    red, green, _ = opened.pixels[0, 0]
    assert red > 0.9
    assert green < 0.1


def test_srgb_curve_at_known_points():
    encoded_values, linear = np.float32([0, 0.002, 0.04045, 0.5, 1]), np.float32([0, 0.0001548, 0.0031308, 0.2140411, 1])
    np.testing.assert_allclose(SRGB_TONE.curve(encoded_values), linear, atol=1e-6)
    np.testing.assert_allclose(SRGB_TONE.to_linear(encoded_values), linear, atol=2e-5)
    np.testing.assert_allclose(SRGB_TONE.to_encoded(linear), encoded_values, atol=2e-5)


def test_curves_refuse_what_the_standard_does_not_have():
    with pytest.raises(ValueError, match="kind 5"):
        parametric_curve(5, (1.0,) * 7)
    with pytest.raises(ValueError, match="2 parameters"):
        parametric_curve(1, (1.0, 1.0))
    np.testing.assert_allclose(sampled_curve(np.float32([0, 0.1, 1]))(np.float32([0.25, 0.75])), [0.05, 0.55], atol=1e-6)


def test_large_picture_is_converted_in_strips_without_seams():
    own = read_profile(adobe_rgb(), 3)
    array = np.broadcast_to(samples((1, 700, 3)), (300, 700, 3))
    converted = own.to_srgb(np.ascontiguousarray(array))
    assert (converted == converted[:1]).all()
