"""What faces of the train split wear before anything is painted on them: by their labels, and as those who looked at them judged.

`bare_by_eye.txt`: generated portraits of men, children and old people on whom no makeup is seen. `worn_by_eye.csv`: all others but studio portraits,
product by product: 1 worn, 0 not, empty where one cannot tell. Two judges (runs of a model that sees, apart from one another) looked at both eyes,
the mouth and the face of each; what they did not agree on is empty.
At its end seven women of the studio portraits, whom one judge saw: some of them do wear makeup.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from pathlib import Path

from make_bare_prior import is_bare

PRODUCTS = ("lipstick", "eyeshadow", "blush", "eyeliner")
BARE = ("studio", "by eye")
"""Ways to take a whole face for bare, unless it was judged as well."""
_UNKNOWN = dict.fromkeys(PRODUCTS, float("nan"))


def how_it_is_known(row: Mapping[str, str]) -> str:
    """How it is known what the face of a row of the index wears: "studio", "by eye" (both bare), "judged" product by product, or "unknown"."""
    if is_bare(row):
        return "studio"
    return "by eye" if row["file"].removesuffix(".jpg") in _bare() else "judged" if row["file"] in _judged() else "unknown"


def worn_on(file: str, known: str) -> Mapping[str, float]:
    """By product, whether it was worn on a picture of the index: 1, 0, or NaN. `known`: see `how_it_is_known`."""
    return _judged().get(file, dict.fromkeys(PRODUCTS, 0.0) if known in BARE else _UNKNOWN)


@functools.cache
def _bare() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("bare_by_eye.txt").read_text().split())


@functools.cache
def _judged() -> Mapping[str, Mapping[str, float]]:
    with Path(__file__).with_name("worn_by_eye.csv").open(newline="") as lines:
        return {row["file"]: {product: float(row[product] or "nan") for product in PRODUCTS} for row in csv.DictReader(lines)}
