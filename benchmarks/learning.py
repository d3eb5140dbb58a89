"""The DAL table: what a tiny network learns of an artist from a few pairs, with and without the amplifier, on faces it never saw.

    python benchmarks/learning.py [--whole] [--artists A,B] [--arms A,B] [--pairs N,N] [--steps N] [--cache DIR]
        [--pictures DIR] [--save]

Arms: `nothing`; `plain` (b): the pairs with plain augmentation; `amplified` (c): the pairs and the amplifier over all training faces; `oracle`
(d): the artist's own work on all training faces. Ablations of `amplified`: see ABLATIONS; the first three begun with the trunk: FROM_TRUNK; other
networks on the data of `oracle`: SHAPES. Every arm of a table has the same budget of steps. Rows that docs/results/learning-rows.json already
holds are not trained again, so the table can be made in pieces, with several processes and on a GPU (--processes 16 --device cuda); --fresh
makes them all anew.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from learning_rows import ABLATIONS, ARMS, FROM_TRUNK, MAIN, SHAPES, SPLITS, Asked, Place, Row, make_rows, paint_work
from record import RESULTS, Record, Table

ROWS = RESULTS / "learning-rows.json"
ARTISTS = ("lab_brush", "histogram", "airbrush", "inks", "procedural.wine-velvet", "procedural.smoky-eye")
"""Four that share nothing with the renderer whose looks the amplifier's prior and the network's start were trained on, and two presets of that
renderer (not the one that the start knows)."""
COUNTS = (1, 2, 5, 10, 50)
"""Of pairs, for "how few"."""
STEPS, LONGER = 500, 1000
"""Of a row; and of those begun with the trunk once more, which after the first still learn."""
ABLATED = ("procedural.smoky-eye", "inks")
"""Artists of the ablations: lines on lids, of our renderer and of another."""
SHAPED = ("lab_brush",)
"""Whose work the published shape learns too."""


def fill(arguments: argparse.Namespace) -> dict[str, Row]:
    """Train what is missing and write each row as soon as it is there."""
    rows = {} if arguments.fresh else read_rows()
    wanted = (
        whole_table()
        if arguments.whole
        else _asked(**{name: getattr(arguments, name).split(",") for name in ("artists", "arms", "pairs")}, steps=arguments.steps)
    )
    missing = [one for one in wanted if one.key not in rows]
    with tempfile.TemporaryDirectory() as works:
        for key, row in _made(missing, Place(arguments.cache, works, arguments.device, arguments.pictures), arguments):
            # Another process may have written rows meanwhile.
            rows |= read_rows() | {key: row}
            ROWS.write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n")
            print(f"{key}: {row['psnr']:.2f} dB, amplifier {row.get('amplifier', float('nan')):.2f} dB", flush=True)
    return rows


def whole_table() -> list[Asked]:
    """Every row that the tables have a place for."""
    return [
        *_asked(ARTISTS, ("nothing", *MAIN), (5,), STEPS),
        *_asked(ARTISTS, FROM_TRUNK, (5,), STEPS),
        *_asked(ARTISTS, FROM_TRUNK, (5,), LONGER),
        *_asked(ARTISTS, ("plain", "amplified"), [count for count in COUNTS if count != 5], STEPS),
        *_asked(ABLATED, ABLATIONS, (5,), STEPS),
        *_asked(SHAPED, SHAPES[1:], (5,), STEPS),
    ]


def _asked(artists: Sequence[str], arms: Sequence[str], pairs: Sequence[int] | Sequence[str], steps: int) -> list[Asked]:
    return [Asked(artist, arm, int(count), steps) for artist, arm, count in itertools.product(artists, arms, pairs)]


def read_rows() -> dict[str, Row]:
    """All rows that were made so far, by their keys."""
    found: dict[str, Row] = json.loads(ROWS.read_text()) if ROWS.is_file() else {}
    return found


def _made(missing: Sequence[Asked], place: Place, arguments: argparse.Namespace) -> Iterator[tuple[str, Row]]:
    """Rows as they are done: first the artists' work, which all rows share, then the rows, those of one material one after the other."""
    groups = [list(group) for _, group in itertools.groupby(sorted(missing, key=lambda one: repr(one.material)), key=lambda one: one.material)]
    works = sorted({(one.artist, split) for one in missing for split in SPLITS})
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(arguments.processes, context, initializer=_start, initargs=(arguments.threads,)) as pool:
        for future in [pool.submit(paint_work, artist, split, place) for artist, split in works]:
            future.result()
        longest_first = sorted(groups, key=lambda group: -sum(one.steps for one in group))
        futures: Iterable[Future[list[tuple[str, Row]]]] = [pool.submit(make_rows, group, place) for group in longest_first]
        for future in as_completed(futures):
            yield from future.result()


def _start(threads: int) -> None:
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)


