"""A test set whose answers are known: bare people in the looks of painters who share nothing with kohl's renderer.

    python benchmarks/painted_set.py FOLDER
    kohl evaluate procedural truth nothing reinhard histogram guo-sim uv-paste --set FOLDER -o report/

Of every pair both wear the same painter's look: the reference for the contestants to take it from, the source for them to be measured by. All
are of the test split, and wear nothing of their own, as judges saw it; skin tones take turns. The folder holds pictures of people: keep it
private.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import cv2
import numpy as np

from kohl.core.arrays import Image
from kohl.data import painters
from kohl.evaluation.case import Portrait
from kohl.evaluation.protocol.evaluation_set import EvaluationSet, ListedCase
from kohl.evaluation.protocol.manifest import JSON_NAME, ListedPair, Manifest
from kohl.evaluation.protocol.opening import Opener
from kohl.evaluation.protocol.pairing import draw_cases
from kohl.evaluation.protocol.picture import Picture
from kohl.evaluation.protocol.portraits import split_pictures
from kohl.faces.analyzer import Analyzer
from portraits import FACES, portraits, said_of

REPOSITORY = Path(__file__).resolve().parents[1]
NAME = "painted"
SEED = 7
WORN = {"airbrush": "lips lids cheeks", "histogram": "lips lids cheeks", "inks": "lips lids", "lab_brush": "lips lids cheeks"}
"""Where a painter's look is seen."""
BARE = "bare"


def bare_pictures() -> list[Picture]:
    """The portraits of the test split on which judges saw no makeup; each may be source and reference. Raises SystemExit without the portraits."""
    bare = {item.file for item in portraits() if said_of(item) == {"0"}}
    return [picture.model_copy(update={"role": "both"}) for picture in split_pictures(FACES) if picture.file in bare]


def dressed(cases: Sequence[ListedCase]) -> Iterator[tuple[ListedCase, str]]:
    """Every case with the painter of its look: they take turns, a turn later at each round of the skin tones, so that all tones meet all painters."""
    tones = len({case.source.ita for case in cases})
    for number, case in enumerate(cases):
        yield case, painters.INDEPENDENT[(number + number // tones) % len(painters.INDEPENDENT)]


def make(folder: Path, count: int) -> Manifest:
    """Paint the set into `folder` and return what it says of itself."""
    cases = draw_cases(bare_pictures(), count, SEED)
    opener = Opener(EvaluationSet(NAME, FACES, cases, ""), Analyzer())
    pictures: dict[str, Picture] = {}
    pairs = []
    for case, painter in dressed(cases):
        before = _file(BARE, case.source)
        after, reference = _file(painter, case.source), _file(painter, case.reference)
        source = opener.portrait(case.source)
        _write(folder / before, source.image)
        _write(folder / after, _painted(source, painter))
        _write(folder / reference, _painted(opener.portrait(case.reference), painter))
        pictures[before] = case.source.model_copy(update={"file": before, "role": "source", "wears": "nothing"})
        pictures[reference] = case.reference.model_copy(update={"file": reference, "role": "reference", "wears": WORN[painter]})
        pairs.append(ListedPair(source=before, reference=reference, seed=case.seed, truth=after))
        print(f"{len(pairs)} of {len(cases)}: {painter}", flush=True)
    return Manifest(name=f"{NAME}-{len(pairs)}", pictures=tuple(pictures.values()), pairs=tuple(pairs))


def _file(look: str, picture: Picture) -> str:
    return str(PurePosixPath(look, picture.file).with_suffix(".png"))


def _painted(portrait: Portrait, painter: str) -> Image:
    return painters.create(painter).paint(portrait.image, portrait.face)


def _write(path: Path, image: Image) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = cv2.imwrite(str(path), np.round(image[..., ::-1] * 255).astype(np.uint8))
    if not written:
        raise SystemExit(f"expected a folder that pictures can be written to, got {path.parent}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the set is made; outside the repository")
    parser.add_argument("--pairs", type=int, default=100)
    options = parser.parse_args()
    if options.folder.resolve().is_relative_to(REPOSITORY):
        raise SystemExit(f"expected a folder outside {REPOSITORY.name}, since pictures of people are not for a repository, got {options.folder}")
    manifest = make(options.folder, options.pairs)
    (options.folder / JSON_NAME).write_text(manifest.model_dump_json(indent=1, exclude_none=True) + "\n", encoding="utf-8")
    print(f"{len(manifest.pairs or ())} pairs in {options.folder}")


if __name__ == "__main__":
    main()
