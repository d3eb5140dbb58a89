"""How strong the artists are, how surely pairs are told from other photos, how well they are aligned, and what a variation costs.

Thresholds were chosen on the train split of ../shared/data/faces; this runs on it by default, and on another with --split.
"""

from __future__ import annotations

import argparse
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

import portraits
from kohl.core.arrays import AnyArray, Image, Matrix
from kohl.core.errors import FaceError
from kohl.data import painters
from kohl.data.crops import cut_crop
from kohl.data.pairs import SAME_MOMENT, SAME_PHOTO
from kohl.data.registration import register
from kohl.data.variations import Person, draw_variation
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.affine import apply, compose, identity, rotation, similarity_from_points, translation
from kohl.geometry.warp import Interpolation, warp_image
from kohl.methods.tinybeauty.crop import CROP_SIDE, crop_from_image
from record import Record, Table

ANCHORS = [33, 133, 263, 362, 1, 61, 291, 152, 10]
"""Landmarks by which another photo is laid on one as well as can be: the hardest case for telling them apart."""


@dataclass(frozen=True, eq=False)
class Sitter:
    """A portrait with its face."""

    portrait: portraits.Portrait
    image: Image
    face: Face

    @property
    def side(self) -> float:
        """The longer side of the face's box."""
        x0, y0, x1, y1 = self.face.box
        return max(x1 - x0, y1 - y0)


@dataclass(frozen=True)
class Trial:
    """One registration: the two likenesses, and by how many shares of the face the motion found is off (NaN where there is no true one)."""

    likeness: float
    face_likeness: float
    error: float = float("nan")


def sitters(split: str, count: int, seed: int) -> list[Sitter]:
    """`count` portraits of `split` at random, and both pictures of up to `count` / 2 people who have two."""
    analyzer, rng = Analyzer(), np.random.default_rng(seed)
    chosen = [item for item in portraits.portraits() if item.split == split]
    several = [item for item in chosen if sum(other.person == item.person for other in chosen) > 1]
    # Both pictures of a person side by side, so that `count` does not part them.
    several.sort(key=lambda item: item.person)
    single = [chosen[i] for i in rng.permutation(len(chosen)) if chosen[i] not in several]
    found = []
    for item in [*several[:count], *single[:count]]:
        image = item.open()
        try:
            found.append(Sitter(item, image, analyzer.analyze(image)[0]))
        except FaceError as error:
            print(f"left out {item.name}: {error}")
    return found


def graded(image: Image, rng: np.random.Generator) -> Image:
    """As an artist's programme might export it: another tone curve and balance, smoother or softer, saved as a JPEG of quality 55 to 95."""
    changed = image ** np.float32(rng.uniform(0.75, 1.35)) * rng.uniform(0.85, 1.15, 3).astype(np.float32)
    changed = np.clip(changed, 0, 1).astype(np.float32)
    if rng.random() < 0.3:
        changed = cv2.bilateralFilter(changed, 9, 0.08, 5)
    if rng.random() < 0.3:
        changed = cv2.GaussianBlur(changed, (0, 0), rng.uniform(0.5, 1.2))
    _, data = cv2.imencode(".jpg", np.rint(changed * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(55, 96))])
    return cv2.imdecode(data, cv2.IMREAD_COLOR).astype(np.float32) / 255


def true_pair(sitter: Sitter, rng: np.random.Generator) -> Trial:
    """Painted, graded, and in two of three cases moved by up to 2 % of the face."""
    name = painters.INDEPENDENT[rng.integers(4)] if rng.random() < 0.6 else painters.names()[rng.integers(len(painters.names()))]
    painted = painters.create(name).paint(sitter.image, sitter.face)
    motion = random_motion(sitter, rng) if rng.random() < 2 / 3 else identity()
    moved = np.clip(warp_image(painted, motion, painted.shape[:2], interpolation=Interpolation.CUBIC), 0, 1)
    found = register(sitter.image, graded(moved, rng), sitter.face)
    x0, y0, x1, y1 = sitter.face.box
    corners = np.array([[x0, y0], [x1, y0], [x0, y1], [x1, y1]], np.float32)
    off = np.linalg.norm(apply(compose(found.before_from_after, motion), corners) - corners, axis=1).max()
    return Trial(found.likeness, found.face_likeness, float(off) / sitter.side)


def random_motion(sitter: Sitter, rng: np.random.Generator) -> Matrix:
    """A move and a turn by which no corner of the face goes further than about 2 %."""
    x0, y0, x1, y1 = sitter.face.box
    x, y = rng.uniform(-0.012, 0.012, 2) * sitter.side
    return compose(translation(float(x), float(y)), rotation(float(rng.uniform(-0.4, 0.4)), about=((x0 + x1) / 2, (y0 + y1) / 2)))


