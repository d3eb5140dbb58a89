from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from running import Kohl, load

from drawn import Drawing, FixedDetector
from kohl.core.images import read_provenance
from kohl.core.region import Region
from kohl.faces.mesh import Mesh
from kohl.looks.look import Look
from kohl.reading.film import ReadFilm
from kohl.reading.unrolled import SIDE
from stand_ins import RED, FlatMethod, red_reading


def test_apply_writes_beside_the_photo_and_prints_where(kohl: Kohl):
    result = kohl("apply", "me.png", "--look", "classic-red-lip")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "me.kohl.png\n", "")
    before, after = (np.asarray(load(name)) for name in ("me.png", "me.kohl.png"))
    assert (before != after).any()
    assert read_provenance("me.kohl.png").is_marked_by_kohl


def test_transfer(kohl: Kohl):
    result = kohl("transfer", "me.png", "reference.png", "-o", "out.png", "--only", "lips", "--strength", "0.5", "--texture", "copy")
    assert (result.exit_code, result.stdout) == (0, "out.png\n")


def test_transfer_from_several_references(kohl: Kohl):
    result = kohl("transfer", "me.png", "reference.png", "--reference-for", "eyes=me.png", "--json")
    assert result.exit_code == 0, result.output
    assert {region["region"] for region in json.loads(result.stdout)["regions"]} == {"lips", "eyes", "brows", "cheeks", "skin"}


def test_read_prints_a_look_that_can_be_applied(kohl: Kohl):
    look = kohl("read", "reference.png").stdout
    Path("look.json").write_text(look)
    assert kohl("apply", "me.png", "--look", "look.json").exit_code == 0
    assert kohl("read", "reference.png", "-o", "again.json").stdout == "again.json\n"
    assert json.loads(Path("again.json").read_text()) == json.loads(look)


