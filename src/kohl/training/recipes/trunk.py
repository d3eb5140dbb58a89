"""The trunk that every learned look starts from: taught, once, to say where things are on a face. No makeup is involved.

    python scripts/train_trunk.py FACES -o trunk.safetensors

The teacher is kohl's own analysis (mesh, chart, masks from the picture); the lesson is to find lips, lids, lash lines, brows and cheeks in a
loosely cut crop. What five pairs then have to teach is colour, not anatomy. Half an hour on one core for the shipped
file.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor, nn

from kohl.core.arrays import AnyArray, FloatArray
from kohl.faces.face import Face
from kohl.methods.tinybeauty.config import MOBILE, TinyBeautySpec
from kohl.methods.tinybeauty.model import STRIDE, Trunk
from kohl.nn.devices import follow
from kohl.rendering.zones.eyes import ZONES, eyeshadow_zone
from kohl.rendering.zones.face import face_zone
from kohl.training.loop import Losses, Schedule, Step, Watching, fit
from kohl.training.loose_crops import Looseness, check_sheets, cut_batch

MASKS = ("skin", "lips", "mouth", "eyes", "brows", "clear")
NUM_PLACES = len(MASKS) + 3 + len(ZONES) + 1
"""Masks from the picture; where the mesh is seen and its two chart coordinates; eye zones; cheeks."""
SCHEDULE = Schedule(steps=2500, learning_rate=4e-3)
BATCH = 8


class Localiser(nn.Module):
    """A trunk with a head that names places: (B, 3, H, W) crop in [0, 1] → (B, NUM_PLACES, H, W), about [0, 1]. The head is thrown away."""

    def __init__(self, spec: TinyBeautySpec = MOBILE) -> None:
        super().__init__()
        self.trunk = Trunk(spec)
        self.hidden = nn.Conv2d(spec.widths[0] + spec.detail, spec.head, 1)
        self.out = nn.Conv2d(spec.head, NUM_PLACES * STRIDE**2, 1)

    def forward(self, crop: Tensor) -> Tensor:
        """Where each place is."""
        return F.pixel_shuffle(self.out(F.relu(self.hidden(self.trunk(crop)))), STRIDE)


def draw_places(face: Face) -> AnyArray:
    """(H, W, NUM_PLACES) uint8 on the whole picture that `face` was found in: the lesson for one sheet."""
    field, masks = face.field, face.masks
    on_picture = np.zeros((*face.size, NUM_PLACES), np.uint8)
    layers: list[FloatArray] = [getattr(masks, name) for name in MASKS]
    layers += [field.facing, field.uv[..., 0] * field.facing, field.uv[..., 1] * field.facing]
    layers += [field.sample(texture) * field.facing for texture in _textures()]
    on_picture[face.window_slices] = np.round(np.stack(layers, axis=-1).clip(0, 1) * 255).astype(np.uint8)
    return on_picture


@functools.cache
def _textures() -> tuple[FloatArray, ...]:
    return (*(np.ascontiguousarray(eyeshadow_zone(zone, "classic")) for zone in ZONES), np.ascontiguousarray(face_zone("blush", "apples")))


@dataclass(frozen=True, eq=False)
class Lesson:
    """`sheets` (N, SIDE, SIDE, 3) and `places` (N, SIDE, SIDE, NUM_PLACES), uint8."""

    sheets: AnyArray
    places: AnyArray

    def step(self) -> Step:
        """A step of training on random loose crops."""
        check_sheets(self.sheets, self.places)

        def run(network: nn.Module, random: np.random.Generator) -> Losses:
            crops, places = follow(network, cut_batch((self.sheets, self.places), BATCH, random, Looseness()))
            return {"square": 30 * (network(crops) - places).square().mean()}

        return run


def train_trunk(sheets: AnyArray, faces: Sequence[Face], schedule: Schedule = SCHEDULE, *, seed: int = 0, watching: Watching | None = None) -> Trunk:
    """Teach a trunk on `sheets` (N, SIDE, SIDE, 3) uint8 and the faces found in them. Raises as `fit`."""
    lesson = Lesson(sheets, np.stack([draw_places(face) for face in faces]))
    network = Localiser()
    fitted = fit(network, lesson.step(), schedule, seed=seed, watching=watching)
    assert isinstance(fitted, Localiser)  # noqa: S101  for the type checker: fit gives back what it was given
    return fitted.trunk
