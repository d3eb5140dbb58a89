"""What faces of the train split wear before anything is painted on them: by their labels, and as those who looked at them judged.

`bare_by_eye.txt`: generated portraits of men, children and old people on whom no makeup is seen. `worn_by_eye.csv`: all others but most studio
portraits, product by product: 1 worn, 0 not, empty where one cannot tell. How it was judged stands in `benchmarks/README.md`. At its end seven women
of the studio portraits: some of them do wear makeup.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from pathlib import Path

PRODUCTS = ("lipstick", "eyeshadow", "blush", "eyeliner")
BARE = ("studio", "by eye")
"""Ways to take a whole face for bare, unless it was judged as well."""
_UNKNOWN = dict.fromkeys(PRODUCTS, float("nan"))


def how_it_is_known(row: Mapping[str, str]) -> str:
    """How it is known what the face of a row of the index wears: "studio", "by eye" (both bare), "judged" product by product, or "unknown"."""
    if _is_likely_bare(row):
        return "studio"
    return "by eye" if row["file"].removesuffix(".jpg") in _bare() else "judged" if row["file"] in _judged() else "unknown"


def worn_on(file: str, known: str) -> Mapping[str, float]:
    """By product, whether it was worn on a picture of the index: 1, 0, or NaN. `known`: see `how_it_is_known`."""
    return _judged().get(file, dict.fromkeys(PRODUCTS, 0.0) if known in BARE else _UNKNOWN)


def is_bare(row: Mapping[str, str]) -> bool:
    """Whether the row shows a person of the train split who most likely wears no makeup, and on whom no judge saw any."""
    return _is_likely_bare(row) and 1 not in worn_on(row["file"], "studio").values()


def _is_likely_bare(row: Mapping[str, str]) -> bool:
    male = row["set"] == "faker" and "male_" in row["file"] and "female" not in row["file"]
    label = "without makeup" in row["label"] or row["label"].startswith("Facial_Hair")
    return row["split"] == "train" and abs(float(row["yaw_deg"] or 90)) < 25 and (row["set"] == "london" or male or label)


@functools.cache
def _bare() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("bare_by_eye.txt").read_text().split())


@functools.cache
def _judged() -> Mapping[str, Mapping[str, float]]:
    with Path(__file__).with_name("worn_by_eye.csv").open(newline="") as lines:
        return {row["file"]: {product: float(row[product] or "nan") for product in PRODUCTS} for row in csv.DictReader(lines)}
