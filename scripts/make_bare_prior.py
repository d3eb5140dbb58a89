"""Learn how bare faces look on the UV chart, relative to their own skin.

    python scripts/make_bare_prior.py FACES_FOLDER

Reads the train split only: studio portraits without makeup (`london`), men, and pictures labelled "without makeup" or
with facial hair, less those on whom judges saw some. Writes src/kohl/reading/bare.npz: per chart pixel the median log ratio to
the own skin, how it changes with skin tone, and its spread; the same for the mean of lips, lids and cheeks. Averages of more than
a hundred pictures: no face is in it.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from by_eye import is_bare
from kohl.core.errors import FaceError
from kohl.faces.analyzer import Analyzer
from kohl.reading.bare import ZONES, skin_depth, zone_means
from kohl.reading.unrolled import Unrolled, unroll_face
from kohl.reading.zones import LIPS, zone_mask

TARGET = Path(__file__).parents[1] / "src/kohl/reading/bare.npz"
SIDE = 160


def unroll_all(folder: Path) -> list[Unrolled]:
    analyzer = Analyzer()
    unrolled = []
    with (folder / "index.csv").open(newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if is_bare(row)]
    for row in rows:
        image = np.asarray(Image.open(folder / row["file"]).convert("RGB"), np.float32) / 255
        try:
            unrolled.append(unroll_face(image, analyzer.analyze(image)[0]))
        except FaceError as error:
            print(f"left out: {error}")
    return unrolled


def fit(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], depth: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], ...]:
    """Robust straight line value = middle + slope * depth for every pixel and channel; returns (middle, slope, spread).

    values (N, P, C), weights (N, P), depth (N,). Iteratively reweighted; the slope is held towards 0 where few people are seen.
    """
    robust = np.repeat(weights[..., None], values.shape[-1], -1)
    middle = slope = spread = np.zeros(values.shape[1:])
    for _ in range(8):
        total = robust.sum(0) + 1e-6
        x = depth[:, None, None] - (robust * depth[:, None, None]).sum(0) / total
        mean = (robust * values).sum(0) / total
        slope = (robust * x * (values - mean)).sum(0) / ((robust * x * x).sum(0) + 3.0)
        middle = mean - slope * (robust * depth[:, None, None]).sum(0) / total
        left = values - middle - slope * depth[:, None, None]
        spread = np.sqrt((robust * left**2).sum(0) / total) + 0.02
        robust = weights[..., None] / (1 + (left / (1.5 * spread)) ** 2)
    return middle, slope, spread


def main() -> None:
    faces = unroll_all(Path(sys.argv[1]))
    depth = np.array([skin_depth(face.skin) for face in faces])
    lips = zone_mask(LIPS, SIDE) > 0.3
    ratios, weights = [], []
    for face in faces:
        small = cv2.resize(face.ratio, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        seen = np.where(lips, cv2.resize(face.lips_seen, (SIDE, SIDE)), cv2.resize(face.skin_seen, (SIDE, SIDE)))
        ratios.append(small.reshape(-1, 3))
        weights.append(np.clip(seen, 0, 1).ravel())
    middle, slope, spread = fit(np.stack(ratios).astype(np.float64), np.stack(weights).astype(np.float64), depth)
    zones = np.stack([zone_means(face) for face in faces]).astype(np.float64)
    known = np.isfinite(zones).all(-1)
    zone_middle, zone_slope, _ = fit(np.nan_to_num(zones), known.astype(np.float64), depth)
    left = zones - zone_middle - zone_slope * depth[:, None, None]
    covariance = np.stack([np.cov(left[known[:, zone], zone].T) for zone in range(len(ZONES))])
    shape = (SIDE, SIDE, 3)
    arrays = {"middle": middle.reshape(shape), "slope": slope.reshape(shape), "spread": spread.reshape(shape)}
    arrays |= {"zone_middle": zone_middle, "zone_slope": zone_slope, "zone_covariance": covariance}
    np.savez_compressed(
        TARGET, **{name: array.astype(np.float16 if array.ndim == 3 and array.size > 1000 else np.float32) for name, array in arrays.items()}
    )
    print(f"{len(faces)} faces; spread of lips, lids, cheeks (log): {np.sqrt(np.einsum('zcc->zc', covariance)).round(3).tolist()} → {TARGET.name}")


if __name__ == "__main__":
    main()
