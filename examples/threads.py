"""One studio, many threads: the photos of a folder, with two kinds of access to what was done.

python examples/threads.py photos/ painted/
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kohl import KohlError, Studio


def main(photos: str, painted: str) -> None:
    """Make up every JPEG of a folder; `kohl batch` does more, in processes and with a manifest."""
    studio, target = Studio(), Path(painted)
    target.mkdir(parents=True, exist_ok=True)

    def make_up(photo: Path) -> str:
        try:
            outcome = studio.apply_details(photo, "clean-girl", faces="all")
        except KohlError as error:
            return f"{photo.name}: {error}"
        outcome.save(target / photo.name, force=True)
        return f"{photo.name}: {len(outcome.faces)} faces, {'; '.join(str(report) for report in outcome.regions)}"

    with ThreadPoolExecutor(2) as pool:
        for line in pool.map(make_up, sorted(Path(photos).glob("*.jpg"))):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