def test_read_as_shown_writes_the_colours_of_the_photo(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    painted = np.full((SIDE, SIDE, 3), (-30.0, 40.0, -20.0), np.float32)
    film = ReadFilm({Region.LIPS: painted}, {}, np.float32([60, 10, 15]), {Region.LIPS: np.zeros_like(painted)})
    monkeypatch.setattr(FlatMethod, "read", lambda *_: replace(red_reading(), film=film))
    (read,), (shown,) = (json.loads(kohl("read", "reference.png", *more).stdout)["layers"] for more in ((), ("--as-shown",)))
    assert read["pigment"] == RED
    assert (shown["product"], shown["pigment"] != RED) == ("lipstick", True)
    assert shown["coverage"] >= read["coverage"]
    assert kohl("transfer", "me.png", "reference.png", "--detail", "layers", "--explain").stderr.count(shown["pigment"]) == 1


def test_json_is_one_object_that_tells_all(kohl: Kohl):
    result = kohl("apply", "me.png", "-l", "classic-red-lip", "--strength", "lips=0.5", "--compare", "--json")
    told = json.loads(result.stdout)
    assert result.stderr == ""
    assert told["ok"] is True
    assert (told["output"], told["comparison"], told["faces"]) == ("me.kohl.png", "me.kohl.compare.png", 1)
    (lips,) = [region for region in told["regions"] if region["region"] == "lips"]
    assert lips["strength"] == 0.5
    assert any("lipstick" in product for product in lips["products"])


def test_quiet_prints_nothing_but_errors(kohl: Kohl):
    result = kohl("apply", "me.png", "-l", "classic-red-lip", "--explain", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert kohl("apply", "none.png", "-l", "classic-red-lip", "--quiet").stderr.startswith("kohl: ")


def test_explain_says_what_was_done_per_region(kohl: Kohl):
    result = kohl("apply", "me.png", "-l", "classic-red-lip", "--without", "brows", "--explain")
    assert result.stdout == "me.kohl.png\n", "what is for people is not in the way of programs"
    assert "lips: " in result.stderr
    assert "lipstick #" in result.stderr


def test_compare_shows_both(kohl: Kohl):
    result = kohl("apply", "me.png", "-l", "classic-red-lip", "-o", "out.png", "--compare")
    assert result.stdout == "out.png\nout.compare.png\n"
    assert load("out.compare.png").width > 2 * load("me.png").width


def test_pipes(kohl: Kohl):
    result = kohl("apply", "-", "-l", "classic-red-lip", stdin=Path("me.png").read_bytes())
    assert result.exit_code == 0, result.stderr
    picture = load(io.BytesIO(result.stdout_bytes))
    assert (picture.format, picture.size) == ("PNG", load("me.png").size)
    assert kohl("apply", "me.png", "-l", "gothic", "-o", "-").stdout_bytes.startswith(b"\x89PNG")


@pytest.mark.parametrize("option", ["--json", "--compare"])
def test_what_cannot_go_with_a_pipe_is_refused(kohl: Kohl, option: str):
    result = kohl("apply", "me.png", "-l", "gothic", "-o", "-", option)
    assert result.exit_code == 2
    assert "-o" in result.stderr


def test_strength_0_leaves_the_picture_as_it_is(kohl: Kohl):
    kohl("apply", "me.png", "-l", "gothic", "--strength", "0", "-o", "out.png")
    assert load("out.png").tobytes() == load("me.png").tobytes()


def test_metadata_is_dropped_unless_asked_for(kohl: Kohl):
    picture = load("me.png")
    exif = picture.getexif()
    exif[0x013B] = "somebody"
    picture.save("me.jpg", exif=exif)
    kohl("apply", "me.jpg", "-l", "gothic", "-o", "dropped.jpg")
    kohl("apply", "me.jpg", "-l", "gothic", "-o", "kept.jpg", "--keep-metadata")
    assert load("dropped.jpg").getexif().get(0x013B) is None
    assert load("kept.jpg").getexif().get(0x013B) == "somebody"


def test_a_format_that_is_not_written_becomes_a_png(kohl: Kohl):
    load("me.png").save("me.bmp")
    assert kohl("apply", "me.bmp", "-l", "gothic").stdout == "me.kohl.png\n"


def test_losses_are_told(kohl: Kohl):
    load("me.png").convert("P").save("me.gif")
    assert kohl("apply", "me.gif", "-l", "gothic", "-o", "a.png").exit_code == 0
    load("me.png").convert("CMYK").save("me.tif")
    result = kohl("apply", "me.tif", "-l", "gothic", "-o", "b.png")
    assert result.exit_code == 0, result.stderr
    assert "note: " in result.stderr


def test_words_are_heard_or_refused(kohl: Kohl):
    said = kohl("apply", "me.png", "--look", "matte red lips", "--explain")
    assert said.exit_code == 0, said.stderr
    refused = kohl("apply", "me.png", "--look", "matte red lips with frobnication", "--force")
    assert refused.exit_code == 2
    assert "frobnication" in refused.stderr
    allowed = kohl("apply", "me.png", "--look", "matte red lips with frobnication", "--force", "--allow-unknown", "--json")
    assert allowed.exit_code == 0
    assert "frobnication" in str(json.loads(allowed.stdout)["words"]["unknown"])


def test_a_colour_too_many_is_refused_with_the_reason(kohl: Kohl):
    refused = kohl("apply", "me.png", "--look", "red or blue lips with frobnication")
    assert refused.exit_code == 2
    told = " ".join(refused.stderr.split())
    assert "did not understand 'frobnication'" in told
    assert "cannot follow 'blue' (lipstick takes one colour, and 'red' came first" in told
    allowed = kohl("apply", "me.png", "--look", "red or blue lips", "--allow-unknown")
    assert allowed.exit_code == 0, allowed.stderr
    assert "not followed: 'blue'" in allowed.stderr


def test_which_of_two_contradictory_words_was_taken_is_told_without_asking(kohl: Kohl):
    plain = kohl("apply", "me.png", "--look", "subtle bold lips", "-o", "a.png")
    assert (plain.exit_code, plain.stderr) == (0, "note: 'bold' overrules 'subtle' (strength)\n")
    for_programs = json.loads(kohl("apply", "me.png", "--look", "subtle bold lips", "-o", "b.png", "--json").stdout)
    assert for_programs["words"]["understood"][0]["overruled"] == [{"word": "subtle", "by": "bold", "what": "strength"}]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--look", "red lips", "--only", "eyes"), "the look has makeup on lips alone, which is left out"),
        (("--look", "no blush"), "no makeup was found in the look"),
        (("--look", "red lips", "--strength", "0"), "the look has makeup on lips alone, which is left out"),
    ],
)
def test_a_photo_that_stays_as_it_is_is_no_surprise(options: tuple[str, ...], why: str, kohl: Kohl):
    result = kohl("apply", "me.png", *options)
    assert (result.exit_code, result.stdout) == (0, "me.kohl.png\n")
    assert why in result.stderr
    assert why in json.loads(kohl("apply", "me.png", *options, "--json", "--force").stdout)["untouched"]
    assert json.loads(kohl("apply", "me.png", "--look", "red lips", "--json", "--force").stdout)["untouched"] is None


