from __future__ import annotations

import io
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from drawn import Drawing, FixedDetector
from kohl.api.explain import report_readings
from kohl.api.studio import Studio
from kohl.core.arrays import AnyArray
from kohl.core.errors import (
    KohlError,
    LookFormatError,
    NoFaceError,
    OutputError,
    OutputExistsError,
    UnknownNameError,
    UnreadableImageError,
    UsageError,
)
from kohl.core.images import read_provenance
from kohl.core.region import Region
from kohl.faces.analyzer import Analyzer
from kohl.methods.base import Capabilities, Controls
from kohl.reading.film import ReadFilm
from pictures import encoded
from stand_ins import FlatMethod, red_look, red_reading

Make = Callable[[Path], Any]


@pytest.fixture(scope="module")
def photo(drawing: Drawing) -> AnyArray:
    return np.round(drawing.image * 255).astype(np.uint8)


def save_path(folder: Path, photo: AnyArray) -> Path:
    path = folder / "me.png"
    path.write_bytes(encoded(PillowImage.fromarray(photo), "PNG"))
    return path


# What comes in, how it is made of the drawn photo, and how its result is looked at: always as uint8 RGB.
KINDS: dict[str, tuple[Callable[[AnyArray, Path], Any], type, Callable[[Any], AnyArray]]] = {
    "path": (lambda photo, folder: save_path(folder, photo), PillowImage.Image, np.asarray),
    "text path": (lambda photo, folder: str(save_path(folder, photo)), PillowImage.Image, np.asarray),
    "bytes": (lambda photo, folder: encoded(PillowImage.fromarray(photo), "PNG"), bytes, lambda data: np.asarray(PillowImage.open(io.BytesIO(data)))),
    "PIL": (lambda photo, folder: PillowImage.fromarray(photo), PillowImage.Image, np.asarray),
    "uint8": (lambda photo, folder: photo.copy(), np.ndarray, np.asarray),
    "float32": (lambda photo, folder: (photo / np.float32(255)).astype(np.float32), np.ndarray, lambda array: np.round(array * 255).astype(np.uint8)),
    "uint16": (lambda photo, folder: photo.astype(np.uint16) * 257, np.ndarray, lambda array: (array // 257).astype(np.uint8)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_the_type_that_came_in_goes_out(kind: str, strength: float, studio: Studio, photo: AnyArray, tmp_path: Path):
    make, expected, look_at = KINDS[kind]
    source = make(photo, tmp_path)
    result = studio.apply(source, red_look(), strength=strength)
    assert isinstance(result, expected)
    changed = (look_at(result) != photo).any(axis=2)
    assert changed.any() == bool(strength)
    if isinstance(source, np.ndarray):
        assert result.dtype == source.dtype
        if not strength:
            np.testing.assert_array_equal(result, source)


def test_the_array_that_came_in_is_never_written_to(studio: Studio, photo: AnyArray):
    source = photo.copy()
    studio.apply(source, red_look())
    np.testing.assert_array_equal(source, photo)


def test_out_writes_a_marked_file_and_never_over_one(studio: Studio, photo: AnyArray, tmp_path: Path):
    out = tmp_path / "out.png"
    assert studio.apply(photo, red_look(), out=out) == out
    assert read_provenance(out).is_marked_by_kohl
    with pytest.raises(OutputExistsError):
        studio.apply(photo, red_look(), out=out)


@pytest.mark.parametrize("verb", ["apply", "transfer"])
def test_force_replaces_what_out_names_and_stands_beside_it_only(verb: str, studio: Studio, photo: AnyArray, tmp_path: Path):
    make_up, source = getattr(studio, verb), red_look() if verb == "apply" else photo
    out = tmp_path / "out.png"
    out.write_bytes(b"mine")
    with pytest.raises(OutputExistsError, match=r"force=True"):
        make_up(photo, source, out=out, force=False)
    assert out.read_bytes() == b"mine"
    assert make_up(photo, source, out=out, force=True) == out
    assert read_provenance(out).is_marked_by_kohl
    with pytest.raises(UsageError, match="expected out=PATH beside force=True"):
        make_up(photo, source, force=True)


def test_what_is_about_the_file_is_among_the_known_keywords(studio: Studio, photo: AnyArray):
    with pytest.raises(UnknownNameError, match=r"known: .*seed, out, force"):
        studio.apply(photo, red_look(), zzz=1)  # type: ignore[call-overload]
    with pytest.raises(UsageError, match=r"save\(path, force=True\)"):
        studio.apply_details(photo, red_look(), force=True)  # type: ignore[call-arg]


def test_a_studio_takes_a_transfer_from_a_photo_or_a_reading(studio: Studio, photo: AnyArray):
    np.testing.assert_array_equal(studio.transfer(photo, photo), studio.transfer(photo, red_reading()))


def test_only_and_strength_reach_the_method(studio: Studio, method: FlatMethod, photo: AnyArray):
    studio.transfer(photo, photo, only="lips,eyes", strength={"all": 0.8, "lips": 0.5}, texture="copy", detail="layers", seed=7)
    (controls,) = method.controls
    assert [controls.strength_of(region) for region in (Region.LIPS, Region.EYES, Region.SKIN)] == [0.5, 0.8, 0.0]
    assert (controls.texture, controls.detail, controls.seed) == (1.0, "layers", 7)


def test_at_strength_0_the_method_is_not_asked(studio: Studio, method: FlatMethod, photo: AnyArray):
    outcome = studio.apply_details(photo, red_look(), strength=0.0)
    assert method.controls == []
    assert len(outcome.faces) == 1


def test_every_region_may_have_its_own_reference(photo: AnyArray, drawing: Drawing):
    seen: dict[Region, Any] = {}

    class Watching(FlatMethod):
        def transfer(self, image: Any, face: Any, references: Any, controls: Any) -> Any:
            seen.update(references)
            return image

    studio = Studio(Watching(), analyzer=Analyzer(detector=FixedDetector(drawing.points)))
    main, other = red_reading(), red_reading()
    studio.transfer(photo, main, reference_for={"eyes": other})
    assert seen[Region.EYES] is other
    assert all(seen[region] is main for region in Region if region != Region.EYES)


@pytest.mark.parametrize(("faces", "painted"), [("largest", 1), ("all", 3), (2, 2), (9, 3)])
def test_faces(faces: Any, painted: int, drawing: Drawing):
    method = FlatMethod()
    scales = (0.5, 1.0, 0.6)
    detector = FixedDetector(*(drawing.points * np.float32(scale) for scale in scales))
    outcome = Studio(method, analyzer=Analyzer(detector=detector)).apply_details(drawing.image, red_look(), faces=faces)
    assert len(outcome.faces) == len(method.controls) == painted
    widths = [face.box[2] - face.box[0] for face in outcome.faces]
    assert widths == sorted(widths, reverse=True)


def test_read_and_analyze(studio: Studio, photo: AnyArray):
    assert studio.read(photo) == red_look()
    assert studio.read(photo, as_shown=True) == red_look(), "where the film says nothing, products stay as they are"
    assert studio.read_details(photo).confidence == {"lipstick": 0.9}
    assert len(studio.analyze(photo)) == 1
    with pytest.raises(UsageError, match="from 0 to 0"):
        studio.read(photo, face=1)


def test_two_threads_share_a_studio(studio: Studio, method: FlatMethod, photo: AnyArray):
    photos = [np.roll(photo, shift, axis=2).copy() for shift in range(3)] * 2
    alone = [studio.apply(photo, red_look()) for photo in photos]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda photo: studio.apply(photo, red_look()), photos))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_report_says_what_was_done(studio: Studio, photo: AnyArray):
    reports = {report.region: str(report) for report in studio.apply_details(photo, red_look(), strength=0.5).regions}
    assert reports[Region.LIPS].startswith("lips: lipstick #c01020")
    assert reports[Region.LIPS].endswith("(at strength 0.5)")
    assert reports[Region.EYES] == "eyes: nothing to put on"
    left_out = studio.transfer_details(photo, photo, without="lips").regions
    assert str(next(report for report in left_out if report.region == Region.LIPS)) == "lips: left as it is"
    read = studio.transfer_details(photo, photo).regions
    assert "90% sure" in str(next(report for report in read if report.region == Region.LIPS))


def test_the_report_tells_of_colour_that_no_product_explains():
    """A film is painted also where reading names no product: the report must not say that there is nothing to put on."""
    seen = np.zeros((4, 4), np.float32)
    seen[1] = 0.8
    film = ReadFilm({}, {Region.LIPS: seen, Region.EYES: seen}, np.zeros(3, np.float32))
    readings = dict.fromkeys(Region, replace(red_reading(), film=film))
    told = {report.region: str(report) for report in report_readings(readings, Controls())}
    assert told[Region.EYES] == "eyes: a colour of no product that reading can name (80% sure that it is makeup)"
    assert told[Region.LIPS].startswith("lips: lipstick")
    assert told[Region.CHEEKS] == "cheeks: nothing to put on"
    assert {str(report) for report in report_readings(readings, Controls(detail="layers"))} >= {"eyes: nothing to put on"}


def test_an_outcome_knows_whether_anything_happened(studio: Studio, photo: AnyArray):
    assert not studio.apply_details(photo, red_look()).is_untouched
    assert studio.apply_details(photo, red_look(), without="lips").is_untouched


def test_a_comparison_holds_both_pictures(studio: Studio, photo: AnyArray, tmp_path: Path):
    studio.apply_details(photo, red_look()).save_comparison(tmp_path / "both.png")
    both = np.asarray(PillowImage.open(tmp_path / "both.png"))
    height, width = photo.shape[:2]
    np.testing.assert_array_equal(both[:, :width], photo)
    assert (both[:, -width:] != photo).any()
    assert both.shape[1] > 2 * width
    assert (both[:, width : both.shape[1] - width] == 255).all()
    assert both.shape[0] == height


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda studio, photo, folder: studio.apply(folder / "none.jpg", red_look()), UnreadableImageError),
        (lambda studio, photo, folder: studio.apply(b"", red_look()), UnreadableImageError),
        (lambda studio, photo, folder: studio.apply(np.full((9, 9, 3), np.nan, np.float32), red_look()), UsageError),
        (lambda studio, photo, folder: studio.apply(photo, "clean-grl"), UnknownNameError),
        (lambda studio, photo, folder: studio.apply(photo, folder / "none.json"), LookFormatError),
        (lambda studio, photo, folder: studio.apply(photo, red_look(), only="lisp"), UnknownNameError),
        (lambda studio, photo, folder: studio.apply(photo, red_look(), strenght=1), UnknownNameError),
        (lambda studio, photo, folder: studio.apply(photo, red_look(), texture=1), UnknownNameError),
        (lambda studio, photo, folder: studio.transfer(photo, photo, reference_for={"noes": photo}), UnknownNameError),
        (lambda studio, photo, folder: studio.apply(photo, red_look(), out=folder / "none/out.png"), OutputError),
        (lambda studio, photo, folder: studio.apply(photo, red_look(), out=folder / "out.xyz"), UsageError),
        (lambda studio, photo, folder: Studio("procedurral"), UnknownNameError),
        (lambda studio, photo, folder: studio.read(photo, face="first"), UsageError),
        (lambda studio, photo, folder: Studio(FlatMethod(), analyzer=Analyzer(detector=FixedDetector())).apply(photo, red_look()), NoFaceError),
    ],
)
def test_bad_calls(call: Callable[[Studio, AnyArray, Path], Any], error: type[KohlError], studio: Studio, photo: AnyArray, tmp_path: Path):
    with pytest.raises(error):
        call(studio, photo, tmp_path)
    assert list(tmp_path.iterdir()) == [], "nothing half-written"


