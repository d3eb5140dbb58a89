"""Our own set: the portraits of `../shared/data/faces` beside the repository, their test split only.

`index.csv` there holds a split by person; weights are fitted on its train split, and nothing but this module and the benchmarks may
read its test split. Sources are everybody who is not labelled as made up, references those who are.
"""

from __future__ import annotations

import csv
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import kohl
from kohl.core.errors import UsageError
from kohl.evaluation.protocol.evaluation_set import EvaluationSet
from kohl.evaluation.protocol.pair_lists import read_lines, read_pairs, write_pairs
from kohl.evaluation.protocol.pairing import draw_cases
from kohl.evaluation.protocol.picture import Picture
from kohl.faces.analyzer import MAX_YAW

NAME = "portraits"
SEED = 7
NUM_PAIRS = 100
_SETS = Path(str(files("kohl.evaluation.protocol") / "sets"))
PAIR_LIST = _SETS / "portraits-100.csv"
WEARS_LIST = _SETS / "portraits-wears.csv"
"""What the references wear, as it was judged by eye; the index says only that they wear something."""
_COLUMNS = frozenset({"file", "set", "real", "licence", "yaw_deg", "ita_deg", "label", "person", "split"})
_RULE = f"test split; classes of skin take turns, then persons; references are labelled as made up; nobody turned beyond {MAX_YAW:.0f}°"


def portraits_folder() -> Path:
    """Where the portraits lie for a checkout. Raises UsageError, saying what to do, when they are not there."""
    folder = Path(kohl.__file__).resolve().parents[3] / "shared" / "data" / "faces"
    if not is_portraits(folder):
        raise UsageError(
            f"expected the portraits beside the repository, and {'/'.join(folder.parts[-3:])}/index.csv is not there; name their folder: --set FOLDER"
        )
    return folder


def is_portraits(folder: Path) -> bool:
    """Whether the folder holds the portraits: an `index.csv` with their columns."""
    index = folder / "index.csv"
    if not index.is_file():
        return False
    with index.open(newline="") as lines:
        return set(csv.DictReader(lines).fieldnames or ()) >= _COLUMNS


def portraits_set(folder: Path, count: int | None = None, seed: int | None = None) -> EvaluationSet:
    """The committed list of 100 pairs, or its first `count`; with another `seed`, or more pairs, a list that is drawn anew.

    Raises UsageError when `count` is below 1 or the committed list names pictures that the folder has not.
    """
    pictures = split_pictures(folder)
    if (seed is None or seed == SEED) and (count is None or count <= NUM_PAIRS):
        cases = read_pairs(PAIR_LIST, {picture.file: picture for picture in pictures})
        listed = EvaluationSet(f"{NAME}-{NUM_PAIRS}", folder, cases, _RULE, SEED)
        return listed if count is None else listed.first(count)
    drawn_with, wanted = (SEED if seed is None else seed), (NUM_PAIRS if count is None else count)
    return EvaluationSet(f"{NAME}-{wanted}", folder, draw_cases(pictures, wanted, drawn_with), _RULE, drawn_with)


def write_pair_list(folder: Path, path: Path = PAIR_LIST) -> None:
    """Make the committed list out of the index in `folder`; `scripts/make_pair_list.py` calls it."""
    cases = draw_cases(split_pictures(folder), NUM_PAIRS, SEED)
    write_pairs(path, cases, f"{NUM_PAIRS} pairs of the portraits' test split, seed {SEED}: {_RULE}\nMade by scripts/make_pair_list.py.")


def split_pictures(folder: Path) -> tuple[Picture, ...]:
    """The pictures of the test split that can be drawn, in the index's order."""
    with (folder / "index.csv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["split"] == "test"]
    wears = {row["file"]: row["wears"] for row in read_lines(WEARS_LIST, ("file", "wears"), "list of what is worn")}
    return tuple(_picture(row, wears.get(row["file"], "")) for row in rows if abs(float(row["yaw_deg"] or 90)) <= MAX_YAW)


def is_made_up(label: str) -> bool:
    """Whether a label of the index says that the face wears makeup."""
    return ("Makeup: " in label and "without" not in label) or label == "Facial_Features: lipstick"


def _picture(row: dict[str, str], wears: str) -> Picture:
    label = row["label"]
    content: dict[str, Any] = {
        "file": row["file"],
        "role": "reference" if is_made_up(label) else "source",
        "licence": row["licence"],
        "consent": "licensed portrait" if row["real"] == "1" else "synthetic",
        "origin": row["set"],
        "person": row["person"],
        "kind": "real" if row["real"] == "1" else "synthetic",
        "ita": row["ita_deg"],
        "yaw": row["yaw_deg"],
        "wears": wears,
    }
    return Picture.model_validate(content | _stated(label))


def _stated(label: str) -> dict[str, str]:
    """What a label says of age, glasses, beard and light; most say nothing of it, and then nothing is assumed."""
    group, _, said = label.partition(": ")
    age = re.search(r"\b(\d\d)$", said) if "Age" in group else None
    return {
        "age": age[1] + "s" if age else "",
        "glasses": "glasses" if "glasses" in said else "",
        "beard": "beard" if (group == "Facial_Hair" and said != "shaved") or said in ("goatee", "beard", "mustache") else "",
        "light": said if group == "Lighting" else "",
    }
