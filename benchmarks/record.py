"""What every benchmark leaves behind: one JSON in docs/results, and from all of them the page docs/benchmarks.md.

A result is {"name", "question", "command", "commit", "date", "machine", "versions", "seconds", "tables", "numbers"}; a table is
{"title", "columns", "rows", "notes"}. The page shows the tables; `numbers` is for programs.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "docs" / "results"
PAGE = ROOT / "docs" / "benchmarks.md"
_PACKAGES = ("kohl", "numpy", "opencv-contrib-python", "mediapipe", "pillow")
_ORDER = ("transfer", "skin_tones", "paint", "reading", "speed")
_INTRO = """# Benchmarks

Made by `python benchmarks/NAME.py --save` from `docs/results/*.json`; every number can be made again with the command above its table.
What each metric means, where it comes from and which way is better stands in `kohl.evaluation.metrics`.
"""
_BUSY = 0.7
"""Load per core, before the benchmark starts, from which on its times are called those of a shared machine."""


@dataclass(frozen=True)
class Table:
    """Rows of text or numbers under `columns`; `notes` stand below it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | float | int | None]]
    notes: str = ""

    def markdown(self) -> str:
        """The table as Markdown."""
        lines = [f"**{self.title}**", "", _row(self.columns), _row(["---"] * len(self.columns))]
        lines += [_row([_cell(value) for value in row]) for row in self.rows]
        return "\n".join(lines) + (f"\n\n{self.notes}" if self.notes else "") + "\n"


@dataclass
class Record:
    """One benchmark's result in the making; the clock starts when it is made."""

    name: str
    question: str
    tables: list[Table] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)
    _start: float = field(default_factory=time.perf_counter)
    _load: float = field(default_factory=lambda: os.getloadavg()[0])

    def show(self) -> None:
        """Print the tables."""
        print(f"{self.question}\n")
        for table in self.tables:
            print(table.markdown())

    def save(self) -> None:
        """Write the JSON and make the page anew."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        result = {
            "name": self.name,
            "question": self.question,
            "command": f"python benchmarks/{self.name}.py --save",
            "commit": _git("rev-parse", "--short", "HEAD"),
            "engine_differs_from_commit": bool(_git("status", "--porcelain", "--", "src")),
            "date": datetime.now(UTC).date().isoformat(),
            "machine": machine() | {"load_before": round(self._load, 2), "shared_while_measured": self._load > _BUSY * (os.cpu_count() or 1)},
            "versions": {name: version(name) for name in _PACKAGES} | {"python": platform.python_version()},
            "seconds": round(time.perf_counter() - self._start, 1),
            "tables": [vars(table) for table in self.tables],
            "numbers": self.numbers,
        }
        (RESULTS / f"{self.name}.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        write_page()


def machine() -> dict[str, Any]:
    """Processor, cores and memory."""
    return {"processor": _processor(), "cores": os.cpu_count(), "memory_gib": _memory(), "system": f"{platform.system()} {platform.machine()}"}


def write_page() -> None:
    """Write docs/benchmarks.md from what lies in docs/results."""
    results = {path.stem: json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))}
    shown = [results[name] for name in (*_ORDER, *(name for name in results if name not in _ORDER)) if name in results]
    PAGE.write_text("\n".join([_INTRO, *(_section(result) for result in shown if "tables" in result)]))


def _section(result: dict[str, Any]) -> str:
    machine = result["machine"]
    shared = "; other programs ran at the same time" if machine.get("shared_while_measured") else ""
    differs = " and changes that were not committed yet" if result.get("engine_differs_from_commit") else ""
    head = (
        f"## {result['question']}\n\n`{result['command']}` · {result['date']} · commit {result['commit']}{differs} · "
        f"{machine['processor']}, {machine['cores']} cores{shared}\n"
    )
    return "\n".join([head, *(Table(**table).markdown() for table in result["tables"])])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: str | float | None) -> str:
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  NaN
        return "–"
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 100 else f"{value:.0f}" if isinstance(value, float) else str(value)


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _processor() -> str:
    try:
        names = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def _memory() -> float | None:
    try:
        return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)
    except (ValueError, OSError):
        return None
