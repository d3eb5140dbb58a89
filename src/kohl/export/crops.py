"""Crops to compare networks on: drawn from a seed, or cut from a folder of photos."""

from __future__ import annotations

import contextlib
from pathlib import Path

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Image
from kohl.core.errors import FaceError, InputError, UsageError
from kohl.core.formats import EXTENSIONS
from kohl.core.images import open_image
from kohl.faces.analyzer import Analyzer
from kohl.geometry.warp import warp_image
from kohl.methods.tinybeauty.crop import CROP_SIDE, crop_from_image

_SKINS = ((0.93, 0.80, 0.73), (0.80, 0.62, 0.51), (0.60, 0.42, 0.32), (0.36, 0.24, 0.18))
"""sRGB, from fair to deep."""
_MOST_PHOTOS = 64


def trial_crops(*, seed: int = 0, each: int = 6) -> FloatArray:
    """(3 × each, 1, 3, 256, 256) crops in [0, 1]: smooth colours, hard edges with noise, and faces drawn with a few ellipses."""
    rng = np.random.default_rng(seed)
    pictures = [make(rng) for make in (_smooth, _edges, _face) for _ in range(each)]
    return to_batch(pictures)


def drawn_faces(*, seed: int = 1, count: int = 24) -> FloatArray:
    """(count, 1, 3, 256, 256) crops in [0, 1] of faces drawn with a few ellipses, in many skins and lights."""
    rng = np.random.default_rng(seed)
    return to_batch([_face(rng) for _ in range(count)])


def faces_in(folder: Path) -> FloatArray:
    """(N, 1, 3, 256, 256) crops in [0, 1] of the largest face of each photo in `folder`, N at most 64.

    Photos that cannot be read or show no face are passed over. Raises UsageError where none is left.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in EXTENSIONS) if folder.is_dir() else []
    analyzer, pictures = Analyzer(), []
    for path in paths[:_MOST_PHOTOS]:
        with contextlib.suppress(FaceError, InputError):
            image = open_image(path).pixels
            face = analyzer.analyze(image)[0]
            matrix = crop_from_image(face.box, roll=face.pose.roll)
            pictures.append(np.clip(warp_image(image, matrix, (CROP_SIDE, CROP_SIDE)), 0, 1))
    if not pictures:
        raise UsageError(
            f"expected a folder with photos of faces for calibration, found none in {folder}; leave it out to compare on drawn ones alone"
        )
    return to_batch(pictures)


def to_batch(pictures: list[Image]) -> FloatArray:
    """(N, 1, 3, 256, 256) from N pictures (256, 256, 3): what a network takes, one crop at a time."""
    return np.asarray(np.stack([picture.transpose(2, 0, 1)[None] for picture in pictures]), np.float32)


def _smooth(rng: np.random.Generator) -> Image:
    grid = rng.random((6, 6, 3)).astype(np.float32)
    return _picture(cv2.resize(grid, (CROP_SIDE, CROP_SIDE), interpolation=cv2.INTER_CUBIC))


def _edges(rng: np.random.Generator) -> Image:
    picture = np.full((CROP_SIDE, CROP_SIDE, 3), rng.random(3), np.float32)
    for _ in range(8):
        corners = rng.integers(0, CROP_SIDE, (3, 2)).astype(np.int32)
        cv2.fillPoly(picture, [corners], rng.random(3).tolist())
    return _picture(picture + rng.normal(0, 0.02, picture.shape))


def _face(rng: np.random.Generator) -> Image:
    """Skin, hair, eyes and lips where a crop has them, under a light from one side."""
    skin = np.array(_SKINS[rng.integers(len(_SKINS))], np.float32) * rng.uniform(0.85, 1.05)
    picture = np.full((CROP_SIDE, CROP_SIDE, 3), rng.random(3), np.float32)
    hair, lips = skin * rng.uniform(0.1, 0.6), skin * np.array([0.9, 0.6, 0.65], np.float32)
    x, y = (128 + rng.uniform(-12, 12, 2)).tolist()
    parts = [((x, y - 20), (92, 112), hair), ((x, y), (70, 92), skin), ((x, y + 50), (26, 11), lips)]
    for side in (-1, 1):
        eye = (x + side * 30, y - 22)
        parts += [((eye[0], eye[1] - 16), (20, 4), hair), (eye, (15, 7), np.ones(3, np.float32)), (eye, (6, 6), skin * 0.2)]
    for centre, axes, colour in parts:
        cv2.ellipse(picture, (centre, (2.0 * axes[0], 2.0 * axes[1]), 0.0), colour.tolist(), -1, cv2.LINE_AA)
    light = 1 + rng.uniform(-0.25, 0.25) * np.linspace(-1, 1, CROP_SIDE, dtype=np.float32)[None, :, None]
    blurred = cv2.GaussianBlur(picture * light, (0, 0), rng.uniform(0.6, 1.5))
    return _picture(blurred + rng.normal(0, 0.01, picture.shape))


def _picture(values: AnyArray) -> Image:
    return np.asarray(np.clip(values, 0, 1), np.float32)
