"""The mark that says how a picture was made, in XMP: written to every picture that kohl writes, and read by `kohl verify`.

`Iptc4xmpExt:DigitalSourceType` (IPTC Photo Metadata Standard 2023, section "Digital Source Type") holds an address out of IPTC's list;
`xmp:CreatorTool` holds the program and its version. Packets are read with regular expressions, not with an XML parser: they come from
strangers, one property is wanted, and there is nothing here that an entity bomb could blow up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape, quoteattr, unescape

TOOL = "kohl"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"

# The content-type UUID that opens every C2PA manifest store (C2PA 2.1, section 11.1.4.2), whatever file carries it.
_C2PA_STORE = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"

# Lengths are bounded: a search through a hostile packet must not become quadratic.
_PREFIX = rb"[A-Za-z_][\w.-]{0,40}:"
_VALUE = rb"\s{0,9}=\s{0,9}(?:\"([^\"<]{0,500})\"|'([^'<]{0,500})')"
_PREVIOUS = "PreviousDigitalSourceType"


class SourceType(StrEnum):
    """What IPTC calls the kinds of pictures that kohl makes, weakest claim first."""

    ALGORITHMICALLY_ENHANCED = "algorithmicallyEnhanced"
    COMPOSITE_WITH_GENERATED = "compositeWithTrainedAlgorithmicMedia"
    GENERATED = "trainedAlgorithmicMedia"


@dataclass(frozen=True)
class Provenance:
    """What a picture says about how it was made."""

    source_type: str | None = None
    """IPTC's word without its address (``algorithmicallyEnhanced``), or what stands there instead of one."""
    previous_source_type: str | None = None
    """What the picture said before kohl painted on it."""
    tool: str | None = None
    """The program that says it made the picture (``kohl``), without its version."""
    version: str | None = None
    """That program's version."""
    has_c2pa: bool = False
    """Whether a C2PA manifest (content credentials) is in the file; kohl does not check its signature."""

    @property
    def is_marked_by_kohl(self) -> bool:
        """Whether kohl wrote this mark."""
        return self.tool == TOOL and self.source_type is not None


def read_xmp(xmp: bytes | None, *, has_c2pa: bool = False) -> Provenance:
    """The provenance in an XMP packet; an empty one where there is no packet or nothing in it."""
    packet = xmp or b""
    tool, _, tool_version = (_property(packet, "CreatorTool") or "").rpartition(" ")
    return Provenance(
        source_type=_short(_property(packet, "DigitalSourceType")),
        previous_source_type=_short(_property(packet, _PREVIOUS)),
        tool=tool or tool_version or None,
        version=tool_version if tool else None,
        has_c2pa=has_c2pa,
    )


def holds_c2pa(data: bytes) -> bool:
    """Whether a C2PA manifest store lies in these bytes of a file."""
    return _C2PA_STORE in data


def write_xmp(source_type: SourceType, before: Provenance, *, keep: bytes | None = None) -> bytes:
    """An XMP packet with kohl's mark.

    A stronger statement on the input is handed on (a generated portrait with makeup is still a generated portrait); a weaker one
    (a camera's) gives way to ours and is kept as `PreviousDigitalSourceType`.

    Parameters
    ----------
    source_type
        What this edit makes of an ordinary photo.
    before
        What the input said.
    keep
        The input's packet, to be kept around the mark; a packet that can't carry it is replaced.
    """
    stated, previous = _stronger(source_type, before)
    description = _description(stated, previous)
    if keep is not None:
        cleaned = _without_ours(keep)
        head, end, tail = cleaned.rpartition(b"</rdf:RDF>")
        if end:
            return head + description + end + tail
    return (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        + description
        + b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def creator_tool() -> str:
    """``kohl VERSION``, as `xmp:CreatorTool` says it."""
    from importlib.metadata import version  # noqa: PLC0415  slow to import, and only pictures that are written need it

    return f"{TOOL} {version(TOOL)}"


def _stronger(ours: SourceType, before: Provenance) -> tuple[str, str | None]:
    """(what to state, what to remember as previous)."""
    ranks = list(SourceType)
    theirs = before.source_type
    if theirs in ranks and ranks.index(SourceType(theirs)) > ranks.index(ours):
        return theirs, before.previous_source_type
    if theirs == ours or theirs is None:
        return ours, before.previous_source_type
    return ours, theirs


def _description(stated: str, previous: str | None) -> bytes:
    remembered = f" kohl:{_PREVIOUS}={quoteattr(previous)}" if previous else ""
    return (
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:kohl="urn:kohl:provenance:1"'
        f' xmp:CreatorTool="{escape(creator_tool())}" Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPES}{stated}"{remembered}/>'
    ).encode()


def _property(packet: bytes, name: str) -> str | None:
    """The value of a property, written as an attribute, as an element, or as a resource."""
    word = _PREFIX + re.escape(name.encode())
    attribute, element = word + _VALUE, b"<" + word + rb"[^<>]{0,500}>([^<]{0,500})<"
    resource = b"<" + word + rb"[^<>]{0,200}?:resource" + _VALUE
    for pattern in (attribute, resource, element):
        found = re.search(pattern, packet)
        value = next(filter(None, found.groups()), b"").strip() if found else b""
        if value:
            return unescape(value.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})
    return None


def _short(source_type: str | None) -> str | None:
    """IPTC's word without its address, which some write with https or a trailing slash."""
    if source_type is None:
        return None
    return re.sub(r"^https?://cv\.iptc\.org/newscodes/digitalsourcetype/", "", source_type).strip("/") or None


def _without_ours(packet: bytes) -> bytes:
    """The packet without the properties that are written anew, and with the orientation that was applied set to upright."""
    for name in (b"CreatorTool", b"DigitalSourceType", _PREVIOUS.encode()):
        word = _PREFIX + name
        packet = re.sub(rb"\s" + word + rb"\s*=\s*(\"[^\"]*\"|'[^']*')", b"", packet)
        packet = re.sub(b"<(" + word + rb")(?:\s[^<>]*)?(?:/>|>[^<]*</\1\s*>)", b"", packet)
    packet = re.sub(rb"(tiff:Orientation\s*=\s*[\"'])\d", rb"\g<1>1", packet)
    return re.sub(rb"(<tiff:Orientation>)\s*\d", rb"\g<1>1", packet)
