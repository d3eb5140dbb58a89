"""docs/metrics.md lists what there is, and nothing else."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from kohl.evaluation.contestants import registry
from kohl.evaluation.metrics.catalog import all_metrics
from kohl.evaluation.metrics.shelves.models import Models, unavailable
from kohl.methods import registry as methods

PAGE = (Path(__file__).parents[2] / "docs/metrics.md").read_text()


def first_cells(heading: str) -> set[str]:
    """The names in the first column under a heading, without their parts."""
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.+?) \|", part, re.M)
    return {name.partition(".")[0] for cell in cells for name in re.findall(r"`(\w[\w.-]*)", cell)}


def test_every_metric_has_its_row_and_every_row_its_metric():
    there = {entry.name for entry in all_metrics()} | set(unavailable(Models()))
    assert first_cells("One sample") | {"fid", "kid"} == there
    assert {"fid", "kid"} < first_cells("Many samples, and second questions")


def test_every_network_has_its_row():
    assert first_cells("Networks") == {entry.name for entry in fields(Models)}


def test_every_baseline_has_its_row():
    assert first_cells("Baselines") - {"external"} == set(registry.names()) - set(methods.names())
