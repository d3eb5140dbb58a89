"""What analysis finds: a frozen value that the next call takes; nothing is remembered between calls."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import Box, Image, Mask, Points3
from kohl.core.side_by_side import side_by_side
from kohl.faces.chart import ChartField, Window
from kohl.faces.landmarks import eye_distance
from kohl.geometry.strips import strips, whole

OF_ONE_MIND = 0.1
"""Eye distances, in the mean of all points, up to which two looks at one face mean the same."""


@dataclass(frozen=True)
class Pose:
    """Degrees. `yaw` is positive when the face turns to its own left, `pitch` when it looks up, `roll` counter-clockwise as seen."""

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, eq=False)
class Masks:
    """Soft (h, w) masks in the face's window, found in the picture at its own resolution."""

    skin: Mask
    """The face's bare skin up to the real hairline: without eyes, mouth opening, lips, brow hair and what lies over the face."""
    lips: Mask
    """The red of the lips, without teeth and mouth opening."""
    mouth: Mask
    """The mouth opening: teeth, tongue, dark."""
    eyes: Mask
    """The eye openings: eyeball and iris."""
    brows: Mask
    """Brow hair, not the skin between the hairs."""
    clear: Mask
    """1 where nothing lies over the face; 0 under hair, glasses, hands and what else covers it. Beards count as cover."""


@dataclass(frozen=True, eq=False)
class Face:
    """One face of a picture.

    `size` (h, w) of the picture. `box` xyxy of the mesh, `points` (478, 3), both in image pixels. `score` of the detector
    in [0, 1]. `window` (y0, y1, x0, x1): the part of the picture that `field` and `masks` describe and makeup may touch.
    `doubt`: eye distances between two looks at it, in the mean of all points; 1 where only one of them found it.
    """

    size: tuple[int, int]
    box: tuple[float, float, float, float]
    points: Points3
    pose: Pose
    score: float
    window: Window
    field: ChartField
    masks: Masks
    doubt: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether the mesh is where the face is, as far as two looks at it can tell."""
        return self.doubt <= OF_ONE_MIND

    @property
    def window_slices(self) -> Box:
        """Index of the window in a picture: `image[face.window_slices]`."""
        y0, y1, x0, x1 = self.window
        return slice(y0, y1), slice(x0, x1)

    def with_window(self, image: Image, window: Image) -> Image:
        """A copy of the picture `image` (H, W, 3) in which the face's window is `window` (h, w, 3)."""
        result = np.empty_like(image)
        # Half of a copy's time goes into memory that is touched for the first time, which cores do side by side.
        side_by_side([functools.partial(np.copyto, result[part], image[part]) for part in strips(whole(image.shape))])
        result[self.window_slices] = window
        return result

    @property
    def local_points(self) -> Points3:
        """(478, 3) mesh points in pixels of the window."""
        return (self.points - np.array([self.window[2], self.window[0], 0], np.float32)).astype(np.float32)

    @property
    def eye_distance(self) -> float:
        """Pixels between the middles of the two eyes."""
        return eye_distance(self.points)
