"""The benchmarks keep their own rules: test faces only, synthetic faces only in pictures, a page that is made from the results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import contact_sheets
import portraits
import record
import transfer
from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import Image
from kohl.core.region import Region
from kohl.evaluation.metrics.outlines import OutlineDisplacement
from kohl.evaluation.metrics.places import region_of
from kohl.evaluation.metrics.region_colors import region_colors
from kohl.evaluation.metrics.share import Share
from kohl.evaluation.metrics.skin_tone import SkinDrift
from kohl.faces.face import Face

needs_faces = pytest.mark.skipif(not (portraits.FACES / "index.csv").is_file(), reason="../shared/data/faces is not here")


def pair(source: str, tone: str, lips: float, worn: frozenset[Region]) -> transfer.Pair:
    shares = {region: Share(lips, lips, 20.0) for region in transfer.PRODUCT_OF}
    moved, tinted = OutlineDisplacement(0.1, 0.2), OutlineDisplacement(0.05, 0.1)
    return transfer.Pair(source, "made-up", tone, shares, shares, worn, 0.0, SkinDrift(0, 0, 0, 0, 0.1, 0.2), 0.98, 0.99, moved, tinted, 3.0)


@needs_faces
def test_sources_are_of_the_test_split_and_of_all_tones():
    sources = [portraits.portrait(file) for file in transfer.SOURCES]
    assert {source.split for source in sources} == {"test"}
    assert len(sources) == len(set(transfer.SOURCES)) >= 16
    itas = np.array([source.ita for source in sources])
    assert all(((itas > low) & (itas <= high)).sum() >= 3 for low, high in ((-90, -20), (-20, 20), (20, 45), (45, 90)))


@needs_faces
def test_pictures_show_nobody_real():
    shown = {
        contact_sheets.DARK,
        contact_sheets.MEDIUM,
        contact_sheets.FAIR,
        contact_sheets.HERO,
        *contact_sheets.WEARERS,
        *contact_sheets.REFERENCES,
    }
    assert not [file for file in shown if portraits.portrait(file).is_real]
    real = next(item.file for item in portraits.portraits() if item.is_real)
    with pytest.raises(SystemExit, match="real person"):
        contact_sheets.sitter(real)


@needs_faces
def test_results_name_no_real_person():
    real = [item for item in portraits.portraits() if item.is_real]
    assert [item.name for item in real] == [f"real portrait {number}" for number in range(len(real))]


def test_share_counts_worn_regions_and_shows_the_rest():
    worn = frozenset({Region.LIPS})
    pairs = [pair("a", "dark", 0.9, worn), pair("b", "light", 0.7, worn), pair("c", "light", 0.0, frozenset())]
    lips, eyes, _ = transfer.share_table(pairs).rows
    assert lips[:4] == ["lips", 1, 2, pytest.approx(0.8)]
    assert lips[9] == pytest.approx(0.7), "over every pair, worn or not"
    assert eyes[1:3] == [0, 0]
    assert np.isnan(eyes[3])


def test_tones_are_told_apart_in_their_order():
    pairs = [pair("a", "dark", 0.9, frozenset({Region.LIPS})), pair("b", "light", 0.7, frozenset({Region.LIPS}))]
    rows = transfer.tone_table(pairs).rows
    assert [(row[0], row[3]) for row in rows] == [("light", 0.7), ("dark", 0.9)]


def test_a_face_that_is_not_found_again_is_counted():
    lost = transfer.Pair(**{**vars(pair("a", "dark", 1.0, frozenset())), "outlines": None})
    rows = {str(row[0]): row[1] for row in transfer.keeping_table([lost, pair("b", "dark", 1.0, frozenset())]).rows}
    assert rows["results in which no face is found again"] == 1
    assert rows["texture on skin, correlation"] == 0.98
    assert rows["for scale: likewise, where no makeup of the eyes reaches"] == 0.99
    assert rows["lip outline, % of the eyes' distance"] == 0.1
    assert rows["for scale: lip outline, lips and lids only tinted, as much"] == 0.05


def test_a_tint_changes_colour_as_much_as_the_result_and_nothing_else(drawn_image: Image, drawn_face: Face):
    sitter = transfer.Sitter(None, drawn_image, drawn_face, region_colors(drawn_image, drawn_face))
    lips, shift = region_of(drawn_face, Region.LIPS), np.array([-6, 9, 3], np.float32)
    lab = lab_from_srgb(drawn_image)
    uneven = lab + (lips[..., None] > 0.5) * (shift + np.random.default_rng(4).normal(0, 2, lab.shape).astype(np.float32))
    made = lab_from_srgb(transfer.tinted(sitter, np.clip(srgb_from_lab(uneven), 0, 1)))
    np.testing.assert_allclose((made - lab)[lips > 0.99].mean(axis=0), shift, atol=0.7)
    elsewhere = (lips == 0) & (region_of(drawn_face, Region.EYES) == 0)
    np.testing.assert_allclose(made[elsewhere], lab[elsewhere], atol=1e-2)


def test_a_table_shows_what_is_missing():
    page = record.Table("T", ("name", "value"), [["a", 0.12345], ["b", float("nan")], ["c", None], ["d", 1234.5], ["e", 3]], "N.").markdown()
    assert page.splitlines() == [
        "**T**",
        "",
        "| name | value |",
        "| --- | --- |",
        "| a | 0.123 |",
        "| b | – |",
        "| c | – |",
        "| d | 1234 |",
        "| e | 3 |",
        "",
        "N.",
    ]


def test_a_result_is_written_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(record, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(record, "PAGE", tmp_path / "benchmarks.md")
    made = record.Record("speed", "How fast?", [record.Table("T", ("a",), [[1.5]])])
    made.save()
    page = (tmp_path / "benchmarks.md").read_text()
    assert "## How fast?" in page
    assert "| 1.5 |" in page
    record.write_page()
    assert (tmp_path / "benchmarks.md").read_text() == page


@pytest.mark.skipif(not record.PAGE.is_file(), reason="no benchmark has been saved yet")
def test_the_page_is_made_from_the_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    committed = record.PAGE.read_text()
    monkeypatch.setattr(record, "PAGE", tmp_path / "page.md")
    record.write_page()
    assert (tmp_path / "page.md").read_text() == committed


def test_committed_pictures_are_png_and_small():
    folder = record.ROOT / "docs" / "images"
    pictures = [path for path in folder.glob("*") if path.is_file()] if folder.is_dir() else []
    assert all(path.suffix == ".png" and path.stat().st_size <= 500 * 1024 for path in pictures)
    assert sum(path.stat().st_size for path in pictures) <= 3_000_000
