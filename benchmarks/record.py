"""What every benchmark leaves behind: one JSON in docs/results, and from all of them the page docs/benchmarks.md.

A result is {"name", "question", "command", "commit", "date", "machine", "versions", "seconds", "tables", "numbers"}; a table is
{"title", "columns", "rows", "notes"}. The page shows the tables; `numbers` is for programs.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kohl.evaluation.machine import commit_of, is_busy, load, machine, versions
from kohl.evaluation.tables import Table

__all__ = ["PAGE", "RESULTS", "ROOT", "Record", "Table", "write_page"]

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "docs" / "results"
PAGE = ROOT / "docs" / "benchmarks.md"
_ORDER = ("learning", "tinybeauty", "transfer", "carrying", "skin_tones", "paint", "reading", "video", "pairs", "speed")
_INTRO = """# Benchmarks

Made by `python benchmarks/NAME.py --save` from `docs/results/*.json`; every number can be made again with the command above its table.
What each metric means, where it comes from and which way is better stands in `kohl.evaluation.metrics`.
"""


@dataclass
class Record:
    """One benchmark's result in the making; the clock starts when it is made."""

    name: str
    question: str
    tables: list[Table] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)
    arguments: str = ""
    """What else stands on the command line, so that the page names the command that made it."""
    _start: float = field(default_factory=time.perf_counter)
    _load: float | None = field(default_factory=load)

    def show(self) -> None:
        """Print the tables."""
        print(f"{self.question}\n")
        for table in self.tables:
            print(table.markdown())

    def save(self) -> None:
        """Write the JSON and make the page anew."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        commit, differs = commit_of(ROOT)
        result = {
            "name": self.name,
            "question": self.question,
            "command": " ".join(["python", f"benchmarks/{self.name}.py", "--save", *([self.arguments] if self.arguments else [])]),
            "commit": commit,
            "engine_differs_from_commit": differs,
            "date": datetime.now(UTC).date().isoformat(),
            "machine": machine() | {"load_before": self._load, "shared_while_measured": is_busy(self._load)},
            "versions": versions(),
            "seconds": round(time.perf_counter() - self._start, 1),
            "tables": [vars(table) for table in self.tables],
            "numbers": self.numbers,
        }
        (RESULTS / f"{self.name}.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        write_page()


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
