"""Writes a report's files into its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kohl.core.atomic import write_atomically
from kohl.evaluation.report.evaluation import Evaluation
from kohl.evaluation.report.page import page
from kohl.evaluation.report.text_tables import markdown, rows_csv

PICTURES_NAME = "pictures"


@dataclass(frozen=True, slots=True)
class Files:
    """Where the parts of a report lie."""

    page: Path
    json: Path
    csv: Path
    markdown: Path


def write_report(evaluation: Evaluation, folder: Path, *, pictures: bool) -> Files:
    """Write index.html, report.json, report.csv and report.md, each whole or not at all; older ones are replaced.

    `pictures`: whether the page shows faces, out of the folder's `pictures/`. Raises OutputError.
    """
    written = Files(folder / "index.html", folder / "report.json", folder / "report.csv", folder / "report.md")
    texts = {
        written.json: json.dumps(evaluation.to_json(), indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        written.csv: rows_csv(evaluation),
        written.markdown: markdown(evaluation),
        written.page: page(evaluation, folder / PICTURES_NAME if pictures else None),
    }
    for path, text in texts.items():
        write_atomically(path, text.encode(), force=True)
    return written
