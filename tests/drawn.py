"""A drawn face: no photograph, every parameter known, its mesh exact. What tests of faces and rendering stand on.

    image, points = draw_face((512, 512), skin=DEEP, yaw=20, mouth_open=0.8)
    face = Analyzer(detector=FixedDetector(points)).analyze(image)[0]

The mesh is the topology's mean shape, so a test of rendering needs no network. `draw` also returns the true masks.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Image, IntArray, Mask, Points, Points3
from kohl.faces import landmarks as at
from kohl.faces.chart import vertex_normals
from kohl.faces.contours import between, fill, ribbon, smooth_curve
from kohl.faces.mesh import Mesh
from kohl.faces.topology import load_topology
from kohl.geometry.triangles import affine_of, interpolate, rasterise

FAIR = (0.90, 0.76, 0.69)
MEDIUM = (0.76, 0.57, 0.46)
DEEP = (0.38, 0.25, 0.19)
"""Skins, sRGB."""
SKINS = {"fair": FAIR, "medium": MEDIUM, "deep": DEEP}
Light = tuple[float, float, float]
FRONT: Light = (0.15, -0.35, 1.0)
SIDE: Light = (0.9, -0.2, 0.6)
"""Directions to the light: x right, y down, z towards the viewer."""

Colour = tuple[float, float, float]
_BACKGROUND: Colour = (0.48, 0.55, 0.60)
_HAIR: Colour = (0.16, 0.10, 0.07)


@dataclass(frozen=True, eq=False)
class Drawing:
    """`image` (H, W, 3) and its exact mesh `points` (478, 3). The masks (H, W) say what was painted where."""

    image: Image
    points: Points3
    lips: Mask
    mouth: Mask
    eyes: Mask
    brows: Mask
    """The brow hairs themselves."""
    head: Mask
    """Everything in front of the background that is skin: face, forehead up to the hairline, neck."""


def draw_face(
    size: tuple[int, int] = (512, 512),
    *,
    skin: Colour = MEDIUM,
    yaw: float = 0.0,
    mouth_open: float = 0.0,
    eyes_open: float = 1.0,
    light: Light = FRONT,
    seed: int = 0,
) -> tuple[Image, Points3]:
    """Return (image, points (478, 3)); see `draw`."""
    drawing = draw(size, skin=skin, yaw=yaw, mouth_open=mouth_open, eyes_open=eyes_open, light=light, seed=seed)
    return drawing.image, drawing.points


def draw(
    size: tuple[int, int] = (512, 512),
    *,
    skin: Colour = MEDIUM,
    yaw: float = 0.0,
    mouth_open: float = 0.0,
    eyes_open: float = 1.0,
    light: Light = FRONT,
    seed: int = 0,
) -> Drawing:
    """Draw a face that fills 52 % of the picture's shorter side.

    yaw: degrees, positive towards the face's own left. mouth_open, eyes_open: 0 closed … 1 open. Same arguments, same picture.
    """
    points = face_points(size, yaw=yaw, mouth_open=mouth_open, eyes_open=eyes_open)
    rng = np.random.default_rng(seed)
    flat, unit = points[:, :2], float(np.ptp(points[:, 0]))
    shade = _shading(points, size, light) * _pores(size, unit, rng)
    head = _head(points, size)
    image = _flat(_BACKGROUND, size)
    image = _over(image, _flat(_HAIR, size) * _strands(size, unit, rng), fill(_hair_outline(flat, unit), size))
    image = _over(image, _flat(skin, size) * shade, head)
    lips, mouth = _mouth_masks(flat, size)
    image = _over(image, _flat(_lip_colour(skin), size) * shade, cv2.GaussianBlur(lips, (0, 0), max(0.4, unit * 0.002)))
    image = _over(image, _mouth_inside(flat, size, unit), mouth)
    eyes = _eyes_mask(flat, size)
    image = _over(image, _eyeballs(points, size), eyes)
    image = _over(image, _flat(_HAIR, size), _lashes(flat, size, unit) * 0.9)
    brows = _brow_hairs(flat, size, unit, rng)
    image = _over(image, _flat(_HAIR, size), brows)
    image = np.clip(image, 0, 1).astype(np.float32)
    return Drawing(image, points, lips * (1 - mouth), mouth, eyes, brows, head)


def mirror(image: Image, points: Points3) -> tuple[Image, Points3]:
    """Return the exact mirror image and its mesh, numbered as a face's mesh is: left stays the subject's own left."""
    flipped = points * np.array([-1, 1, 1], np.float32) + np.array([image.shape[1], 0, 0], np.float32)
    partner = np.concatenate([load_topology().mirror[: at.NUM_SURFACE], [473, 476, 475, 474, 477, 468, 471, 470, 469, 472]])
    return np.ascontiguousarray(image[:, ::-1]), flipped[partner].astype(np.float32)


class FixedDetector:
    """A `MeshDetector` that finds the meshes it was made with, whatever the picture."""

    def __init__(self, *points: Points3) -> None:
        self._meshes = [Mesh(mesh, 1.0) for mesh in points]

    def detect(self, image: Image) -> list[Mesh]:
        return list(self._meshes)


def face_points(size: tuple[int, int], *, yaw: float = 0.0, mouth_open: float = 0.0, eyes_open: float = 1.0) -> Points3:
    """Return the (478, 3) mesh in pixels of a picture of `size`: the mean shape with its irises, posed and placed."""
    shape = _with_irises(load_topology().shape.astype(np.float64))
    shape = _close_mouth(shape, 1 - mouth_open)
    shape = _close_eyes(shape, 1 - eyes_open)
    middle = np.array([0, -0.1, 0.25])
    cos, sin = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    turned = (shape - middle) @ np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]]).T
    points = turned * (0.52 * min(size)) + np.array([size[1] / 2, size[0] * 0.52, 0])
    return points.astype(np.float32)


def _with_irises(shape: AnyArray) -> AnyArray:
    irises = []
    for lids in (at.RIGHT_EYE, at.LEFT_EYE):
        centre = shape[lids].mean(0) - [0, 0, 0.01]
        irises.append(centre + 0.043 * np.array([[0, 0, 0], [1, 0, 0], [0, -1, 0], [-1, 0, 0], [0, 1, 0]]))
    return np.concatenate([shape, *irises])


def _close_mouth(shape: AnyArray, amount: float) -> AnyArray:
    """Lift the lower lip onto the upper one, the chin a little with it."""
    lift = np.zeros_like(shape)
    gap = shape[at.LIPS_UPPER_INNER] - shape[at.LIPS_LOWER_INNER]
    below = shape[:, 1] > np.interp(shape[:, 0], shape[at.LIPS_UPPER_INNER, 0], shape[at.LIPS_UPPER_INNER, 1]) + 1e-6
    reach = np.interp(shape[:, 0], shape[at.LIPS_LOWER_INNER, 0], np.linalg.norm(gap, axis=1) * np.sign(-gap[:, 1]))
    # The lower lip swells a little where it is pressed up.
    fade = 0.75 * np.exp(-np.maximum(shape[:, 1] - 0.30, 0) / 0.2) * (np.abs(shape[:, 0]) < 0.25)
    lift[:, 1] = -reach * fade * below
    lift[at.LIPS_UPPER_INNER] = 0
    lift[at.LIPS_LOWER_INNER] = gap
    return shape + amount * lift


def _close_eyes(shape: AnyArray, amount: float) -> AnyArray:
    shape = shape.copy()
    pairs = ((at.RIGHT_LID_UPPER, at.RIGHT_LID_LOWER), (at.LEFT_LID_UPPER, at.LEFT_LID_LOWER))
    for upper, lower in pairs:
        shape[upper] += amount * (shape[lower] - shape[upper])
    return shape


def _shading(points: Points3, size: tuple[int, int], light: Light) -> FloatArray:
    """Lambert with plenty of ambient light, from the mesh's own normals, smooth beyond it; (H, W, 1), about 1 on the cheeks."""
    topology = load_topology()
    vertices = topology.extend(points)
    corners = vertices[topology.triangles]
    covered = rasterise(corners[..., :2], size, np.argsort(-corners[..., 2].mean(1)).astype(np.int32))
    normals = interpolate(covered, affine_of(corners[..., :2], vertex_normals(vertices)[topology.triangles]))
    direction = np.array(light) / np.linalg.norm(light)
    inside = (covered >= 0).astype(np.float32)
    shade = (0.45 + 0.65 * np.clip(normals @ direction, 0, 1)).astype(np.float32) * inside
    blur = max(1.0, min(size) * 0.02)
    smooth = cv2.GaussianBlur(shade, (0, 0), blur) / np.maximum(cv2.GaussianBlur(inside, (0, 0), blur), 1e-3)
    reached = np.clip(cv2.GaussianBlur(inside, (0, 0), blur) * 20, 0, 1)
    shade = reached * smooth + (1 - reached) * 0.7
    # Encoded values: a root of the linear ones.
    return (shade ** (1 / 2.2))[..., None].astype(np.float32)


