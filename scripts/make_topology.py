"""Compute the UV chart: the 468 surface points plus a ring beyond the outline, their triangles and mirror partners.

    python scripts/make_topology.py FACES_FOLDER

FACES_FOLDER holds `index.csv` (columns file, yaw_deg, split) and the pictures. Only pictures of the train split are
read. The chart is the mean shape of the faces whose mouth and eyes are open (so that no triangle there is a sliver),
turned to the front, made symmetric, and unrolled on a cylinder. It is one average of hundreds: no face can be
recovered from it. Writes src/kohl/faces/topology.npz.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.optimize import linear_sum_assignment
from scipy.spatial import Delaunay

from kohl.faces.landmarks import FACE_OVAL, LEFT_EYE, LIPS_INNER, MIDLINE, NUM_SURFACE, RIGHT_EYE
from kohl.faces.mesh import MediapipeMeshDetector

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int32]
TARGET = Path(__file__).parents[1] / "src/kohl/faces/topology.npz"
MARGIN = 0.02
"""Air around the ring on the chart."""
NOSE_BRIDGE = 168
FOREHEAD = 0.4
"""How much further than the rest of its formula says the ring reaches above the forehead."""


def read_shapes(folder: Path) -> Array:
    """Return (N, 468, 3) meshes of the train split's nearly frontal faces."""
    detector = MediapipeMeshDetector()
    shapes = []
    with (folder / "index.csv").open(newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["split"] == "train" and abs(float(row["yaw_deg"] or 90)) < 12]
    for row in rows:
        pixels = np.asarray(Image.open(folder / row["file"]).convert("RGB"), np.float32) / 255
        shapes += [mesh.points[:NUM_SURFACE] for mesh in detector.detect(pixels)[:1]]
    return np.stack(shapes).astype(np.float64)


def align_to(shape: Array, target: Array) -> Array:
    """Move, turn and scale `shape` onto `target` (orthogonal Procrustes; Kabsch 1976)."""
    centred, goal = shape - shape.mean(0), target - target.mean(0)
    u, values, vt = np.linalg.svd(centred.T @ goal)
    turn = np.diag([1, 1, np.sign(np.linalg.det(u @ vt))])
    scale = (values * np.diag(turn)).sum() / (centred**2).sum()
    return centred @ u @ turn @ vt * scale + target.mean(0)


def mean_shape(shapes: Array) -> Array:
    """Generalised Procrustes mean, of unit norm."""
    mean = shapes[0] - shapes[0].mean(0)
    for _ in range(5):
        mean /= np.linalg.norm(mean)
        mean = np.mean([align_to(shape, mean) for shape in shapes], axis=0)
    return mean


def is_open(shape: Array) -> bool:
    """Whether mouth and eyes are open enough to give the chart room there."""
    height = np.linalg.norm(shape[10] - shape[152])
    mouth = np.linalg.norm(shape[13] - shape[14]) / height
    eyes = (np.linalg.norm(shape[159] - shape[145]) + np.linalg.norm(shape[386] - shape[374])) / (2 * height)
    return bool(0.04 < mouth < 0.22 and eyes > 0.04)


def find_mirror(shape: Array) -> Indices:
    """Partner of every point across the face's own plane of symmetry."""
    flipped = shape * [-1, 1, 1]
    cost = np.linalg.norm(flipped[:, None] - shape[None], axis=-1)
    partner = linear_sum_assignment(cost)[1].astype(np.int32)
    if not (np.array_equal(partner[partner], np.arange(len(shape))) and np.array_equal(partner[MIDLINE], MIDLINE)):
        raise SystemExit("the points found no symmetric partners: is MIDLINE right, are there enough faces?")
    return partner


def make_symmetric(shape: Array) -> tuple[Array, Indices]:
    """Turn the shape to the front, find the mirror partners, and average it with its own mirror image."""
    shape = _upright(_facing(shape))
    mirror = find_mirror(shape)
    return (shape + (shape * [-1, 1, 1])[mirror]) / 2, mirror


def _facing(shape: Array) -> Array:
    """Turn the plane of the midline points onto x = 0."""
    shape = shape - shape[MIDLINE].mean(0)
    normal = np.linalg.svd(shape[MIDLINE], full_matrices=False)[2][2]
    return shape @ _turn_onto(normal * np.sign(normal[0]), np.array([1.0, 0, 0])).T


def _upright(shape: Array) -> Array:
    """Turn about the x axis until the forehead stands above the chin."""
    down = (shape[152] - shape[10]) * [0, 1, 1]
    return shape @ _turn_onto(down / np.linalg.norm(down), np.array([0, 1.0, 0])).T


def _turn_onto(source: Array, target: Array) -> Array:
    """Smallest rotation that takes unit vector `source` onto `target` (Rodrigues)."""
    cross = np.cross(source, target)
    skew = np.array([[0, -cross[2], cross[1]], [cross[2], 0, -cross[0]], [-cross[1], cross[0], 0]])
    return np.eye(3) + skew + skew @ skew / (1 + source @ target)