def test_a_method_is_not_asked_for_what_it_cannot_do(drawing: Drawing, photo: AnyArray):
    class Painter(FlatMethod):
        capabilities = Capabilities(applies_looks=True, transfers=False, reads=False)

    studio = Studio(Painter(), analyzer=Analyzer(detector=FixedDetector(drawing.points)))
    with pytest.raises(UsageError, match="cannot transfer makeup"):
        studio.transfer(photo, red_reading())
    Painter.capabilities = Capabilities(applies_looks=True, transfers=True, reads=False)
    with pytest.raises(UsageError, match="cannot copy skin texture"):
        studio.transfer(photo, red_reading(), texture=0.5)
    with pytest.raises(UsageError, match="cannot read makeup"):
        studio.read(photo)


@pytest.mark.parametrize("reference", ["gothic", "Classic Red Lip", "learned/gothic", "look.json", Path("mine.onnx"), red_look()], ids=str)
def test_a_look_is_no_reference(reference: Any, studio: Studio, photo: AnyArray):
    with pytest.raises(UsageError, match=r"expected a photo, got a look .*kohl\.apply put looks on"):
        studio.transfer(photo, reference)


def test_a_photo_that_is_missing_is_missing(studio: Studio, photo: AnyArray):
    with pytest.raises(UnreadableImageError, match="does not exist"):
        studio.transfer(photo, "learned/gothic.jpg")


