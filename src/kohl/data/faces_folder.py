"""Any folder of faces: found, cut out and analysed once, kept in memory or in a cache folder that the caller names, nowhere else.

faces = load_faces("faces", cache="work/crops")
for crop in faces: learn(crop.pixels, crop.face())
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, overload

from kohl.core.errors import UnknownNameError, UsageError
from kohl.core.formats import EXTENSIONS
from kohl.data.crop_cache import read_crop, write_crop
from kohl.data.crops import SIDE, FaceCrop
from kohl.data.face_workers import cut_files
from kohl.faces.analyzer import Analyzer

INDEX = "index.csv"
"""A table beside the pictures whose columns `file` and `split` say what each is for."""
_PICTURES = EXTENSIONS.keys() | {".gif", ".bmp"}

_DIED = "its process died, perhaps for want of memory; load it again with one process"

_Kept: TypeAlias = FaceCrop | Path | str
"""A crop, the file that holds it, or why there is none."""


@dataclass(frozen=True)
class Failure:
    """A picture from which no face came: its `name`, relative to the folder, and why."""

    name: str
    text: str


class FaceSet(Sequence[FaceCrop]):
    """The faces of a folder, in the order of their names. `names`: of the pictures they came from; `failures`: those without a usable face."""

    def __init__(self, names: Sequence[str], crops: Sequence[FaceCrop | Path], failures: Sequence[Failure]) -> None:
        self.names = tuple(names)
        self.failures = tuple(failures)
        self._crops = tuple(crops)

    def __len__(self) -> int:
        return len(self._crops)

    @overload
    def __getitem__(self, index: int) -> FaceCrop: ...

    @overload
    def __getitem__(self, index: slice) -> FaceSet: ...

    def __getitem__(self, index: int | slice) -> FaceCrop | FaceSet:
        """The crop at `index`, from memory or from the cache; or a part of the set."""
        if isinstance(index, slice):
            return FaceSet(self.names[index], self._crops[index], self.failures)
        kept = self._crops[index]
        if isinstance(kept, FaceCrop):
            return kept
        crop = read_crop(kept)
        if isinstance(crop, FaceCrop):
            return crop
        raise UsageError(f"expected the crop of {self.names[index]} in the cache, found it gone or damaged ({kept.name}); load the folder again")

    def report(self) -> dict[str, object]:
        """What was found, as data for JSON."""
        return {"faces": len(self), "failed": [{"name": item.name, "text": item.text} for item in self.failures]}


def list_faces(folder: str | Path, *, split: str | None = "train") -> tuple[Path, ...]:
    """The pictures in `folder`, searched to the bottom, sorted by name; none is opened.

    Where the folder has an `index.csv` with a column `split`, only those that it puts into `split` count, so that what is kept for tests is never
    trained on; None takes all.

    Raises UsageError where there is no such folder or nothing in it, UnknownNameError where the index has no such split.
    """
    root = Path(folder)
    if not root.is_dir():
        raise UsageError(f"expected a folder of faces, found no folder {root}; check its name")
    found = [path for path in root.rglob("*") if path.suffix.lower() in _PICTURES and path.is_file() and not path.name.startswith(".")]
    allowed = _names_of_split(root / INDEX, split)
    chosen = [path for path in found if allowed is None or path.relative_to(root).as_posix() in allowed]
    if not chosen:
        raise UsageError(f"expected pictures of faces in {root}, found none{'' if allowed is None else f' in its split {split!r}'}; add some")
    return tuple(sorted(chosen))


def load_faces(
    folder: str | Path,
    *,
    split: str | None = "train",
    side: int = SIDE,
    cache: str | Path | None = None,
    analyzer: Analyzer | None = None,
    processes: int = 1,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FaceSet:
    """Find the largest face of every picture in a folder. Pictures that cannot be read or show no usable face are named, and never stop it.

    Parameters
    ----------
    folder, split
        As `list_faces`.
    side
        Pixels: height and width of the crops.
    cache
        A folder for crops that are kept; a picture that has not changed since is not looked at again. By default they are kept in memory.
    analyzer
        Finds the faces; a fresh one by default. Other processes always make their own.
    processes
        How many look for faces at once.
    limit
        The first so many pictures only.
    progress
        Called with (pictures done, pictures in all) after each.

    Raises
    ------
    UsageError, UnknownNameError
        As `list_faces`.
    OutputError
        The cache cannot be written.
    """
    root, store = Path(folder), None if cache is None else Path(cache)
    paths = list_faces(root, split=split)[:limit]
    kept = {} if store is None else _recall(paths, root, store, side)
    missing = [path for path in paths if path not in kept]
    done = len(kept)
    for path, result in cut_files(missing, side, processes=processes, analyzer=analyzer):
        kept[path] = result if store is None else _keep(path, result, _cache_file(path, root, store, side))
        done += 1
        if progress is not None:
            progress(done, len(paths))
    return _gather([(path.relative_to(root).as_posix(), kept.get(path, _DIED)) for path in paths])


def _recall(paths: Sequence[Path], root: Path, cache: Path, side: int) -> dict[Path, _Kept]:
    """What the cache knows of `paths`."""
    known: dict[Path, _Kept] = {}
    for path in paths:
        file = _cache_file(path, root, cache, side)
        crop = read_crop(file)
        if crop is not None:
            known[path] = crop if isinstance(crop, str) else file
    return known


def _keep(path: Path, result: FaceCrop | str, file: Path) -> _Kept:
    write_crop(file, result)
    return result if isinstance(result, str) else file


def _cache_file(path: Path, root: Path, cache: Path, side: int) -> Path:
    """Another file as soon as the picture, its name or what is asked for changes."""
    state = path.stat()
    key = f"{path.relative_to(root).as_posix()}|{state.st_size}|{state.st_mtime_ns}|{side}"
    return cache / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.npz"


def _gather(named: Sequence[tuple[str, _Kept]]) -> FaceSet:
    crops = [(name, kept) for name, kept in named if not isinstance(kept, str)]
    failures = [Failure(name, kept) for name, kept in named if isinstance(kept, str)]
    return FaceSet([name for name, _ in crops], [kept for _, kept in crops], failures)


def _names_of_split(index: Path, split: str | None) -> frozenset[str] | None:
    """The files that `index` puts into `split`; None where there is nothing to choose by."""
    if split is None or not index.is_file():
        return None
    with index.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or "split" not in rows[0] or "file" not in rows[0]:
        return None
    splits = {row["split"] for row in rows}
    if split not in splits:
        raise UnknownNameError("split", split, sorted(splits))
    return frozenset(row["file"] for row in rows if row["split"] == split)
