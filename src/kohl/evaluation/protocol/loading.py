"""From what a person names (our portraits, a folder) to a set that can be run."""

from __future__ import annotations

from pathlib import Path

from kohl.core.errors import UsageError
from kohl.evaluation.protocol.before_after import set_of_truth_pairs
from kohl.evaluation.protocol.evaluation_set import EvaluationSet
from kohl.evaluation.protocol.manifest import CSV_NAME, JSON_NAME, read_manifest
from kohl.evaluation.protocol.pair_lists import cases_of
from kohl.evaluation.protocol.pairing import draw_cases
from kohl.evaluation.protocol.portraits import NAME, is_portraits, portraits_folder, portraits_set

DEFAULT_SEED = 7
DEFAULT_PAIRS = 100


def load_set(where: str | Path, *, count: int | None = None, seed: int | None = None) -> EvaluationSet:
    """Return the set called "portraits", or the one in a folder: with a manifest, with `before/` and `after/`, or the portraits themselves.

    `count` takes the first pairs of a written list, or says how many are drawn (100); `seed` draws another list.
    Raises UsageError when there is nothing usable, a picture is missing, or a written list is asked to be drawn.
    """
    if count is not None and count < 1:
        raise UsageError(f"expected at least 1 pair, got {count}")
    folder = portraits_folder() if str(where) == NAME else Path(where)
    if not folder.is_dir():
        raise UsageError(f"expected a folder with a test set, or the word {NAME!r}, got {str(where)!r}, which is no folder")
    loaded = portraits_set(folder, count, seed) if _is_ours(folder) else _load_folder(folder, count, seed)
    if not loaded.cases:
        raise UsageError(f"expected at least one pair in {folder}, got none; a set with one picture has nobody to pair it with")
    check_files(loaded)
    return loaded


def _is_ours(folder: Path) -> bool:
    return not (folder / JSON_NAME).is_file() and not (folder / CSV_NAME).is_file() and is_portraits(folder)


def _load_folder(folder: Path, count: int | None, seed: int | None) -> EvaluationSet:
    if (folder / JSON_NAME).is_file() or (folder / CSV_NAME).is_file():
        return _load_manifest(folder, count, seed)
    if (folder / "before").is_dir() and (folder / "after").is_dir():
        made = set_of_truth_pairs(folder / "before", folder / "after")
        _refuse_seed(seed, "before/ and after/")
        return made if count is None else made.first(count)
    raise UsageError(
        f"expected {JSON_NAME}, {CSV_NAME}, or folders before/ and after/ in {folder}, got none of them; docs/evaluation.md shows a manifest"
    )


def _load_manifest(folder: Path, count: int | None, seed: int | None) -> EvaluationSet:
    manifest = read_manifest(folder)
    name, by_file = manifest.name or folder.resolve().name, {picture.file: picture for picture in manifest.pictures}
    if len(by_file) < len(manifest.pictures):
        files = [picture.file for picture in manifest.pictures]
        twice = next(file for file in files if files.count(file) > 1)
        raise UsageError(f"expected every picture once in the manifest of {folder}, got {twice!r} more often; remove the repetitions")
    if manifest.pairs is not None:
        _refuse_seed(seed, "the manifest's own pairs")
        rows = [{key: str(value) for key, value in pair.model_dump(exclude_none=True).items()} for pair in manifest.pairs]
        listed = EvaluationSet(name, folder, cases_of(rows, by_file, "the manifest"), "written down in the manifest", None, manifest.side)
        return listed if count is None else listed.first(count)
    drawn_with = DEFAULT_SEED if seed is None else seed
    cases = draw_cases(manifest.pictures, count or DEFAULT_PAIRS, drawn_with)
    return EvaluationSet(name, folder, cases, "drawn: classes of skin take turns, then persons", drawn_with, manifest.side)


def _refuse_seed(seed: int | None, pairs: str) -> None:
    if seed is not None:
        raise UsageError(f"expected no seed, because the pairs are {pairs}, got {seed}; leave --seed out, or the pairs out of the set")


def check_files(loaded: EvaluationSet) -> None:
    """Require every file that the cases name. Raises UsageError listing the first missing ones."""
    named = {file for case in loaded.cases for file in (case.source.file, case.reference.file, case.truth) if file}
    missing = sorted(file for file in named if not (loaded.folder / file).is_file())
    if missing:
        raise UsageError(
            f"expected every picture of the set in {loaded.folder}, and {len(missing)} are missing: {', '.join(missing[:5])}; put them back"
        )
