"""Paints things over faces, and changes their light, so that `train_cover.py` has more to learn from than was labelled by hand.

Every function takes (image (h, w, 3), cover (h, w), points (478, 2), generator) and returns a new (image, cover); cover is 1
where something lies over the face. What only changes the light or the colour of the skin leaves `cover` alone: it teaches that
shadows, shine, freckles and makeup are skin.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from kohl.faces import landmarks as at
from kohl.faces.contours import between, fill, ribbon, smooth_curve

Array = npt.NDArray[np.float32]
Painter = Callable[[Array, Array, Array, np.random.Generator], tuple[Array, Array]]

# fmt: off
HAIR_COLOURS = np.array([
    (0.06, 0.05, 0.05), (0.12, 0.08, 0.06), (0.25, 0.16, 0.10), (0.40, 0.26, 0.16), (0.55, 0.40, 0.25), (0.75, 0.62, 0.42),
    (0.45, 0.20, 0.10), (0.62, 0.60, 0.58), (0.85, 0.84, 0.82), (0.30, 0.29, 0.29),
], np.float32)
# fmt: on
EYE_CORNERS = ((33, 133), (263, 362))


def hair_lock(image: Array, cover: Array, points: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A bundle of strands from above or beside the face that falls over it."""
    unit = np.ptp(points[:, 0])
    root = points[rng.choice([10, 67, 103, 54, 21, 297, 332, 284, 251])] + rng.normal(0, 0.06, 2) * unit + [0, -0.2 * unit]
    tip = points[rng.choice([105, 334, 116, 345, 132, 361, 151, 46, 276, 70, 300])] + rng.normal(0, 0.1, 2) * unit
    bend = rng.normal(0, 0.15, 2) * unit
    tone = _hair_tone(image, points, rng)
    strands = int(rng.integers(6, 70))
    spread = rng.uniform(0.01, 0.10) * unit
    for _ in range(strands):
        aside = rng.normal(0, 1, 2) * spread
        curve = smooth_curve(np.stack([root + aside, (root + tip) / 2 + bend + aside * 0.8, tip + aside * rng.uniform(0.2, 1.0)]), 8)
        width = np.linspace(rng.uniform(0.008, 0.022), 0.003, len(curve), dtype=np.float32) * unit
        image, cover = _over(image, cover, fill(ribbon(curve, width), cover.shape) * 0.9, tone * rng.uniform(0.6, 1.5))
    return image, cover


