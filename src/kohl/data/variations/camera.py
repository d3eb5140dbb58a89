"""Another camera: exposure, balance, softness, grain, compression."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, LinearImage
from kohl.data.variations.amounts import Amounts

_QUALITY = (60, 95)


@dataclass(frozen=True, eq=False)
class Camera:
    """One camera's settings; nothing in it is random any more. `gains` (3,) of linear light, `blur` in pixels, `grain` (h, w, 3) of encoded values,
    `quality` of a JPEG or None.
    """

    gains: FloatArray
    blur: float
    grain: FloatArray
    quality: int | None

    @classmethod
    def drawn(cls, rng: np.random.Generator, much: Amounts, size: tuple[int, int]) -> Camera:
        """A camera for pictures of `size` (h, w)."""
        gains = np.exp(rng.uniform(-much.exposure, much.exposure) + rng.uniform(-much.exposure, much.exposure, 3) / 3)
        blur = float(rng.uniform(0, much.blur))
        grain = rng.standard_normal((*size, 3), np.float32) * np.float32(rng.uniform(0, much.noise))
        quality = int(rng.integers(*_QUALITY)) if rng.random() < much.compression else None
        return cls(gains.astype(np.float32), blur, grain, quality)

    def expose(self, picture: LinearImage) -> LinearImage:
        """(h, w, 3) linear light as the sensor gets it; a part of every picture of a pair."""
        exposed = np.clip(picture * self.gains, 0, 1)
        return np.asarray(cv2.GaussianBlur(exposed, (0, 0), self.blur) if self.blur > 0.25 else exposed, np.float32)

    def develop(self, picture: Image) -> Image:
        """(h, w, 3) sRGB in [0, 1] with grain, and saved as the camera saves it."""
        grainy = np.clip(picture + self.grain, 0, 1)
        if self.quality is None:
            return np.asarray(grainy, np.float32)
        pixels = np.rint(grainy * 255).astype(np.uint8)
        _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.float32) / np.float32(255)
