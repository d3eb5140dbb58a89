"""The mark that says how a video was made, where video files keep it: `kohl verify` reads it back.

MP4 and MOV carry an XMP packet in a `uuid` box at the top level (XMP specification, part 3, section 1.1.4: MPEG-4); Matroska and WebM have tags
by name (RFC 9559, section 5.1.8). What the mark says is in `kohl.core.provenance`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kohl.core.errors import UnreadableVideoError
from kohl.core.extras import require
from kohl.core.provenance import SOURCE_TYPES, Provenance, SourceType, creator_tool, holds_c2pa, read_xmp, write_xmp

_XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""The UUID of the box that holds an XMP packet."""
_LARGEST_PACKET = 1 << 22
"""Bytes; a packet that claims more is not read."""
_MOST_BOXES = 4096
_MATROSKA = b"\x1a\x45\xdf\xa3"
_TYPE_TAG, _TOOL_TAG = "DIGITALSOURCETYPE", "CREATORTOOL"
_BOXED = (".mp4", ".m4v", ".mov")


def is_video(path: Path) -> bool:
    """Whether a file begins like a video that can carry the mark: MP4, MOV, Matroska or WebM (and is no HEIF or AVIF picture)."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        return False
    return head.startswith(_MATROSKA) or (head[4:8] in (b"ftyp", b"moov", b"wide") and head[8:12] not in _PICTURES)


def read_video_provenance(path: Path, *, whole: bool = False) -> Provenance:
    """What a video says about how it was made.

    `whole`: refuse an MP4 or MOV that shows no mark and was cut off, for the mark may have stood in what is missing. Raises
    UnreadableVideoError when it cannot be read, MissingExtraError for Matroska without `av`.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) == _MATROSKA:
                return _from_tags(path)
            boxes = list(_boxes(file))
            contents = [_content(file, box) for box in boxes if box.kind == b"uuid" and box.missing == 0 and box.size <= _LARGEST_PACKET]
    except OSError as error:
        raise UnreadableVideoError(f"cannot read {path}: {error.strerror or error}") from error
    packet = next((content[16:] for content in contents if content.startswith(_XMP_BOX)), None)
    if whole and packet is None:
        _refuse_cut(path, boxes)
    return read_xmp(packet, has_c2pa=any(holds_c2pa(content) or content.startswith(_C2PA_BOX) for content in contents))


def tags_for(path: Path, before: Provenance) -> Mapping[str, str]:
    """The mark as the container's own metadata, for files that keep it there; the program's name for all."""
    if path.suffix.lower() in _BOXED:
        return {}
    stated = read_xmp(write_xmp(SourceType.ALGORITHMICALLY_ENHANCED, before)).source_type
    return {_TYPE_TAG: f"{SOURCE_TYPES}{stated}", _TOOL_TAG: creator_tool()}


def mark(path: Path, suffix: str, before: Provenance) -> None:
    """Append the XMP box to the finished file at `path`, which will be called something that ends with `suffix`. Raises OSError when that fails.

    Players pass over boxes that they do not know, so it may stand at the end.
    """
    if suffix.lower() not in _BOXED:
        return
    content = _XMP_BOX + write_xmp(SourceType.ALGORITHMICALLY_ENHANCED, before)
    with path.open("ab") as file:
        file.write((len(content) + 8).to_bytes(4, "big") + b"uuid" + content)
        file.flush()
        os.fsync(file.fileno())


_PICTURES = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis", b"hevc", b"hevx")
_C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The UUID of the box in which C2PA 2.1 (appendix A.5.1) keeps its manifest store."""


_INDEXES = (b"moov", b"meta")
"""Boxes of which a whole file has one: a film's index, or a picture's."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A box at the top level: where its content starts, and how many bytes it states and lacks."""

    kind: bytes
    start: int
    size: int
    missing: int


def _boxes(file: BinaryIO) -> Iterator[_Box]:
    """The boxes at the top level, up to what is none (ISO/IEC 14496-12, section 4.2)."""
    end, place = file.seek(0, os.SEEK_END), 0
    for _ in range(_MOST_BOXES):
        if place + 8 > end:
            return
        file.seek(place)
        head = file.read(16)
        size, header = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(head[8:16], "big"), 16
        if size == 0:
            size = end - place
        if size < header or not head[4:8].isalnum():
            return
        yield _Box(head[4:8], place + header, size - header, max(0, place + size - end))
        place += size


def _content(file: BinaryIO, box: _Box) -> bytes:
    file.seek(box.start)
    return file.read(box.size)


def _refuse_cut(path: Path, boxes: Iterable[_Box]) -> None:
    missing, kinds = sum(box.missing for box in boxes), {box.kind for box in boxes}
    if missing or kinds.isdisjoint(_INDEXES):
        lack = f"{missing} bytes are missing" if missing else "its index is missing"
        raise UnreadableVideoError(f"expected a whole video, got one that is truncated ({lack}): {path}; copy or download it again")


def _from_tags(path: Path) -> Provenance:
    av = require("av", extra="video", purpose="reading a WebM or Matroska file")
    try:
        with av.open(str(path)) as container:
            metadata = {name.upper(): value for name, value in container.metadata.items()}
    except (av.error.FFmpegError, OSError) as error:
        raise UnreadableVideoError(f"cannot read {path} as a video: it is damaged or truncated") from error
    tool, _, version = metadata.get(_TOOL_TAG, "").rpartition(" ")
    stated = metadata.get(_TYPE_TAG, "").removeprefix(SOURCE_TYPES) or None
    return Provenance(source_type=stated, tool=tool or version or None, version=version if tool else None)