def _pores(size: tuple[int, int], unit: float, rng: np.random.Generator) -> FloatArray:
    noise = cv2.GaussianBlur(rng.standard_normal(size).astype(np.float32), (0, 0), max(0.6, unit * 0.002))
    return (1 + 0.012 * noise / noise.std())[..., None].astype(np.float32)


def _strands(size: tuple[int, int], unit: float, rng: np.random.Generator) -> FloatArray:
    noise = cv2.GaussianBlur(rng.standard_normal(size).astype(np.float32), (0, 0), sigmaX=max(0.5, unit * 0.003), sigmaY=unit * 0.05)
    return (1 + 0.35 * noise / noise.std())[..., None].astype(np.float32)


def _head(points: Points3, size: tuple[int, int]) -> Mask:
    """Face with its ring up to the hairline, and a neck."""
    flat, unit = points[:, :2], np.ptp(points[:, 0])
    # The hairline lies well below the end of the mesh's ring.
    ring = flat[at.FACE_OVAL] + 0.75 * (load_topology().extend(points)[at.NUM_SURFACE :, :2] - flat[at.FACE_OVAL])
    chin, left, right = flat[152], flat[361], flat[132]
    neck = np.array([right * [1, 1] + [0.06 * unit, 0], [right[0], size[0] + 5], [left[0], size[0] + 5], left - [0.06 * unit, 0], chin])
    return np.maximum(fill(_closed(ring), size), fill(neck.astype(np.float32), size))