def fringe(image: Array, cover: Array, points: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Hair over the whole forehead, down to a random height."""
    unit = np.ptp(points[:, 0])
    tone = _hair_tone(image, points, rng)
    drop = rng.uniform(0.0, 0.9)
    lean = rng.normal(0, 0.12) * unit
    for _ in range(int(rng.integers(90, 220))):
        share = rng.uniform(-0.1, 1.1)
        top = points[21] + share * (points[251] - points[21]) + [0, -0.55 * unit]
        end = points[70] + share * (points[300] - points[70]) + [lean, (drop - 1) * 0.32 * unit + rng.normal(0, 0.03) * unit]
        curve = smooth_curve(np.stack([top, (top + end) / 2 + rng.normal(0, 0.02, 2) * unit, end]), 6)
        width = np.linspace(0.03, 0.006, len(curve), dtype=np.float32) * unit
        image, cover = _over(image, cover, fill(ribbon(curve, width), cover.shape) * 0.95, tone * rng.uniform(0.6, 1.45))
    return image, cover


def beard(image: Array, cover: Array, points: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Short strands on chin, jaw and upper lip."""
    unit = np.ptp(points[:, 0])
    tone = _hair_tone(image, points, rng, near_scalp=0.3)
    zone = _beard_zone(points, cover.shape, rng)
    rows, columns = np.nonzero(zone > 0.5)
    if len(rows) < 20:
        return image, cover
    count = int(rng.choice([0.6, 1.2, 2.4]) * len(rows) / (0.0004 * unit * unit))
    hairs, painted = np.zeros_like(cover), image
    for index in rng.integers(0, len(rows), count):
        start = np.array([columns[index], rows[index]], np.float32)
        end = start + rng.normal(0, 0.02, 2) * unit + [0, rng.uniform(0.01, 0.05) * unit]
        curve = np.stack([start, (start + end) / 2 + rng.normal(0, 0.006, 2) * unit, end]).astype(np.float32)
        strand = fill(ribbon(curve, np.array([0.011, 0.009, 0.003], np.float32) * unit), cover.shape)
        painted, hairs = _over(painted, hairs, strand * 0.85, tone * rng.uniform(0.6, 1.5))
    dense = np.clip(2.2 * cv2.GaussianBlur(hairs, (0, 0), 0.02 * unit) - 0.5, 0, 1)
    return painted, np.maximum(cover, dense)


def glasses(image: Array, cover: Array, points: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A frame around both eyes, with clear, tinted or dark lenses."""
    unit = np.ptp(points[:, 0])
    tone = rng.choice(np.array([(0.05, 0.05, 0.06), (0.04, 0.04, 0.04), (0.3, 0.18, 0.1), (0.7, 0.55, 0.3), (0.7, 0.7, 0.72), (0.5, 0.1, 0.12)]))
    dark = rng.random() < 0.5
    width, half_width, half_height = rng.uniform(0.012, 0.04) * unit, rng.uniform(0.15, 0.2) * unit, rng.uniform(0.10, 0.16) * unit
    power, drop = rng.uniform(2, 5), rng.uniform(0.0, 0.05) * unit
    outlines = []
    for corners in EYE_CORNERS:
        centre = points[list(corners)].mean(0) + np.array([0, drop])
        angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        circle = np.stack([np.cos(angle), np.sin(angle)], 1)
        outlines.append((centre + np.sign(circle) * np.abs(circle) ** (2 / power) * [half_width, half_height]).astype(np.float32))
    if dark:
        image, cover = _dark_lenses(image, cover, outlines, rng)
    else:
        image = _reflection(image, outlines, rng)
    curves = [np.concatenate([outline, outline[:2]]) for outline in outlines]
    curves.append(np.stack([outlines[0][0], points[168] + [0, drop * 0.5], outlines[1][30]]))
    curves += [np.stack([outlines[0][30], points[127]]), np.stack([outlines[1][0], points[356]])]
    for curve in curves:
        band = ribbon(curve.astype(np.float32), np.full(len(curve), width, np.float32))
        image, cover = _over(image, cover, fill(band, cover.shape), tone * rng.uniform(0.8, 1.2))
    return image, cover


def object_over(image: Array, cover: Array, points: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A microphone, a cup, a scarf: a rounded shape of another colour, plain or textured."""
    unit = np.ptp(points[:, 0])
    centre = points[rng.choice([17, 152, 361, 132, 58, 288, 10, 21, 251])] + rng.normal(0, 0.1, 2) * unit
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False) + rng.uniform(0, 6)
    radii = rng.uniform(0.08, 0.3, 2) * unit
    shape = fill((centre + np.stack([np.cos(angle), np.sin(angle)], 1) * radii).astype(np.float32), cover.shape)
    noise = cv2.GaussianBlur(rng.standard_normal(cover.shape).astype(np.float32), (0, 0), rng.uniform(0.8, 4))
    tone = rng.uniform(0.02, 0.95, 3) * (1 + rng.uniform(0, 0.35) * noise / noise.std())[..., None]
    return _over(image, cover, shape, tone.astype(np.float32))


def shadow(image: Array, cover: Array, points: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A hard or soft shadow over part of the face, a little bluer or warmer."""
    unit = np.ptp(points[:, 0])
    centre = points[rng.integers(0, 468)] + rng.normal(0, 0.3, 2) * unit
    angle = np.sort(rng.uniform(0, 2 * np.pi, 9))
    radii = rng.uniform(0.3, 1.1, 9) * unit
    shape = fill((centre + np.stack([np.cos(angle), np.sin(angle)], 1) * radii[:, None]).astype(np.float32), cover.shape)
    shape = cv2.GaussianBlur(shape, (0, 0), rng.choice([0.6, 2.0, 6.0, 15.0]))[..., None]
    dimming = rng.uniform(0.12, 0.85) * (1 + rng.normal(0, 0.04, 3))
    return (image * (1 - shape * (1 - np.clip(dimming, 0.08, 1)))).astype(np.float32), cover


def glare(image: Array, cover: Array, points: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A hard light from one side, up to the film's limit: what it meets loses its colour."""
    unit = np.ptp(points[:, 0])
    rows, columns = np.mgrid[0 : cover.shape[0], 0 : cover.shape[1]]
    angle, middle = rng.uniform(0, 2 * np.pi), points[4] + rng.normal(0, 0.2, 2) * unit
    along = (columns - middle[0]) * np.cos(angle) + (rows - middle[1]) * np.sin(angle)
    lit = np.clip(along / (rng.choice([0.02, 0.1, 0.4]) * unit) + 0.5, 0, 1)[..., None]
    gain = 1 + lit * rng.uniform(0.3, 1.6) * (1 + rng.normal(0, 0.05, 3))
    return np.clip(image * gain, 0, 1).astype(np.float32), cover


def shine(image: Array, cover: Array, points: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Specular highlights on forehead, nose, cheeks and lips."""
    unit = np.ptp(points[:, 0])
    gleam = np.zeros_like(cover)
    for index in rng.choice([4, 195, 151, 9, 50, 280, 108, 337, 17, 0, 152, 205, 425, 58, 288, 123, 352, 54, 284], 4):
        angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        radii = rng.uniform(0.01, 0.13, 2) * unit
        gleam = np.maximum(gleam, fill((points[index] + np.stack([np.cos(angle), np.sin(angle)], 1) * radii).astype(np.float32), cover.shape))
    gleam = cv2.GaussianBlur(gleam, (0, 0), rng.uniform(0.8, 4))[..., None] * rng.uniform(0.2, 0.8)
    return (image + gleam * (1 - image) * rng.uniform(0.6, 1.0)).astype(np.float32), cover


def makeup(image: Array, cover: Array, points: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Blush, eyeshadow, lipstick, face paint and freckles in any colour: all of it is still skin."""
    unit = np.ptp(points[:, 0])
    layers: list[tuple[Array, float]] = []
    for index, opposite in ((50, 280), (205, 425)):
        radii = rng.uniform(0.05, 0.13, 2) * unit
        layers.append((_ellipse(points[index], radii, cover.shape) + _ellipse(points[opposite], radii, cover.shape), 4.0))
    lids = [between(smooth_curve(points[lid]), smooth_curve(points[crease])) for lid, crease in _LIDS]
    layers.append((sum((fill(outline, cover.shape) for outline in lids), np.zeros_like(cover)), 2.0))
    layers.append((fill(between(smooth_curve(points[at.LIPS_UPPER_OUTER]), smooth_curve(points[at.LIPS_LOWER_OUTER])), cover.shape), 0.8))
    dots = np.zeros_like(cover)
    for index in rng.choice(468, int(rng.integers(0, 60))):
        dots = np.maximum(dots, _ellipse(points[index] + rng.normal(0, 0.03, 2) * unit, rng.uniform(0.003, 0.014, 2) * unit, cover.shape))
    layers.append((dots, 0.7))
    for layer, softness in layers:
        if rng.random() < 0.5:
            amount = cv2.GaussianBlur(layer, (0, 0), softness)[..., None] * rng.uniform(0.15, 0.75)
            image = image + amount * (rng.uniform(0, 1, 3) * rng.uniform(0.3, 1) - image)
    return np.clip(image, 0, 1).astype(np.float32), cover


def photograph(image: Array, rng: np.random.Generator) -> Array:
    """Exposure, contrast, colour cast, saturation, noise and blur of a camera."""
    image = np.clip(image, 0, 1) ** rng.uniform(0.65, 1.6) * rng.uniform(0.6, 1.15)
    image = image * (1 + rng.normal(0, 0.07, 3))
    grey = image @ np.array([0.3, 0.6, 0.1])
    image = grey[..., None] + (image - grey[..., None]) * (rng.uniform(0.5, 1.3) if rng.random() > 0.08 else 0.0)
    if rng.random() < 0.4:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.6))
    image = image + rng.normal(0, rng.uniform(0.0, 0.02), image.shape)
    return np.clip(image, 0, 1).astype(np.float32)


_LIDS = ((at.RIGHT_LID_UPPER, at.RIGHT_CREASE), (at.LEFT_LID_UPPER, at.LEFT_CREASE))


def _hair_tone(image: Array, points: Array, rng: np.random.Generator, near_scalp: float = 0.6) -> Array:
    """A colour from above the forehead of this very photo, or any hair colour under its light."""
    if rng.random() < near_scalp:
        x, y = points[10] - [rng.normal(0, 0.3) * np.ptp(points[:, 0]), 0.35 * np.ptp(points[:, 0])]
        row, column = int(np.clip(y, 1, image.shape[0] - 2)), int(np.clip(x, 1, image.shape[1] - 2))
        return np.asarray(image[row - 1 : row + 2, column - 1 : column + 2].mean((0, 1)), np.float32)
    light = float(np.clip(image[int(points[5, 1]) % image.shape[0], int(points[5, 0]) % image.shape[1]].mean() * 1.5, 0.35, 1.0))
    return np.asarray(rng.choice(HAIR_COLOURS) * light * rng.uniform(0.7, 1.3), np.float32)


def _beard_zone(points: Array, size: tuple[int, ...], rng: np.random.Generator) -> Array:
    low = fill(points[[132, 58, 172, 136, 149, 152, 378, 365, 397, 288, 361, 411, 426, 2, 206, 187]], size)
    cheeks_free = fill(points[[116, 123, 187, 206, 203, 2, 423, 426, 411, 352, 345]], size)
    lips = fill(points[at.LIPS_OUTER], size)
    zone = low * (1 - lips) * (1 - cheeks_free)
    if rng.random() < 0.3:  # a goatee
        zone = zone * fill(points[[61, 202, 211, 176, 152, 400, 431, 422, 291, 426, 2, 206]], size)
    return np.asarray(zone, np.float32)


def _dark_lenses(image: Array, cover: Array, outlines: list[Array], rng: np.random.Generator) -> tuple[Array, Array]:
    tone = np.array([0.06, 0.05, 0.05]) + rng.uniform(0, 0.35) * rng.uniform(0.2, 1, 3)
    if rng.random() < 0.4:  # brown glass
        tone = np.array([0.42, 0.22, 0.12]) * rng.uniform(0.4, 1.3)
    lenses = sum((fill(outline, cover.shape) for outline in outlines), np.zeros_like(cover))
    slope = np.linspace(rng.uniform(0.6, 1), rng.uniform(0.6, 1.8), cover.shape[0])[:, None, None]
    return _over(image, cover, lenses * rng.uniform(0.7, 1), (tone * slope).astype(np.float32))


def _reflection(image: Array, outlines: list[Array], rng: np.random.Generator) -> Array:
    lenses = sum((fill(outline, image.shape) for outline in outlines), np.zeros(image.shape[:2], np.float32))
    veil = cv2.GaussianBlur((rng.random(image.shape[:2]) < 0.002).astype(np.float32), (0, 0), 6) * 100
    return np.asarray(image + (lenses * np.clip(veil, 0, 1) * rng.uniform(0, 0.4))[..., None] * (1 - image), np.float32)


def _ellipse(centre: Array, radii: Array, size: tuple[int, ...]) -> Array:
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return fill((centre + np.stack([np.cos(angle), np.sin(angle)], 1) * radii).astype(np.float32), size)


def _over(image: Array, cover: Array, mask: Array, tone: Array) -> tuple[Array, Array]:
    painted = image + mask[..., None] * (np.clip(tone, 0, 1) - image)
    return painted.astype(np.float32), np.maximum(cover, mask).astype(np.float32)
