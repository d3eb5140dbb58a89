"""The mark on every picture that kohl writes, what the input said before, and what is left behind."""

from __future__ import annotations

import io
import re
import time
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from kohl.core.errors import UnreadableImageError
from kohl.core.images import Provenance, SourceType, encode_image, open_image, read_provenance, save_image
from kohl.core.provenance import SOURCE_TYPES, read_xmp, write_xmp
from pictures import PNG, encoded, png_chunk, samples, smooth

ENDINGS = [".jpg", ".png", ".webp", ".tif", ".avif"]

C2PA_STORE = b"\0\0\0\x26jumb\0\0\0\x1ejumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\0"


def packet(source_type: str, *, as_element: bool = False) -> bytes:
    """An XMP packet as another program writes it."""
    uri = SOURCE_TYPES + source_type
    attribute, element = (f' Iptc4xmpExt:DigitalSourceType="{uri}"', "")
    if as_element:
        attribute, element = "", f"<Iptc4xmpExt:DigitalSourceType>{uri}</Iptc4xmpExt:DigitalSourceType>"
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmp:CreatorTool="Camera 3.1" tiff:Orientation="6"'
        f'{attribute}><dc:rights>mine</dc:rights>{element}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_every_format_is_marked(ending, dtype, tmp_path):
    opened = open_image(samples((16, 16, 3), dtype))
    path = save_image(tmp_path / f"out{ending}", opened, opened.pixels).path
    mark = read_provenance(path)
    assert mark.is_marked_by_kohl
    assert mark.source_type == "algorithmicallyEnhanced"
    assert mark.tool == "kohl"
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", mark.version)
    assert not mark.has_c2pa
    assert read_provenance(str(path)) == read_provenance(path.read_bytes()) == mark


def test_generated_makeup_is_marked_as_such(tmp_path):
    opened = open_image(samples((16, 16, 3)))
    path = save_image(tmp_path / "out.png", opened, opened.pixels, provenance=SourceType.COMPOSITE_WITH_GENERATED).path
    assert read_provenance(path).source_type == "compositeWithTrainedAlgorithmicMedia"


def test_unmarked_picture_says_nothing():
    assert read_provenance(encoded(PillowImage.fromarray(smooth()), "JPEG")) == Provenance()
    assert not Provenance().is_marked_by_kohl


def test_provenance_of_what_is_no_picture():
    with pytest.raises(UnreadableImageError):
        read_provenance(b"words")


@pytest.mark.parametrize("as_element", [False, True])
@pytest.mark.parametrize("keep_metadata", [False, True])
@pytest.mark.parametrize(
    ("before", "stated", "previous"),
    [
        ("trainedAlgorithmicMedia", "trainedAlgorithmicMedia", None),
        ("compositeWithTrainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", None),
        ("digitalCapture", "algorithmicallyEnhanced", "digitalCapture"),
        ("algorithmicallyEnhanced", "algorithmicallyEnhanced", None),
    ],
)
def test_what_the_input_said_is_handed_on(before, stated, previous, keep_metadata, as_element):
    data = encoded(PillowImage.fromarray(smooth()), "JPEG", xmp=packet(before, as_element=as_element))
    opened = open_image(data)
    assert opened.provenance.source_type == before
    assert (opened.provenance.tool, opened.provenance.version) == ("Camera", "3.1")
    after = read_provenance(encode_image(opened, opened.pixels, keep_metadata=keep_metadata).data)
    assert (after.source_type, after.previous_source_type, after.tool) == (stated, previous, "kohl")


def test_second_pass_remembers_the_first_statement():
    opened = open_image(encoded(PillowImage.fromarray(smooth()), "JPEG", xmp=packet("digitalCapture")))
    once = open_image(encode_image(opened, opened.pixels).data)
    twice = read_provenance(encode_image(once, once.pixels).data)
    assert twice.previous_source_type == "digitalCapture"


def test_kept_packet_holds_the_mark_once_and_is_well_formed():
    kept = write_xmp(SourceType.ALGORITHMICALLY_ENHANCED, read_xmp(packet("digitalCapture")), keep=packet("digitalCapture", as_element=True))
    assert b"<dc:rights>mine</dc:rights>" in kept
    assert kept.count(b"CreatorTool") == 1
    assert kept.count(b"Ext:DigitalSourceType") == 1
    assert b'tiff:Orientation="1"' in kept
    for xmp in (kept, write_xmp(SourceType.GENERATED, Provenance(source_type='odd "<&> words'))):
        body = xmp[xmp.index(b"<x:xmpmeta") : xmp.index(b"<?xpacket end")]
        assert ElementTree.fromstring(body) is not None
    assert read_xmp(write_xmp(SourceType.GENERATED, Provenance(source_type='odd "<&> words'))).previous_source_type == 'odd "<&> words'