def _closed(outline: Points) -> Points:
    return smooth_curve(np.concatenate([outline, outline[:1]]))[:-1]


def _hair_outline(flat: Points, unit: float) -> Points:
    top = (flat[10] + flat[152]) / 2 - [0, 0.12 * unit]
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    return (top + unit * np.stack([0.70 * np.cos(angle), 0.98 * np.sin(angle)], 1)).astype(np.float32)


def _lip_colour(skin: Colour) -> Colour:
    red, green, blue = skin
    return (red * 0.92, green * 0.70, blue * 0.75)


def _curves(flat: Points, upper: IntArray, lower: IntArray) -> Points:
    return between(smooth_curve(flat[upper]), smooth_curve(flat[lower]))


def _mouth_masks(flat: Points, size: tuple[int, int]) -> tuple[Mask, Mask]:
    outer = fill(_curves(flat, at.LIPS_UPPER_OUTER, at.LIPS_LOWER_OUTER), size)
    return outer, fill(_curves(flat, at.LIPS_UPPER_INNER, at.LIPS_LOWER_INNER), size)


def _mouth_inside(flat: Points, size: tuple[int, int], unit: float) -> Image:
    """Upper teeth, dark behind."""
    upper = smooth_curve(flat[at.LIPS_UPPER_INNER])
    teeth = fill(between(upper, upper + np.array([0, 0.05 * unit])), size)
    return _over(_flat((0.16, 0.05, 0.05), size), _flat((0.88, 0.85, 0.78), size), teeth)


def _eyes_mask(flat: Points, size: tuple[int, int]) -> Mask:
    lids = ((at.RIGHT_LID_UPPER, at.RIGHT_LID_LOWER), (at.LEFT_LID_UPPER, at.LEFT_LID_LOWER))
    return np.maximum(*(fill(_curves(flat, upper, lower), size) for upper, lower in lids))


def _eyeballs(points: Points3, size: tuple[int, int]) -> Image:
    image = _flat((0.86, 0.84, 0.83), size)
    for iris in (at.RIGHT_IRIS, at.LEFT_IRIS):
        centre = points[iris[0], :2]
        radius = float(np.linalg.norm(points[iris[2], :2] - centre))
        for share, colour in ((1.0, (0.28, 0.19, 0.12)), (0.45, (0.03, 0.03, 0.03))):
            image = _over(image, _flat(colour, size), fill(_circle(centre, radius * share), size))
        image = _over(image, _flat((1, 1, 1), size), fill(_circle(centre + radius * np.array([0.3, -0.3]), radius * 0.15), size))
    return image


def _circle(centre: Points, radius: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return (centre + radius * np.stack([np.cos(angle), np.sin(angle)], 1)).astype(np.float32)


def _lashes(flat: Points, size: tuple[int, int], unit: float) -> Mask:
    mask = np.zeros(size, np.float32)
    for lid in (at.RIGHT_LID_UPPER, at.LEFT_LID_UPPER):
        curve = smooth_curve(flat[lid])
        mask = np.maximum(mask, fill(ribbon(curve, np.full(len(curve), 0.008 * unit, np.float32)), size))
    return mask


def _brow_hairs(flat: Points, size: tuple[int, int], unit: float, rng: np.random.Generator, count: int = 130) -> Mask:
    """Tapering strands that start along the lower edge at the head of the brow and lean towards its tail."""
    mask = np.zeros(size, np.float32)
    for upper, lower in ((at.RIGHT_BROW_UPPER, at.RIGHT_BROW_LOWER), (at.LEFT_BROW_UPPER, at.LEFT_BROW_LOWER)):
        top, bottom = smooth_curve(flat[upper], 24), smooth_curve(flat[lower], 24)
        for _ in range(count):
            place, height = rng.integers(8, len(top) - 2), rng.uniform(0.15, 0.7)
            root = bottom[place] + height * (top[place] - bottom[place])
            along = top[place - 8] - top[place]
            up = (top[place] - bottom[place]) * rng.uniform(0.1, 0.5) * place / len(top)
            tip = root + along * rng.uniform(0.8, 1.4) + up
            strand = smooth_curve(np.stack([root, (root + tip) / 2 + up * 0.2, tip]), 5)
            widths = np.linspace(0.007, 0.002, len(strand), dtype=np.float32) * unit
            mask = np.maximum(mask, fill(ribbon(strand, widths), size))
    return mask


def _flat(colour: Colour, size: tuple[int, int]) -> Image:
    return np.broadcast_to(np.array(colour, np.float32), (*size, 3))


def _over(below: Image, above: Image, mask: Mask) -> Image:
    return (below + mask[..., None] * (above - below)).astype(np.float32)
