"""Train the two small networks that tell skin from what lies over it (`src/kohl/faces/cover_*.onnx`, some 2,500 numbers each).

    python scripts/train_cover.py FACES_FOLDER

FACES_FOLDER holds `index.csv` (columns file, split) and the pictures. `cover_labels.json` beside this script says, for some
pictures of the train split, where skin, cover and doubt lie: polygons in thousandths of its sides. Each picture is also
painted over and relit (`cover_painting.py`). The result is a handful of weights; no face can be recovered from them.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from cover_painting import Painter, beard, fringe, glare, glasses, hair_lock, makeup, object_over, photograph, shadow, shine
from kohl.faces.analyzer import describe_face
from kohl.faces.contours import fill
from kohl.faces.cover import STAGES, gather_context
from kohl.faces.evidence import Evidence, evidence_of, grid_of
from kohl.faces.face import Face
from kohl.faces.landmarks import LIPS_OUTER
from kohl.faces.mesh import MediapipeMeshDetector
from onnx_graph import Layer, write_rows_network

Array = npt.NDArray[np.float32]
Layers = list[Layer]
TARGET = Path(__file__).parents[1] / "src/kohl/faces"
LABELS = Path(__file__).with_name("cover_labels.json")
PAINTING_SIDE = 320
VARIANTS = 9
SAMPLES = 1500
"""Pixels taken from every variant of a picture."""
HIDDEN = (40, 20)
SEED = 7


def read_pictures(folder: Path) -> list[tuple[Array, Face, dict[str, Any]]]:
    """Return (pixels of the window, face, polygons) of every labelled picture of the train split."""
    labels: dict[str, Any] = json.loads(LABELS.read_text())
    with (folder / "index.csv").open(newline="") as handle:
        train = {row["file"] for row in csv.DictReader(handle) if row["split"] == "train"}
    detector = MediapipeMeshDetector()
    pictures = []
    for name in sorted(train & labels.keys()):
        image = np.asarray(Image.open(folder / name).convert("RGB"), np.float32) / 255
        mesh = max(detector.detect(image), key=lambda mesh: float(np.ptp(mesh.points[:, 0])))
        face = describe_face(image, mesh)
        pictures.append((np.ascontiguousarray(image[face.window_slices]), face, labels[name]))
    return pictures


def draw_labels(polygons: dict[str, Any], face: Face, size: tuple[int, int]) -> tuple[Array, Array]:
    """Return (clear, doubt) masks of the face's window, scaled to `size`; doubt is 1 where the label must not be trusted."""
    y0, y1, x0, x1 = face.window

    def draw(points: list[list[int]]) -> Array:
        in_image = np.array(points) / 1000 * face.size[::-1]
        return fill(((in_image - [x0, y0]) * [size[1] / (x1 - x0), size[0] / (y1 - y0)]).astype(np.float32), size)

    shapes = {kind: [draw(points) for points in polygons[kind]] for kind in polygons}
    clear = np.maximum.reduce(shapes["skin"])
    for shape in shapes["cover"]:
        clear = clear * (1 - shape)
    edge = cv2.dilate(clear, np.ones((3, 3))) - cv2.erode(clear, np.ones((3, 3)))
    doubt = cv2.dilate((edge > 0.5).astype(np.float32), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    return clear, np.maximum.reduce([doubt, *shapes["ignore"]])


def vary(picture: tuple[Array, Face, dict[str, Any]], rng: np.random.Generator, plain: bool) -> tuple[Evidence, Array, Array]:
    """Return (evidence, clear (N,), weight (N,)) of a picture as it is (`plain`), or painted over and relit."""
    pixels, face, polygons = picture
    scale = PAINTING_SIDE / max(pixels.shape[:2])
    size = (round(pixels.shape[0] * scale), round(pixels.shape[1] * scale))
    image = cv2.resize(pixels, size[::-1], interpolation=cv2.INTER_AREA)
    points = (face.local_points[:, :2] * scale).astype(np.float32)
    clear, doubt = draw_labels(polygons, face, size)
    # Lips may be painted, whatever grows around them.
    lips = fill(points[LIPS_OUTER], size)
    doubt = np.maximum(doubt, lips * (1 - clear))
    cover = np.zeros(size, np.float32)
    if not plain:
        for painter, chance in PAINTERS:
            if rng.random() < chance:
                image, cover = painter(image, cover, points, rng)
        image = photograph(image, rng)
    grid = grid_of(size)
    small, clear, weight = (cv2.resize(a, grid[::-1], interpolation=cv2.INTER_AREA) for a in (image, clear * (1 - cover), 1 - doubt * (cover < 0.5)))
    chart = cv2.resize(face.field.uv, grid[::-1], interpolation=cv2.INTER_NEAREST)
    facing = cv2.resize(face.field.facing, grid[::-1], interpolation=cv2.INTER_LINEAR)
    depth = cv2.resize(face.field.coarse_normals[..., 2], grid[::-1], interpolation=cv2.INTER_LINEAR)
    evidence = evidence_of(small, chart, facing, depth)
    evidence = replace(evidence, values=evidence.values.astype(np.float16))  # hundreds of them are kept
    return evidence, clear[evidence.inside], (weight * (facing > 0.1))[evidence.inside]


PAINTERS: list[tuple[Painter, float]] = [
    (makeup, 0.6), (shine, 0.4), (shadow, 0.5), (beard, 0.33), (fringe, 0.15), (hair_lock, 0.4), (shadow, 0.3), (glare, 0.25), (glasses, 0.3),
    (object_over, 0.2),
]  # fmt: skip


def fit(values: Array, target: Array, rng: np.random.Generator, epochs: int = 14) -> Layers:
    """Fit a small network by Adam (Kingma & Ba 2015) on the cross entropy; returns [(weights, bias), …]."""
    sizes = [values.shape[1], *HIDDEN, 1]
    layers = [[rng.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32), np.zeros(b, np.float32)] for a, b in pairwise(sizes)]
    moments = [[[np.zeros_like(p), np.zeros_like(p)] for p in layer] for layer in layers]
    batch, step, total = 2048, 0, epochs * (len(values) // 2048)
    for _ in range(epochs):
        order = rng.permutation(len(values))
        for start in range(0, len(order) - batch + 1, batch):
            chosen = order[start : start + batch]
            step += 1
            rate = 4e-3 * 0.5 * (1 + np.cos(np.pi * step / total))
            for layer, moment, gradient in zip(layers, moments, gradients(layers, values[chosen], target[chosen]), strict=True):
                for index in range(2):
                    moment[index][0] += 0.1 * (gradient[index] - moment[index][0])
                    moment[index][1] += 0.001 * (gradient[index] ** 2 - moment[index][1])
                    first, second = moment[index][0] / (1 - 0.9**step), moment[index][1] / (1 - 0.999**step)
                    layer[index] -= (rate * (first / (np.sqrt(second) + 1e-8) + 1e-4 * layer[index])).astype(np.float32)
    return [(weights, bias) for weights, bias in layers]


def forward(layers: Sequence[Sequence[Array]], values: Array) -> tuple[list[Array], Array]:
    """What every layer sees of the rows of `values` (N, F), and the logits (N,)."""
    states = [values]
    for weights, bias in layers[:-1]:
        states.append(np.maximum(states[-1] @ weights + bias, 0))
    return states, (states[-1] @ layers[-1][0] + layers[-1][1])[:, 0]


def gradients(layers: list[list[Array]], values: Array, target: Array) -> list[tuple[Array, Array]]:
    """Gradients of the mean cross entropy, layer by layer."""
    states, logit = forward(layers, values)
    error = ((1 / (1 + np.exp(-logit)) - target) / len(target))[:, None].astype(np.float32)
    found = []
    for (weights, _), state in zip(reversed(layers), reversed(states), strict=True):
        found.append((state.T @ error, error.sum(0)))
        error = (error @ weights.T) * (state > 0)
    return found[::-1]


def main() -> None:
    rng = np.random.default_rng(SEED)
    pictures = read_pictures(Path(sys.argv[1]))
    variants = [vary(picture, rng, plain=number == 0) for picture in pictures for number in range(VARIANTS)]
    chosen = [_choose(weight, rng) for _, _, weight in variants]
    first = [evidence.values[pick].astype(np.float32) for (evidence, _, _), pick in zip(variants, chosen, strict=True)]
    target = np.concatenate([clear[pick] for (_, clear, _), pick in zip(variants, chosen, strict=True)])
    stage_one = fit(np.concatenate(first), target, rng)
    second = []
    for (evidence, _, _), pick in zip(variants, chosen, strict=True):
        context = gather_context(forward(stage_one, evidence.values.astype(np.float32))[1], evidence)
        second.append(np.concatenate([evidence.values[pick], context[pick]], -1, dtype=np.float32))
    stage_two = fit(np.concatenate(second), target, rng)
    for name, layers, values in zip(STAGES, (stage_one, stage_two), (np.concatenate(first), np.concatenate(second)), strict=True):
        (TARGET / name).write_bytes(write_rows_network(layers))
        wrong = (forward(layers, values)[1] > 0) != (target > 0.5)
        print(f"{name}: {wrong.mean():.2%} of {len(values)} training pixels wrong, {sum(a.size for layer in layers for a in layer)} numbers")
    print(f"{len(pictures)} pictures")


def _choose(weight: Array, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    sure = np.flatnonzero(weight > 0.9)
    return np.asarray(sure[rng.integers(0, len(sure), SAMPLES)])


if __name__ == "__main__":
    main()