def test_packet_that_cannot_carry_the_mark_is_replaced():
    for strange in (b"", b"no xml at all", b"<x:xmpmeta/>"):
        assert read_xmp(write_xmp(SourceType.GENERATED, Provenance(), keep=strange)).is_marked_by_kohl


@given(st.binary(max_size=300))
def test_reading_any_packet_raises_nothing(data):
    read_xmp(data)
    assert read_xmp(write_xmp(SourceType.GENERATED, read_xmp(data), keep=data)).is_marked_by_kohl or b"</rdf:RDF>" in data


@pytest.mark.parametrize("hostile", [b"a" * 3_000_000, b"a:CreatorTool" * 200_000, b"<a:CreatorTool " * 200_000, b"<a:DigitalSourceType>" * 100_000])
def test_hostile_packet_is_read_in_linear_time(hostile):
    start = time.perf_counter()
    read_xmp(hostile)
    write_xmp(SourceType.GENERATED, Provenance(), keep=hostile)
    assert time.perf_counter() - start < 10


def _with_c2pa(format_name: str) -> bytes:
    data = encoded(PillowImage.fromarray(smooth()), format_name)
    if format_name == "JPEG":
        segment = b"JP\0\x01\0\0\0\x01" + C2PA_STORE
        return data[:2] + b"\xff\xeb" + (len(segment) + 2).to_bytes(2, "big") + segment + data[2:]
    return PNG + data[8:33] + png_chunk(b"caBX", C2PA_STORE) + data[33:]


@pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
def test_content_credentials_are_never_dropped_in_silence(format_name):
    data = _with_c2pa(format_name)
    assert read_provenance(data).has_c2pa
    opened = open_image(data)
    assert opened.provenance.has_c2pa
    assert any("C2PA" in loss for loss in opened.losses)
    assert not read_provenance(encode_image(opened, opened.pixels).data).has_c2pa


def _with_exif(format_name: str) -> bytes:
    exif = PillowImage.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x010E] = "Maker", "Model 7", 6, "at home"
    exif.get_ifd(0x8769).update({0x829A: 0.01, 0xA002: 32, 0xA003: 24, 0x927C: b"maker's own"})
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0)})
    return encoded(PillowImage.fromarray(smooth()), format_name, exif=exif.tobytes())


SOURCES = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("ending", ENDINGS)
def test_metadata_is_dropped(source, ending, tmp_path):
    opened = open_image(_with_exif(source))
    data = save_image(tmp_path / f"out{ending}", opened, opened.pixels).path.read_bytes()
    for secret in (b"Maker", b"Model 7", b"at home", b"maker's own"):
        assert secret not in data
    with PillowImage.open(io.BytesIO(data)) as image:
        assert 0x8825 not in image.getexif()
        assert not image.getexif().get_ifd(0x8825)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("ending", ENDINGS)
def test_metadata_is_kept_when_asked(source, ending, dtype, tmp_path):
    opened = open_image(_with_exif(source))
    assert opened.size == (32, 24)
    deep = replace(opened, raw=replace(opened.raw, samples=opened.raw.samples.astype(np.uint16) * 257))
    path = save_image(tmp_path / f"out{ending}", deep if dtype == "uint16" else opened, opened.pixels, keep_metadata=True).path
    with PillowImage.open(path) as image:
        exif = image.getexif()
        assert exif[0x0110].rstrip("\0") == "Model 7"
        assert exif.get(0x0112, 1) == 1
        assert exif.get_ifd(0x8825)[1] == "N"
        assert float(exif.get_ifd(0x8769)[0x829A]) == pytest.approx(0.01)
        assert (exif.get_ifd(0x8769)[0xA002], exif.get_ifd(0x8769)[0xA003]) == (24, 32)
        assert image.size == (24, 32)
    again = open_image(path)
    assert again.size == (32, 24)
    assert again.provenance.is_marked_by_kohl


def test_thumbnail_is_never_kept():
    """It would show the face as it was."""
    thumbnail = encoded(PillowImage.new("RGB", (8, 8), "red"), "JPEG")
    ifd0 = b"\x00\x01" + b"\x01\x10\x00\x02\x00\x00\x00\x04abc\0" + b"\x00\x00\x00\x1a"
    ifd1 = b"\x00\x02" + b"\x02\x01\x00\x04\x00\x00\x00\x01" + (8 + 18 + 30).to_bytes(4, "big")
    ifd1 += b"\x02\x02\x00\x04\x00\x00\x00\x01" + len(thumbnail).to_bytes(4, "big") + b"\0\0\0\0"
    block = b"Exif\0\0MM\0*\0\0\0\x08" + ifd0 + ifd1 + thumbnail
    opened = open_image(encoded(PillowImage.fromarray(smooth()), "JPEG", exif=block))
    assert b"abc\0" in opened.raw.exif
    assert thumbnail not in encode_image(opened, opened.pixels, keep_metadata=True).data