def test_an_address_is_no_picture(kohl: Kohl):
    result = kohl("apply", "https://example.org/me.jpg", "--look", "red lips", "-o", "out.png")
    assert (result.exit_code, "kohl fetches nothing" in result.stderr) == (2, True)


def test_read_says_so_where_there_is_no_makeup(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    bare = replace(red_reading(), look=Look(name="read", layers=()))
    monkeypatch.setattr(FlatMethod, "read", lambda *_: bare)
    result = kohl("read", "me.png")
    assert (result.exit_code, json.loads(result.stdout)["layers"]) == (0, [])
    assert "no makeup was found" in result.stderr


class TestDoubts:
    """Two looks at a face that do not agree on where it is."""

    @pytest.fixture
    def unsure(self, drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
        found = [Mesh(drawing.points, 1.0, doubt=0.2)]
        monkeypatch.setattr(FixedDetector, "detect", lambda *_: found)

    @pytest.mark.usefixtures("unsure")
    def test_are_told_once_the_photo_is_made_up(self, kohl: Kohl):
        result = kohl("apply", "me.png", "--look", "red lips")
        assert result.exit_code == 0
        assert "the face could not be found surely" in result.stderr
        assert "the face" in json.loads(kohl("apply", "me.png", "--look", "red lips", "--json", "--force").stdout)["doubts"][0]

    @pytest.mark.usefixtures("unsure")
    def test_stand_in_a_batchs_manifest(self, kohl: Kohl):
        assert kohl("batch", "me.png", "-o", "out", "--look", "red lips").exit_code == 0
        last = json.loads(Path("out/kohl-manifest.jsonl").read_text().splitlines()[-1])
        assert (last["status"], len(last["doubts"])) == ("done", 1)
        again = kohl("batch", "me.png", "-o", "out", "--look", "red lips", "--json")
        assert json.loads(again.stdout)["skipped"] == 1, "the record is read back"

    def test_about_a_reference_are_told_too(self, kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(FlatMethod, "read", lambda *_: replace(red_reading(), is_sure=False))
        transferred = kohl("transfer", "me.png", "reference.png")
        read = kohl("read", "reference.png")
        assert (transferred.exit_code, read.exit_code) == (0, 0)
        assert "the reference's face could not be found surely" in transferred.stderr
        assert "face could not be found surely" in read.stderr

    def test_are_none_where_all_is_well(self, kohl: Kohl):
        result = kohl("transfer", "me.png", "reference.png", "--json")
        assert json.loads(result.stdout)["doubts"] == []
        assert result.stderr == ""
