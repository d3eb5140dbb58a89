"""Thousands of damaged pictures through the door: each is opened or refused by our own errors, and nothing else gets out.

The seeds are tiny pictures of every format with profiles, metadata, animation, 16 bits and palettes in them. Mutations are drawn from one
fixed seed, so a failure names a case that anybody can repeat.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image as PillowImage

from kohl.core.encoding import encode
from kohl.core.errors import KohlError
from kohl.core.images import give_back, open_image
from kohl.core.opened import Raw
from pictures import adobe_rgb, display_p3, encoded, samples, smooth

MAX_PIXELS = 500_000
"""Small, so that a header that lies about its size costs no time; the real cap has its own tests."""

CASES, SLOW_CASES = 8_000, 80_000
BATCHES = 8

Mutation = Callable[[np.random.Generator, bytes], bytes]


@functools.cache
def seeds() -> tuple[bytes, ...]:
    """Whole files, each a few hundred bytes to a few kilobytes."""
    color = PillowImage.fromarray(smooth())
    frames = {"save_all": True, "append_images": [color.rotate(90, expand=True).resize(color.size)]}
    exif = PillowImage.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    exif.get_ifd(0x8825)[1] = "N"
    block, xmp = exif.tobytes(), b'<x:xmpmeta><rdf:RDF><a:b a:DigitalSourceType="x"/></rdf:RDF></x:xmpmeta>'
    files = [
        encoded(color, "JPEG", exif=block, icc_profile=display_p3(), xmp=xmp),
        encoded(color, "JPEG", progressive=True),
        encoded(color.convert("L"), "JPEG"),
        encoded(color.convert("CMYK"), "JPEG"),
        encoded(color, "MPO", **frames),
        encoded(color, "PNG", exif=block, icc_profile=adobe_rgb()),
        encoded(color.quantize(16), "PNG", transparency=3),
        encoded(color.convert("LA"), "PNG"),
        encoded(color, "PNG", **frames),
        encode(Raw(samples((9, 11, 4), "uint16"), icc=display_p3(), exif=block, xmp=xmp), "PNG").data,
        encoded(color, "WEBP", exif=block, icc_profile=display_p3()),
        encoded(color.convert("RGBA"), "WEBP", lossless=True),
        encoded(color, "WEBP", **frames),
        encoded(color, "TIFF", exif=block),
        *(encoded(color, "TIFF", compression=name) for name in ("tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits")),
        encoded(color.convert("1"), "TIFF", compression="group4"),
        encode(Raw(samples((9, 11, 3), "uint16"), icc=display_p3(), exif=block, xmp=xmp), "TIFF").data,
        encoded(color, "AVIF", exif=block),
        encoded(color.quantize(16), "GIF"),
        encoded(color.quantize(16), "GIF", **frames),
        encoded(color, "BMP"),
    ]
    return tuple(files)


def _flip_bytes(random: np.random.Generator, data: bytes) -> bytes:
    out = np.frombuffer(data, np.uint8).copy()
    places = random.integers(0, len(out), random.integers(1, 12))
    out[places] = random.integers(0, 256, len(places))
    return out.tobytes()


def _edit_header(random: np.random.Generator, data: bytes) -> bytes:
    """Where sizes, counts and offsets live, with the values that break arithmetic."""
    out = bytearray(data)
    for _ in range(int(random.integers(1, 4))):
        place, width = int(random.integers(0, min(len(out), 256))), int(random.choice([1, 2, 4]))
        value = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF][int(random.integers(0, 9))] % (1 << 8 * width)
        out[place : place + width] = value.to_bytes(width, "big" if random.random() < 0.5 else "little")
    return bytes(out)


def _truncate(random: np.random.Generator, data: bytes) -> bytes:
    return data[: int(random.integers(0, len(data)))]


def _splice(random: np.random.Generator, data: bytes) -> bytes:
    other = seeds()[int(random.integers(0, len(seeds())))]
    cut, start = int(random.integers(0, len(data))), int(random.integers(0, len(other)))
    return data[:cut] + other[start:]


def _repeat_part(random: np.random.Generator, data: bytes) -> bytes:
    start, end = sorted(int(i) for i in random.integers(0, len(data), 2))
    return data[:end] + data[start:end] * int(random.integers(1, 5)) + data[end:]


def _remove_part(random: np.random.Generator, data: bytes) -> bytes:
    start, end = sorted(int(i) for i in random.integers(0, len(data), 2))
    return data[:start] + data[min(end, start + 64) :]


MUTATIONS: tuple[Mutation, ...] = (_flip_bytes, _edit_header, _truncate, _splice, _repeat_part, _remove_part)


def _try(data: bytes) -> str:
    """The outcome of one file; whatever is not ours fails the test by itself, warnings too."""
    try:
        opened = open_image(data, max_pixels=MAX_PIXELS)
    except KohlError as error:
        return type(error).__name__ if str(error) else "an error without words"
    assert opened.pixels.dtype == np.float32
    assert opened.pixels.shape == (*opened.size, 3)
    assert np.isfinite(opened.pixels).all()
    assert opened.pixels.min() >= 0
    assert opened.pixels.max() <= 1
    return "opened"


def _run(batch: int, cases: int) -> Counter[str]:
    random = np.random.default_rng([2024, batch])
    outcomes: Counter[str] = Counter()
    for case, (seed, mutate) in zip(range(cases), itertools.cycle(itertools.product(seeds(), MUTATIONS)), strict=False):
        data = mutate(random, seed)
        try:
            outcomes[_try(data)] += 1
        except Exception as error:
            raise AssertionError(f"batch {batch}, case {case}, {mutate.__name__}: {type(error).__name__}: {error}") from error
    return outcomes


def test_seeds_are_sound():
    for seed in seeds():
        opened_or_animated = _try(seed)
        assert opened_or_animated in ("opened", "UnreadableImageError")
    assert Counter(map(_try, seeds()))["UnreadableImageError"] == 3  # the animations


@pytest.mark.parametrize("batch", range(BATCHES))
def test_damaged_files(batch, capfd):
    outcomes = _run(batch, CASES // BATCHES)
    assert sum(outcomes.values()) == CASES // BATCHES
    # Damage that is always refused, or never, would test nothing.
    assert outcomes["opened"] > CASES // BATCHES // 20
    assert outcomes["UnreadableImageError"] > CASES // BATCHES // 20
    assert set(outcomes) <= {"opened", "UnreadableImageError", "ImageTooLargeError"}
    # libtiff, libjpeg and the others must not talk to the user's terminal either.
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(100, 100 + BATCHES))
def test_many_more_damaged_files(batch):
    assert sum(_run(batch, SLOW_CASES // BATCHES).values()) == SLOW_CASES // BATCHES


@pytest.mark.parametrize("seed", range(0, 300, 3))
def test_what_is_opened_can_be_given_back(seed):
    random = np.random.default_rng(seed)
    data = _flip_bytes(random, seeds()[seed % len(seeds())])
    try:
        opened = open_image(data, max_pixels=MAX_PIXELS)
    except KohlError:
        return
    painted = opened.pixels.copy()
    painted[:1] = (0.8, 0.1, 0.2)
    assert open_image(give_back(opened, painted)).size == opened.size
