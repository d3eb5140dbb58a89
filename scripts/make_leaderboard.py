"""Makes docs/leaderboard.md from docs/results/evaluation/*.json.

    python scripts/make_leaderboard.py [--add REPORT.json --name NAME]

With --add, a report of `kohl evaluate` is reduced to what may be committed (no rows, no names of pictures) and put beside the others.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from kohl.evaluation.leaderboard import leaderboard, read_results, reduced

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "docs" / "results" / "evaluation"
PAGE = ROOT / "docs" / "leaderboard.md"


def add(report: Path, name: str) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    result = reduced(json.loads(report.read_text()))
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--add", type=Path, metavar="REPORT.json", help="a report.json to put beside the committed results")
    parser.add_argument("--name", default="portraits-100", help="what its file is called, without .json")
    options = parser.parse_args()
    if options.add:
        add(options.add, options.name)
    PAGE.write_text(leaderboard(read_results(RESULTS)))


if __name__ == "__main__":
    main()