@dataclass(frozen=True)
class Shown:
    """Rows as the tables ask for them: numbers are not a number, and shown as –, where nothing was trained."""

    rows: Mapping[str, Row]

    def value(self, asked: Asked, name: str) -> float:
        """A number of a row."""
        return float(self.rows.get(asked.key, {}).get(name, float("nan")))  # type: ignore[arg-type]

    def all_three(self, asked: Asked) -> str:
        """PSNR, SSIM and ΔE2000 of a row; – where nothing was trained."""
        if asked.key not in self.rows:
            return "–"
        return f"{self.value(asked, 'psnr'):.2f} · {self.value(asked, 'ssim'):.4f} · {self.value(asked, 'delta_e_changed'):.2f}"

    def artists_of(self, arm: str, steps: int) -> list[str]:
        """Whose work was learnt from five pairs under that arm."""
        return [artist for artist in ARTISTS if Asked(artist, arm, 5, steps).key in self.rows]

    def share_closed(self, artist: str, arms: Sequence[str], steps: int) -> float:
        """The share of the way from (b) to (d) that (c) closes; `arms` are those three."""
        plain, amplified, oracle = (self.value(Asked(artist, arm, 5, steps), "psnr") for arm in arms)
        return (amplified - plain) / (oracle - plain)

    def worst_tone(self, asked: Asked) -> str:
        """The skin tone with the lowest PSNR, and that."""
        tones: dict[str, float] = self.rows.get(asked.key, {}).get("psnr_by_tone", {})  # type: ignore[assignment]
        worst = min(tones, key=lambda tone: tones[tone], default=None)
        return "–" if worst is None else f"{worst}: {tones[worst]:.2f} dB"


def tables(rows: Mapping[str, Row], steps: int) -> list[Table]:
    """All tables that the rows have something for."""
    shown = Shown(rows)
    made = [
        _five_pairs(shown, MAIN, steps, "as `kohl learn` begins"),
        *(_five_pairs(shown, FROM_TRUNK, count, "begun with the trunk, which knows faces and no makeup") for count in sorted({steps, LONGER})),
        _few_pairs(shown, steps),
        _ablations(shown, steps),
        _shapes(shown, steps),
    ]
    return [table for table in made if table.rows]


def _five_pairs(shown: Shown, arms: Sequence[str], steps: int, start: str) -> Table:
    return Table(
        f"Five pairs, faces never seen, {start}: PSNR in dB · SSIM · ΔE2000 in the changed area, after {steps} steps",
        ["artist", "(a) nothing", "(b) plain", "(c) amplified", "(d) oracle", "share that (c) closes", "worst skin tone of (c)", "amplifier itself"],
        [
            [
                artist,
                shown.all_three(Asked(artist, "nothing", 5, STEPS)),
                *(shown.all_three(Asked(artist, arm, 5, steps)) for arm in arms),
                shown.share_closed(artist, arms, steps),
                shown.worst_tone(Asked(artist, arms[1], 5, steps)),
                shown.value(Asked(artist, arms[1], 5, steps), "amplifier"),
            ]
            for artist in shown.artists_of(arms[1], steps)
        ],
        "(c) closes: share of the way from (b) to (d). Wanted: at least 0.8, and (c) at least 36 dB where nothing has 30. The amplifier itself: its "
        "work on the training faces against the artist's own there. PSNR is over the whole 256×256 crop; all usable faces of the test split. "
        "Each row of docs/results/learning-rows.json names the commit and the device that it was trained with.",
    )


def _few_pairs(shown: Shown, steps: int) -> Table:
    return Table(
        "How few pairs will do: PSNR of (b) / (c); – was not trained",
        ["artist", *(f"{count} pair{'s' if count > 1 else ''}" for count in COUNTS)],
        [
            [
                artist,
                *(" / ".join(_decibels(shown.value(Asked(artist, arm, count, steps), "psnr")) for arm in ("plain", "amplified")) for count in COUNTS),
            ]
            for artist in shown.artists_of("amplified", steps)
        ],
    )


def _ablations(shown: Shown, steps: int) -> Table:
    artists = [artist for artist in ARTISTS if any(Asked(artist, arm, 5, steps).key in shown.rows for arm in ABLATIONS)]

    def cell(asked: Asked) -> str:
        network, amplifier, error = (shown.value(asked, name) for name in ("psnr", "amplifier", "delta_e_changed"))
        return f"{_decibels(network)} · {_decibels(amplifier)} · {_decibels(error)}"

    return Table(
        "Ablations, five pairs: PSNR of the network · of the amplifier itself · ΔE2000 in the changed area; – was not trained",
        ["what", *artists],
        [[ARMS[arm].what, *(cell(Asked(artist, arm, 5, steps)) for artist in artists)] for arm in ("amplified", *ABLATIONS) if artists],
    )


def _shapes(shown: Shown, steps: int) -> Table:
    artists = shown.artists_of("published", steps)
    return Table(
        "The published shape beside ours, on true pairs of all training faces, with equal steps and losses: PSNR · SSIM · ΔE2000 in the changed area",
        ["network", *artists],
        [
            [
                "ours, as it is begun (d)" if arm == "oracle" else ARMS[arm].what,
                *(shown.all_three(Asked(artist, arm, 5, steps)) for artist in artists),
            ]
            for arm in SHAPES
            if artists
        ],
        "79,600 parameters and 73 million multiplications a frame against 85,227 and 1,482 million. Times: `python benchmarks/tinybeauty.py`.",
    )


def _decibels(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--artists", default=",".join(ARTISTS))
    parser.add_argument("--arms", default=",".join(("nothing", *MAIN)))
    parser.add_argument("--pairs", default="5")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--whole", action="store_true", help="ask for every row of every table, whatever the options above say")
    parser.add_argument("--threads", type=int, default=2, help="of each process")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="where networks are trained: cpu or cuda")
    parser.add_argument("--cache", help="a folder that keeps the analysed crops between runs; it holds pictures of people, so keep it private")
    parser.add_argument("--pictures", help="a folder, outside the repository, for what each row's network makes of six faces; see learning_sheets.py")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--save", action="store_true")
    arguments = parser.parse_args()
    record = Record("learning", "How much of an artist's work does a tiny network learn from a few pairs?")
    rows = fill(arguments)
    record.tables += tables(rows, arguments.steps)
    record.numbers |= rows
    record.show()
    if arguments.save:
        record.save()


if __name__ == "__main__":
    main()