def test_a_photo_may_have_a_preset_s_name(studio: Studio, photo: AnyArray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    PillowImage.fromarray(photo).save("gothic", "PNG")
    assert studio.read("gothic").regions == (Region.LIPS,)


def test_a_method_that_cannot_names_those_that_can(photo: AnyArray):
    with pytest.raises(UsageError, match=r"'tinybeauty' cannot put on looks that are data; use another one: procedural$"):
        Studio("tinybeauty").apply(photo, red_look())


def open_sockets() -> set[str]:
    """This process's sockets, those that compiled code opened included; only Linux lists them."""
    return {str(link.readlink()) for link in Path("/proc/self/fd").glob("*") if link.is_symlink() and str(link.readlink()).startswith("socket:")}


def test_nothing_is_connected_to_while_painting(monkeypatch: pytest.MonkeyPatch, photo: AnyArray):
    """The real networks and the real method, with a guard on every socket."""

    def refuse(self: socket.socket, address: Any) -> None:
        if not str(address[0]).startswith("127."):
            raise AssertionError(f"kohl connects to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail(f"kohl looks up {args[0]}"))
    sample = pytest.importorskip("skimage.data", reason="the sample portrait is scikit-image's").astronaut()
    before = open_sockets()
    studio = Studio()
    assert (studio.transfer(studio.apply(sample, "gothic"), studio.apply(sample, "classic-red-lip")) != sample).any()
    assert open_sockets() == before