def laid_on(sitter: Sitter, other: Sitter) -> Trial:
    """Another photo, laid on this one by its landmarks."""
    source, target = (np.ascontiguousarray(face.points[ANCHORS, :2]) for face in (other.face, sitter.face))
    after = np.clip(warp_image(other.image, similarity_from_points(source, target), sitter.image.shape[:2]), 0, 1)
    found = register(sitter.image, after, sitter.face)
    return Trial(found.likeness, found.face_likeness)


def doing_nothing(sitter: Sitter, painter: painters.Painter) -> float:
    """PSNR in dB between before and after on the network's crop."""
    crop = crop_from_image(sitter.face.box, roll=sitter.face.pose.roll)
    pictures = (sitter.image, painter.paint(sitter.image, sitter.face))
    before, after = (np.rint(np.clip(warp_image(picture, crop, (CROP_SIDE, CROP_SIDE)), 0, 1) * 255) / 255 for picture in pictures)
    return float(-10 * np.log10(np.mean((before - after) ** 2)))


def strengths(people: list[Sitter]) -> Table:
    """What doing nothing scores against each artist."""
    tones = (("all", -90, 90), ("dark", -90, 10), ("medium", 10, 45), ("fair", 45, 90))
    rows: list[list[str | float]] = []
    for name in painters.INDEPENDENT:
        scores = np.array([doing_nothing(person, painters.create(name)) for person in people])
        itas = np.array([person.portrait.ita for person in people])
        rows.append([name, *(float(scores[(itas >= low) & (itas < high)].mean()) for _, low, high in tones)])
    return Table("Doing nothing, dB PSNR on the 256 px crop (wanted: 30 to 33 for all)", ["artist", *(tone for tone, _, _ in tones)], rows)


def likenesses(kinds: dict[str, list[Trial]]) -> Table:
    """How both likenesses spread, and how many pairs both thresholds let through."""
    rows: list[list[str | float | int]] = []
    for kind, trials in kinds.items():
        values = np.array([[trial.likeness, trial.face_likeness] for trial in trials]).reshape(-1, 2)
        taken = float(((values[:, 0] >= SAME_PHOTO) & (values[:, 1] >= SAME_MOMENT)).mean()) if len(values) else float("nan")
        spread = (
            [float(value) for column in values.T for value in np.quantile(column, (0, 0.05, 0.5, 0.95, 1))] if len(values) else [float("nan")] * 10
        )
        rows.append([kind, len(trials), *(f"{value:.2f}" for value in spread), f"{taken:.1%}"])
    steps = ("least", "5 %", "median", "95 %", "most")
    return Table(
        f"Same photo or not: likeness (needed: {SAME_PHOTO}) and likeness of the face (needed: {SAME_MOMENT})",
        ["pictures", "count", *steps, *(f"face {step}" for step in steps), "taken"],
        rows,
    )


def cost(call: Callable[[], object], count: int) -> float:
    """Milliseconds of processor time a call."""
    start = time.process_time()
    for _ in range(count):
        call()
    return 1000 * (time.process_time() - start) / count


def variation_cost(people: list[Sitter]) -> float:
    """Of one variation at 320 px, with five people."""
    prepared = [Person.of(crop, painted(crop.pixels, crop.face())) for crop in (cut_crop(person.image, person.face) for person in people[:5])]
    return cost(functools.partial(draw_variation, prepared, np.random.default_rng(0)), 40)


def painted(pixels: Image, face: Face) -> AnyArray:
    return painters.create("lab_brush").paint(pixels, face)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", action="store_true", help="write docs/results/pairs.json")
    parser.add_argument("--split", default="train")
    parser.add_argument("--count", type=int, default=100, help="portraits of each kind")
    options = parser.parse_args()
    record = Record("pairs", "Are pairs told from other photos, and are they aligned?")
    people, rng = sitters(options.split, options.count, 0), np.random.default_rng(0)
    kinds: dict[str, list[Trial]] = {
        "painted and graded": [true_pair(person, rng) for person in people],
        "another person": [],
        "same person, other shot": [],
    }
    for person in people:
        others = [other for other in people if other is not person and other.portrait.file.split("/")[0] == person.portrait.file.split("/")[0]]
        strangers = [other for other in others if other.portrait.person != person.portrait.person]
        kinds["another person"] += [laid_on(person, strangers[rng.integers(len(strangers))])] if strangers else []
        kinds["same person, other shot"] += [laid_on(person, other) for other in others if other.portrait.person == person.portrait.person][:1]
    errors = np.array([trial.error for trial in kinds["painted and graded"]])
    record.tables += [strengths(people), likenesses(kinds)]
    rows = [[*(f"{100 * value:.3f}" for value in np.quantile(errors, (0.5, 0.95, 1.0))), f"{variation_cost(people):.0f}"]]
    record.tables.append(
        Table(
            "Alignment error, % of the face's longer side, and cost of a variation", ["median", "95 %", "most", "ms of processor a variation"], rows
        )
    )
    record.numbers = {kind: [vars(trial) for trial in trials] for kind, trials in kinds.items()}
    record.show()
    if options.save:
        record.save()


if __name__ == "__main__":
    main()
