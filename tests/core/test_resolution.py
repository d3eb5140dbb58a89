"""Pixels per inch come through, whatever the format, and nonsense doesn't."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as PillowImage

from kohl.core.images import encode_image, give_back, open_image
from kohl.core.resolution import read_resolution
from pictures import encoded, samples, smooth


def stated(data: bytes) -> tuple[float, float] | None:
    with PillowImage.open(io.BytesIO(data)) as image:
        return read_resolution(image, 1)


@pytest.mark.parametrize("came", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("goes", ["JPEG", "PNG", "TIFF"])
def test_it_comes_through(came: str, goes: str) -> None:
    opened = open_image(encoded(PillowImage.fromarray(smooth()), came, dpi=(300, 240)))
    assert stated(encode_image(opened, opened.pixels, format_name=goes).data) == pytest.approx((300, 240), abs=0.1)


@pytest.mark.parametrize("format_name", ["PNG", "TIFF"])
def test_it_comes_through_at_16_bits(format_name: str) -> None:
    deep = encode_image(open_image(samples((20, 30, 3), "uint16")), np.zeros((20, 30, 3), np.float32), format_name="TIFF")
    opened = open_image(deep.data)
    tagged = replace(opened, raw=replace(opened.raw, resolution=(300.0, 240.0)))
    again = encode_image(tagged, tagged.pixels, format_name=format_name).data
    assert open_image(again).raw.samples.dtype == np.uint16
    assert stated(again) == pytest.approx((300, 240), abs=0.1)


def test_a_turned_picture_s_sides_change_places() -> None:
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    opened = open_image(encoded(PillowImage.fromarray(smooth()), "JPEG", dpi=(300, 240), exif=exif))
    assert opened.raw.resolution == pytest.approx((240, 300))


def test_a_pil_image_keeps_it() -> None:
    image = PillowImage.fromarray(smooth())
    image.info["dpi"] = (300, 300)
    opened = open_image(image)
    back = give_back(opened, opened.pixels)
    assert isinstance(back, PillowImage.Image)
    assert back.info["dpi"] == (300, 300)


@pytest.mark.parametrize("nonsense", [(0, 0), (-72, 72), (float("nan"), 72), (1e9, 1e9), ("72", None), 72, (72,)])
def test_nonsense_is_none(nonsense: object) -> None:
    image = PillowImage.fromarray(smooth())
    image.info["dpi"] = nonsense
    opened = open_image(image)
    assert opened.raw.resolution is None
    assert "dpi" not in give_back(opened, opened.pixels).info  # type: ignore[union-attr]
