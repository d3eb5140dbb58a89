"""Pack the portraits that `paint_for_reading.py` paints, with their meshes, for a machine that has no face detector.

    python scripts/pack_for_reading.py FACES_FOLDER PACKED_FOLDER [--moves N]

A packed folder is used as FACES_FOLDER is. Faces are cut out and shrunk to what reading uses. It shows people: never commit it.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PillowImage

from finding import MESHES, Detecting, Finder
from kohl.core.arrays import Points3
from kohl.core.errors import FaceError
from kohl.data.random_looks import random_look
from kohl.rendering.renderer import render
from paint_for_reading import FACE_WIDTHS, in_8_bits, opened, rows_of

AROUND = 0.25
"""Sides of a mesh's box that are kept around it."""
QUALITY = 85
"""Of WebP."""


def pack_all(faces: Path, packed: Path, finder: Finder) -> tuple[list[dict[str, str]], dict[str, Points3]]:
    """Pack a folder's portraits; the rows of those whose face was found, and their meshes by file."""
    rows = rows_of(faces)
    found = {row["file"]: pack(faces, packed, row, finder) for row in rows}
    meshes = {file: mesh for file, mesh in found.items() if mesh is not None}
    return [row for row in rows if row["file"] in meshes], meshes


def pack(faces: Path, packed: Path, row: dict[str, str], finder: Finder) -> Points3 | None:
    """Cut a row's face out, and let the row say how wide it is then; its mesh (478, 3) in the new picture, or None where no face is found."""
    image = opened(faces / row["file"])
    try:
        points = finder.first(faces / row["file"], image, 1.0, is_mirrored=False).points
    except FaceError:
        return None
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    margin = AROUND * float((high - low).max())
    left, top = np.maximum(low - margin, 0).astype(int)
    right, bottom = np.minimum(high + margin, (image.shape[1], image.shape[0])).astype(int)
    scale = min(1.0, max(FACE_WIDTHS) / float(row["face_width"]))
    cut = image[top:bottom, left:right]
    cut = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else cut
    target = packed / row["file"]
    target.parent.mkdir(parents=True, exist_ok=True)
    # Whatever its name says: Pillow tells formats by their contents.
    PillowImage.fromarray(np.uint8(np.rint(np.clip(cut, 0, 1) * 255))).save(target, format="WEBP", quality=QUALITY)
    row["face_width"] = str(round(float(row["face_width"]) * scale))
    return np.asarray((points - np.array([left, top, 0], np.float32)) * np.float32(scale), np.float32)


def moves_on(packed: Path, rows: Sequence[dict[str, str]], count: int, finder: Finder) -> list[Points3]:
    """How meshes (478, 3) move, in eye distances, where the detector looks at faces once more that were painted."""
    found: list[Points3] = []
    for number, row in enumerate(random.Random(0).choices(rows, k=count)):
        image = opened(packed / row["file"])
        try:
            face = finder.first(packed / row["file"], image, 1.0, is_mirrored=False)
            painted = in_8_bits(render(image, face, random_look(np.random.default_rng(number)), seed=number))
            again = finder.again(painted, face.points, number)
        except FaceError:
            continue
        found.append(np.asarray((again.points - face.points) / face.eye_distance, np.float32))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path, help="folder with index.csv")
    parser.add_argument("packed", type=Path, help="folder to make")
    parser.add_argument("--moves", type=int, default=300, help="how many painted faces the detector looks at once more")
    asked = parser.parse_args()
    asked.packed.mkdir(parents=True, exist_ok=True)
    finder = Detecting()
    kept, meshes = pack_all(asked.faces, asked.packed, finder)
    moves = moves_on(asked.packed, kept, asked.moves, finder)
    np.savez_compressed(asked.packed / MESHES, files=np.array(list(meshes)), meshes=np.stack(list(meshes.values())), moves=np.stack(moves))
    with (asked.packed / "index.csv").open("w", newline="") as handle:
        writer = csv.DictWriter(handle, kept[0].keys())
        writer.writeheader()
        writer.writerows(kept)
    print(f"{len(kept)} portraits, {len(moves)} moves")


if __name__ == "__main__":
    main()
