"""The file formats that go through the door, and how to tell them by name and by their first bytes."""

from __future__ import annotations

from pathlib import Path

from kohl.core.errors import UsageError

PILLOW_READS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF", "BMP")
"""Pillow's names of what `open_image` lets it open; anything else (EPS, PSD, …) never reaches its decoder. JPEG brings MPO along."""

READABLE = (*PILLOW_READS, "HEIF")
"""All that `open_image` takes; HEIF comes with the extra of that name."""

EXTENSIONS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".avif": "AVIF",
    ".heic": "HEIF",
    ".heif": "HEIF",
}
"""The formats that can be written, by the file name's ending."""

DEEP = ("PNG", "TIFF")
"""The formats that hold 16 bits per channel."""

OPAQUE = ("JPEG",)
"""The formats without transparency."""

LONGEST_SIDE = {"JPEG": 65_535, "WEBP": 16_383, "AVIF": 65_536}
"""The most pixels along one side, where a format sets a limit."""

_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")

_PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM")

_MOST_CHUNKS = 64
"""A WebP with one picture has a dozen chunks at most; a hostile file may claim millions of empty ones."""


def output_format(path: Path, input_format: str | None) -> str:
    """The format to write `path` in: by its ending, or the input's own where it has none (PNG where that one is read only).

    Raises UsageError for an ending that kohl does not write.
    """
    ending = path.suffix.lower()
    if not ending:
        return writable_format(input_format)
    if ending not in EXTENSIONS:
        raise UsageError(f"cannot write {path.name}: {ending!r} is not a picture format that kohl writes; use one of {', '.join(EXTENSIONS)}")
    return EXTENSIONS[ending]


def writable_format(input_format: str | None) -> str:
    """The format in which a picture that came as `input_format` (None: not from a file) goes out."""
    if input_format == "MPO":
        return "JPEG"
    return input_format if input_format is not None and input_format in EXTENSIONS.values() else "PNG"


def is_heif(data: bytes) -> bool:
    """Whether these bytes begin like a HEIC/HEIF file (AVIF, which shares the container, is not meant)."""
    if data[4:8] != b"ftyp":
        return False
    box = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
    return any(brand in box for brand in _HEIF_BRANDS) and not any(brand in box for brand in _AVIF_BRANDS)


def is_lossless(data: bytes) -> bool:
    """Whether these are the bytes of a lossless WebP; of the other formats, the writer knows by itself."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP" and b"VP8L" in _webp_chunks(data)


def _webp_chunks(data: bytes) -> list[bytes]:
    """The names of a WebP file's chunks (RFC 9649, section 2.3)."""
    names: list[bytes] = []
    place = 12
    while place + 8 <= len(data) and len(names) < _MOST_CHUNKS:
        names.append(data[place : place + 4])
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
    return names


def looks_like_picture(data: bytes) -> bool:
    """Whether a file's first bytes are those of a kind of picture that kohl reads."""
    is_webp, is_iso = data[:4] == b"RIFF" and data[8:12] == b"WEBP", data[4:8] == b"ftyp" and data[8:12] in (*_HEIF_BRANDS, *_AVIF_BRANDS)
    return data.startswith(_PICTURE_STARTS) or is_webp or is_iso


def looks_like_text(data: bytes) -> bool:
    """Whether these bytes begin like plain text or markup rather than like a picture."""
    head = data[:512]
    return bool(head) and all(byte >= 32 or byte in b"\t\n\r\f" for byte in head)