def extension(shape: Array) -> Array:
    """(36, 468) weights of the ring beyond the oval: each oval point pushed outwards from the nose bridge, the forehead most."""
    weights = np.zeros((len(FACE_OVAL), NUM_SURFACE))
    top, bottom = shape[10, 1], shape[152, 1]
    for row, index in enumerate(FACE_OVAL):
        share = (shape[index, 1] - top) / (bottom - top)
        push = 0.06 + 0.30 * np.clip(1 - share / 0.35, 0, 1) ** 0.7
        weights[row, index] = 1 + push
        weights[row, NOSE_BRIDGE] = -push
    return weights


def unroll(shape: Array) -> Array:
    """Vertices → (N, 2) on a cylinder around the head, scaled into the unit square; both axes keep one scale."""
    radius = np.ptp(shape[:NUM_SURFACE, 0]) * 1.3
    angle = np.arctan2(shape[:, 0], radius - (shape[:, 2] - shape[:, 2].min()))
    flat = np.stack([angle * radius, shape[:, 1]], 1)
    span = np.ptp(flat, axis=0).max() / (1 - 2 * MARGIN)
    low = (flat.max(0) + flat.min(0)) / 2
    return (flat - low) / span + 0.5


def raise_forehead(weights: Array, chart: Array, shape: Array) -> tuple[Array, Array]:
    """Lift the ring over the forehead by up to `FOREHEAD`: hairlines differ more than anything below them.

    Done last, so that the rest of the chart stays where it is.
    """
    weights, chart = weights.copy(), chart.copy()
    top, bottom = shape[10, 1], shape[152, 1]
    for row, index in enumerate(FACE_OVAL):
        share = (shape[index, 1] - top) / (bottom - top)
        factor = 1 + FOREHEAD * np.clip(1 - share / 0.35, 0, 1) ** 0.7
        weights[row, NOSE_BRIDGE] *= factor
        weights[row, index] = 1 - weights[row, NOSE_BRIDGE]
        chart[NUM_SURFACE + row] = chart[index] + (chart[NUM_SURFACE + row] - chart[index]) * factor
    return weights, chart


def triangulate(chart: Array, mirror: Indices) -> Indices:
    """Delaunay triangles of the chart's one half, and their mirror images, so that both sides are cut alike."""
    half = np.flatnonzero(chart[:, 0] <= 0.5 + 1e-9)
    triangles = half[Delaunay(chart[half]).simplices]
    area = _signed_area(chart[triangles])
    triangles = triangles[np.abs(area) > 1e-7]
    triangles = np.where(_signed_area(chart[triangles])[:, None] > 0, triangles, triangles[:, ::-1])
    return np.concatenate([triangles, mirror[triangles][:, ::-1]]).astype(np.int32)


def _signed_area(corners: Array) -> Array:
    (ax, ay), (bx, by) = (corners[:, 1] - corners[:, 0]).T, (corners[:, 2] - corners[:, 0]).T
    return (ax * by - ay * bx) / 2


def part_of(triangles: Indices) -> npt.NDArray[np.uint8]:
    """0 skin, 1 mouth opening, 2 eye openings: triangles whose corners all lie on the opening's edge."""
    part = np.zeros(len(triangles), np.uint8)
    part[np.isin(triangles, LIPS_INNER).all(1)] = 1
    for eye in (RIGHT_EYE, LEFT_EYE):
        part[np.isin(triangles, eye).all(1)] = 2
    return part


def main() -> None:
    shapes = read_shapes(Path(sys.argv[1]))
    opened = np.stack([shape for shape in shapes if is_open(shape)])
    shape, mirror = make_symmetric(mean_shape(opened))
    weights = extension(shape)
    ring_mirror = NUM_SURFACE + np.array([int(np.flatnonzero(mirror[index] == FACE_OVAL)[0]) for index in FACE_OVAL])
    mirror = np.concatenate([mirror, ring_mirror]).astype(np.int32)
    chart = unroll(np.concatenate([shape, weights @ shape]))
    chart[:, 0] = (chart[:, 0] + 1 - chart[mirror, 0]) / 2
    chart[:, 1] = (chart[:, 1] + chart[mirror, 1]) / 2
    triangles = triangulate(chart, mirror)
    weights, chart = raise_forehead(weights, chart, shape)
    np.savez_compressed(
        TARGET,
        chart=chart.astype(np.float32),
        shape=(shape / np.ptp(shape[:, 0])).astype(np.float32),
        extension=weights.astype(np.float32),
        triangles=triangles,
        part=part_of(triangles),
        mirror=mirror,
    )
    print(f"{len(opened)} of {len(shapes)} faces had mouth and eyes open; {len(chart)} vertices, {len(triangles)} triangles → {TARGET.name}")


if __name__ == "__main__":
    main()
