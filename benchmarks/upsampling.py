"""How well a learned look's residual comes back from its 256×256 crop to the photo's own resolution; what docs/learned.md tells.

    python benchmarks/upsampling.py [PHOTO ...]

Presets are painted at full size; their residual is averaged down to the crop and brought back, by bilinear interpolation and as kohl does.
PSNR over the painted pixels. Without photos: the astronaut's portrait, twice as large as `kohl samples` has it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import cv2
import numpy as np

from kohl.api.samples import sample_photo
from kohl.api.studio import Studio
from kohl.core.arrays import FloatArray, Image
from kohl.core.images import open_image
from kohl.geometry.affine import invert
from kohl.geometry.warp import Border, warp_image
from kohl.methods.tinybeauty.crop import CROP_SIDE, crop_from_image
from kohl.methods.tinybeauty.upsampling import upsample_residual

LOOKS = ("smoky-eye", "classic-red-lip", "soft-glam", "gothic")
SIZE = (CROP_SIDE, CROP_SIDE)


def main(paths: list[str]) -> None:
    studio, rows = Studio(), []
    print(f"{'photo':>24} {'look':>16} bilinear    ours")
    for name, image in photos(paths):
        (face, *_) = studio.analyze(image)
        matrix = crop_from_image(face.box, roll=face.pose.roll)
        crop = warp_image(image, matrix, SIZE)
        for look in LOOKS:
            truth = studio.apply_details(image, look).pixels - image
            residual = warp_image(truth, matrix, SIZE)
            plain = warp_image(residual, invert(matrix), (image.shape[0], image.shape[1]), border=Border.ZERO)
            ours = upsample_residual(residual, crop, image, invert(matrix))
            rows.append((psnr(plain, truth), psnr(ours, truth)))
            print(f"{name[-24:]:>24} {look:>16} {rows[-1][0]:8.2f} {rows[-1][1]:7.2f}", flush=True)
    plain_mean, ours_mean = np.mean(rows, axis=0)
    print(f"{'mean':>24} {len(rows):>16} {plain_mean:8.2f} {ours_mean:7.2f}")


def photos(paths: list[str]) -> Iterator[tuple[str, Image]]:
    """(name, (H, W, 3) picture in [0, 1]) each."""
    if not paths:
        sample = sample_photo().astype(np.float32) / 255
        yield "astronaut", cv2.resize(sample, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).clip(0, 1)
    for path in paths:
        yield path, open_image(path).pixels


def psnr(made: FloatArray, truth: FloatArray) -> float:
    """Decibels, for a peak of 1, over the pixels that the look paints."""
    painted = np.abs(truth).max(axis=2) > 1e-6
    return float(-10 * np.log10(((made - truth)[painted] ** 2).mean()))


if __name__ == "__main__":
    main(sys.argv[1:])
