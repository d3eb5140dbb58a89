"""A picture's EXIF block and XMP packet: what to apply, and what to keep for those who ask."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image as PillowImage

_ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x0112, 0x8769, 0x8825

# IFD 0 as EXIF 3.0 (table 4) has it. A TIFF's own block also holds its layout, profile and XMP, which belong to that file alone.
_DESCRIPTIVE = (
    *(0x010E, 0x010F, 0x0110, 0x011A, 0x011B, 0x0128, 0x0131, 0x0132, 0x013B, 0x8298),
    *(0x4746, 0x4749),  # rating
    *range(0x9C9B, 0x9CA0),  # title, comment, author, keywords, subject, as Windows writes them
)

_WIDTH, _HEIGHT = 0xA002, 0xA003


@dataclass(frozen=True)
class Metadata:
    """What a picture file says beside its pixels."""

    orientation: int = 1
    """EXIF orientation, 1–8: how the samples have to be turned to be upright."""
    exif: bytes | None = None
    """The EXIF block as it is after that turn, without thumbnail; None where there is none or it is broken."""
    xmp: bytes | None = None
    """The XMP packet as it came."""


def read_metadata(image: PillowImage.Image) -> Metadata:
    """The metadata of a loaded picture. A broken EXIF block counts as none: it is no reason to refuse the picture."""
    xmp = _packet(image)
    try:
        exif = image.getexif()
        orientation = exif.get(_ORIENTATION, 1)
        upright = orientation if orientation in range(1, 9) else 1
        # Pillow turns a TIFF by itself; what counts is how the samples lie now.
        width, height = image.size if upright < 5 else image.size[::-1]
        return Metadata(upright, _kept(exif, width, height), xmp)
    except Exception:  # Pillow's parser answers broken blocks with whatever it stumbles over
        return Metadata(xmp=xmp)


def _packet(image: PillowImage.Image) -> bytes | None:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if isinstance(packet, str):
        return packet.encode("utf-8", "replace")
    return bytes(packet) if isinstance(packet, bytes | bytearray) and packet else None


def _kept(exif: PillowImage.Exif, width: int, height: int) -> bytes | None:
    """The block for a picture that stands upright already and is of this size."""
    kept = PillowImage.Exif()
    for tag in _DESCRIPTIVE:
        if tag in exif:
            kept[tag] = exif[tag]
    for ifd in (_EXIF_IFD, _GPS_IFD):
        inner = dict(exif.get_ifd(ifd))
        inner |= {tag: side for tag, side in ((_WIDTH, width), (_HEIGHT, height)) if tag in inner}
        if inner:
            kept.get_ifd(ifd).update(inner)
    if not len(kept) and not kept.get_ifd(_EXIF_IFD) and not kept.get_ifd(_GPS_IFD):
        return None
    kept[_ORIENTATION] = 1
    return kept.tobytes()
