"""Which photos a batch works on, and where each result goes."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kohl.core.errors import UnreadableImageError, UsageError
from kohl.core.formats import EXTENSIONS

_READ_ONLY = frozenset({".gif", ".bmp"})
"""Formats that are read, but whose results are PNGs."""


@dataclass(frozen=True, slots=True)
class Item:
    """One photo of a batch."""

    path: Path
    name: str
    """Its name for people and the manifest: relative to the folder that was given, with forward slashes."""
    output: str
    """Its result's name, relative to the batch's output folder, with forward slashes."""


def gather(sources: Iterable[str], output_folder: Path) -> tuple[Item, ...]:
    """Find the photos in `sources` (folders, searched to the bottom; globs such as `in/**/*.jpg`; single files), sorted by name.

    What is hidden in a folder is passed over, and what lies in `output_folder`, so that a second run does not work on the first one's results.

    Raises UnreadableImageError for a source where there is nothing, and UsageError where there is nothing to do or where two
    photos would be written to one place.
    """
    found = {path.resolve(): _item(path, root) for source in sources for path, root in _photos(source)}
    outside = [item for path, item in found.items() if not path.is_relative_to(output_folder.resolve())]
    if not outside:
        raise UsageError(_why_nothing(len(found), output_folder))
    _refuse_collisions(outside)
    return tuple(sorted(outside, key=lambda item: item.name))


def _why_nothing(passed_over: int, output_folder: Path) -> str:
    if passed_over:
        return (
            f"expected photos outside the output folder, got {passed_over} in it ({output_folder}); what lies there is passed over, "
            "so that results are not made up again: choose another folder for them (-o), for example one inside the photos' own"
        )
    return f"expected photos, found none; kohl looks for files that end in {', '.join(sorted(_SUFFIXES))}"


_SUFFIXES = EXTENSIONS.keys() | _READ_ONLY


def _photos(source: str) -> Iterator[tuple[Path, Path]]:
    """Yield (photo, the folder that its name is relative to)."""
    path = Path(source)
    if path.is_dir():
        yield from ((photo, path) for photo in path.rglob("*") if _is_photo(photo) and not _is_hidden(photo.relative_to(path)))
    elif path.exists():
        yield path, path.parent
    elif glob.has_magic(source):
        root = _fixed_part(path)
        yield from ((photo, root) for photo in map(Path, glob.iglob(source, recursive=True)) if _is_photo(photo))  # noqa: PTH207  Path.glob takes no absolute pattern
    else:
        raise UnreadableImageError(f"{source}: expected a folder, a file or a glob, and there is nothing of that name")


def _is_photo(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.is_file()


def _is_hidden(path: Path) -> bool:
    """Whether it, or a folder it lies in, begins with a dot, as globs pass over: thumbnails, trash, the ._NAME that macOS leaves beside each file."""
    return any(part.startswith(".") for part in path.parts)


def _fixed_part(pattern: Path) -> Path:
    """The folders of a glob before its first wildcard."""
    fixed = Path(pattern.anchor)
    for part in pattern.relative_to(pattern.anchor).parts[:-1]:
        if glob.has_magic(part):
            break
        fixed /= part
    return fixed


def _item(path: Path, root: Path) -> Item:
    name = PurePosixPath(path.relative_to(root).as_posix())
    output = name.with_suffix(".png") if name.suffix.lower() in _READ_ONLY else name
    return Item(path, str(name), str(output))


def _refuse_collisions(items: Iterable[Item]) -> None:
    owners: dict[str, Item] = {}
    for item in items:
        other = owners.setdefault(item.output.lower(), item)
        if other is not item:
            raise UsageError(f"{other.path} and {item.path} would both be written to {item.output}; {_way_out(item, other)}")


def _way_out(item: Item, other: Item) -> str:
    apart = "run two batches, each with an output folder of its own (-o)"
    return apart if item.path.parent == other.path.parent else f"give a folder that holds both, for its sub-folders are kept; or {apart}"
