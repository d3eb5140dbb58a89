"""Test sets: manifests, pair lists, our own portraits, and every way in which they can be wrong."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from drawn import FixedDetector, draw, face_points
from kohl.color.skin import SkinTone
from kohl.core.errors import UnknownNameError, UnreadableImageError, UsageError
from kohl.evaluation.protocol.before_after import set_of_truth_pairs
from kohl.evaluation.protocol.evaluation_set import EvaluationSet, ListedCase
from kohl.evaluation.protocol.loading import load_set
from kohl.evaluation.protocol.opening import Opener
from kohl.evaluation.protocol.pair_lists import read_lines, read_pairs, write_pairs
from kohl.evaluation.protocol.pairing import draw_cases
from kohl.evaluation.protocol.picture import Picture
from kohl.evaluation.protocol.portraits import PAIR_LIST, is_made_up, portraits_folder, portraits_set, write_pair_list
from kohl.faces.analyzer import Analyzer
from stand_in_contestants import SIZE, drawn_analyzer, write_set


def faces_folder() -> Path | None:
    try:
        return portraits_folder()
    except UsageError:
        return None


FACES = faces_folder()
needs_faces = pytest.mark.skipif(FACES is None, reason="../shared/data/faces is not here")


def picture(file: str, **more: object) -> Picture:
    return Picture.model_validate({"file": file, "licence": "own", **more})


def test_a_manifest_in_csv_is_read_with_its_pairs_and_slices(tmp_path: Path):
    loaded = load_set(write_set(tmp_path / "mine"))
    assert (loaded.name, loaded.seed, [case.name for case in loaded.cases]) == ("mine", None, ["0 + 2", "1 + 2"])
    assert [case.seed for case in loaded.cases] == [0, 1]
    assert loaded.cases[1].source.slices == {"ita": "tan", "age": "30s", "glasses": "glasses", "yaw": "turned"}
    assert loaded.cases[0].reference.slices["ita"] == "dark"


def test_a_manifest_in_json_says_the_same(tmp_path: Path):
    folder = write_set(tmp_path)
    pictures = [{"file": f"{number}.png", "licence": "own", "ita": -5.5} for number in range(3)]
    pairs = [{"source": "0.png", "reference": "1.png", "seed": 9, "truth": "2.png"}]
    (folder / "manifest.json").write_text(json.dumps({"version": 1, "name": "drawn", "side": 256, "pictures": pictures, "pairs": pairs}))
    loaded = load_set(folder)
    (case,) = loaded.cases
    assert (loaded.name, loaded.side, case.seed, case.truth, case.source.ita) == ("drawn", 256, 9, "2.png", "brown")


def test_pairs_are_drawn_where_none_are_listed(tmp_path: Path):
    folder = write_set(tmp_path)
    (folder / "pairs.csv").unlink()
    loaded = load_set(folder)
    assert loaded.seed is not None
    assert {case.name for case in loaded.cases} == {"0 + 2", "1 + 2"}
    assert load_set(folder).digest == loaded.digest
    assert len(load_set(folder, count=1).cases) == 1


def change(folder: Path, text: str) -> None:
    (folder / "manifest.csv").write_text(text)


LINE = "0.png,source,own\n2.png,reference,own\n"
WRONG = {
    "an unknown column": ("file,role,licance\n" + LINE, UnknownNameError, "did you mean 'licence'"),
    "an unknown field": ("JSON" + json.dumps({"pictures": [{"file": "0.png", "licence": "own", "brows": 1}]}), UnknownNameError, "field of .*brows"),
    "an unknown field on top": ("JSON" + json.dumps({"pictures": [], "pair": []}), UnknownNameError, "did you mean 'pairs'"),
    "no licence": ("file,role,licence\n0.png,source,\n", UsageError, "pictures 1 licence"),
    "a wrong role": ("file,role,licence\n0.png,model,own\n", UsageError, "pictures 1 role: .*'source', 'reference' or 'both', got 'model'"),
    "a wrong tone": ("file,licence,ita\n0.png,own,pale\n", UsageError, "very light, light"),
    "a path outside": ("file,licence\n../0.png,own\n", UsageError, "inside the set's folder"),
    "an absolute path": ("file,licence\n/0.png,own\n", UsageError, "inside the set's folder"),
    "another version": ("JSON" + json.dumps({"version": 2, "pictures": []}), UsageError, "version"),
    "no JSON": ("JSON{", UsageError, "in JSON"),
    "no pictures": ("file,licence\n", UsageError, "got none"),
    "an empty file": ("", UsageError, "got none"),
    "too many fields": ("file,licence\n0.png,own,and,more\n", UsageError, "fields in row 1"),
    "a picture twice": ("file,licence\n0.png,own\n0.png,own\n", UsageError, "every picture once .*got '0.png' more often"),
    "semicolons": ("file;role;licence\n0.png;source;own\n", UsageError, "commas between them in manifest.csv, got ';'"),
    "a reference that is not listed": (
        "file,licence\n0.png,own\n1.png,own\n",
        UsageError,
        "expected a reference out of the manifest in pair 1 .*'2.png'",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_manifest_is_refused_by_name(fault: str, tmp_path: Path):
    text, error, match = WRONG[fault]
    folder = write_set(tmp_path)
    (folder / ("manifest.json" if text.startswith("JSON") else "manifest.csv")).write_text(text.removeprefix("JSON"))
    with pytest.raises(error, match=match):
        load_set(folder)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("source,reference\n0.png,2.png\n0.png,2.png\n", "every pair .* once"),
        ("source,reference,seed\n0.png,2.png,many\n", "whole number|integer"),
        ("source,target\n0.png,2.png\n", "unknown column of pairs.csv 'target'"),
        ("source,reference\n", "at least one pair"),
    ],
)
def test_a_wrong_pair_list_is_refused(text: str, match: str, tmp_path: Path):
    folder = write_set(tmp_path)
    (folder / "pairs.csv").write_text(text)
    with pytest.raises(UsageError, match=match):
        load_set(folder)


def test_missing_files_and_folders_are_named(tmp_path: Path):
    folder = write_set(tmp_path / "set")
    (folder / "2.png").unlink()
    with pytest.raises(UsageError, match=r"1 are missing: 2\.png"):
        load_set(folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"manifest.json, manifest.csv, or folders before/ and after/"):
        load_set(tmp_path / "empty")
    with pytest.raises(UsageError, match="is no folder"):
        load_set(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="at least 1 pair"):
        load_set(folder, count=0)


def test_a_written_list_is_not_drawn_anew(tmp_path: Path):
    with pytest.raises(UsageError, match="leave --seed out"):
        load_set(write_set(tmp_path), seed=3)


def test_an_empty_role_on_one_side_is_refused():
    with pytest.raises(UsageError, match="got 1 and 0"):
        draw_cases([picture("a.png", role="source")], 1, 0)


people = st.lists(
    st.tuples(st.sampled_from([*map(str, SkinTone), ""]), st.sampled_from(["source", "reference", "both"]), st.integers(0, 6)),
    min_size=2,
    max_size=14,
)


@given(people, st.integers(1, 30), st.integers(0, 99))
def test_drawn_pairs_are_different_fair_and_the_same_every_time(rows: list[tuple[str, str, int]], wanted: int, seed: int):
    pictures = [picture(f"{number}.png", ita=tone, role=role, person=f"p{person}") for number, (tone, role, person) in enumerate(rows)]
    try:
        cases = draw_cases(pictures, wanted, seed)
    except UsageError:
        assert all(item.role == "source" for item in pictures) or all(item.role == "reference" for item in pictures)
        return
    assert cases == draw_cases(list(reversed(pictures)), wanted, seed), "the order of the manifest does not matter"
    assert len(cases) <= wanted
    assert len({(case.source.file, case.reference.file) for case in cases}) == len(cases)
    for case in cases:
        assert case.source.person != case.reference.person
        assert case.source.role != "reference"
        assert case.reference.role != "source"


def test_tones_take_turns_and_so_do_persons_and_references():
    tones = [*map(str, SkinTone)]
    sources = [picture(f"{tone}{number}.png", ita=tone, role="source", person=f"{tone}{number // 2}") for tone in tones for number in range(8)]
    references = [picture(f"r{number}.png", role="reference") for number in range(5)]
    cases = draw_cases([*sources, *references], 24, 1)
    assert set(Counter(case.source.ita for case in cases).values()) == {4}
    assert [case.source.ita for case in cases[:6]] == tones
    assert set(Counter(case.source.person for case in cases).values()) == {1}
    assert set(Counter(case.reference.file for case in cases).values()) <= {4, 5}
    assert draw_cases([*sources, *references], 24, 2) != cases


def test_a_pair_list_survives_its_file(tmp_path: Path):
    pictures = [picture("a b.png"), picture("c,d.png"), picture("e.png")]
    cases = draw_cases(pictures, 6, 3)
    write_pairs(tmp_path / "pairs.csv", cases, "two\nlines")
    assert read_pairs(tmp_path / "pairs.csv", {item.file: item for item in pictures}) == cases


def test_folders_of_before_and_after_are_a_set_with_truth(tmp_path: Path):
    write_set(tmp_path / "before")
    write_set(tmp_path / "after")
    for made in (set_of_truth_pairs(tmp_path / "before", tmp_path / "after"), load_set(tmp_path)):
        assert [(case.source.file, case.reference.file, case.truth) for case in made.cases] == [
            ("before/0.png", "after/1.png", "after/0.png"),
            ("before/1.png", "after/2.png", "after/1.png"),
            ("before/2.png", "after/0.png", "after/2.png"),
        ]
    (tmp_path / "after/2.png").rename(tmp_path / "after/two.png")
    with pytest.raises(UsageError, match="got 2, two in one of them alone"):
        load_set(tmp_path)
    with pytest.raises(UsageError, match="there is none"):
        set_of_truth_pairs(tmp_path / "before", tmp_path / "later")
    for number in (0, 1):
        for folder in ("before", "after"):
            (tmp_path / folder / f"{number}.png").unlink()
    (tmp_path / "after/two.png").rename(tmp_path / "after/2.png")
    with pytest.raises(UsageError, match="at least two pairs"):
        load_set(tmp_path)


def opener(folder: Path, *, side: int = 1024) -> Opener:
    return Opener(EvaluationSet("s", folder, (), "", side=side), drawn_analyzer())


def test_everybody_sees_the_same_pictures(tmp_path: Path):
    write_set(tmp_path)
    case = ListedCase("c", picture("0.png"), picture("2.png"), 4, "1.png")
    opened = opener(tmp_path).open(case)
    assert opened.source.image.shape == opened.truth.shape == (*SIZE, 3)
    assert opened.seed == 4
    assert not opened.source.image.flags.writeable
    assert opened.source.slices == {"ita": "intermediate", "yaw": "frontal"} or opened.source.slices["ita"] in set(SkinTone), (
        "measured where not stated"
    )


def test_large_pictures_are_shrunk_once(tmp_path: Path):
    write_set(tmp_path)
    small = Opener(EvaluationSet("s", tmp_path, (), "", side=128), Analyzer(detector=FixedDetector(face_points((128, 128)))))
    portrait = small.portrait(picture("0.png"))
    assert portrait.image.shape == (128, 128, 3)
    assert portrait is small.portrait(picture("0.png"))
    large = draw(SIZE, skin=(0.9, 0.76, 0.69), seed=0).image
    np.testing.assert_allclose(portrait.image.mean((0, 1)), large.mean((0, 1)), atol=0.01)


def test_a_truth_of_another_size_is_refused(tmp_path: Path):
    write_set(tmp_path)
    PillowImage.new("RGB", (64, 64)).save(tmp_path / "small.png")
    with pytest.raises(UsageError, match="truth of the source's size"):
        opener(tmp_path).open(ListedCase("c", picture("0.png"), picture("2.png"), 0, "small.png"))
    (tmp_path / "broken.png").write_bytes(b"x")
    with pytest.raises(UnreadableImageError):
        opener(tmp_path).portrait(picture("broken.png"))


def test_the_committed_list_is_a_list_of_a_hundred_different_pairs():
    lines = read_lines(PAIR_LIST, ("source", "reference", "seed"), "pair list")
    assert len(lines) == len({(line["source"], line["reference"]) for line in lines}) == 100
    assert max(Counter(line["reference"] for line in lines).values()) - min(Counter(line["reference"] for line in lines).values()) <= 1


@needs_faces
def test_the_committed_list_is_what_its_seed_draws(tmp_path: Path):
    assert FACES is not None
    write_pair_list(FACES, tmp_path / "list.csv")
    assert (tmp_path / "list.csv").read_text() == PAIR_LIST.read_text()


@needs_faces
def test_our_set_is_balanced_and_of_the_test_split():
    assert FACES is not None
    loaded = load_set("portraits")
    tones = Counter(case.source.ita for case in loaded.cases)
    assert set(tones) == set(map(str, SkinTone))
    assert max(tones.values()) - min(tones.values()) <= 1
    assert len({case.source.person for case in loaded.cases}) == 100
    lines = read_lines(FACES / "index.csv", (FACES / "index.csv").read_text().splitlines()[0].split(","), "index")
    split, label = ({line["file"]: line[name] for line in lines} for name in ("split", "label"))
    for case in loaded.cases:
        assert split[case.source.file] == split[case.reference.file] == "test"
        assert is_made_up(label[case.reference.file])
        assert not is_made_up(label[case.source.file])
    assert load_set(FACES).digest == loaded.digest


@needs_faces
def test_other_seeds_and_more_pairs_are_drawn_anew():
    assert FACES is not None
    few, other, more = portraits_set(FACES, 12), portraits_set(FACES, 12, 8), portraits_set(FACES, 130)
    assert few.cases == portraits_set(FACES).cases[:12]
    assert set(Counter(case.source.ita for case in few.cases).values()) == {2}
    assert other.cases != few.cases
    assert (other.seed, len(more.cases)) == (8, 130)


def test_the_manifests_on_the_page_are_manifests(tmp_path: Path):
    page = (Path(__file__).parents[2] / "docs/evaluation.md").read_text()
    (table,) = re.findall(r"```\n(file,.*?)```", page, re.S)
    (content,) = re.findall(r"```json\n(.*?)```", page, re.S)
    for name, text in (("manifest.csv", table), ("manifest.json", content)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_text(text)
        for picture in ("anna.jpg", "look.jpg"):
            PillowImage.new("RGB", (8, 8)).save(folder / picture)
        (case,) = load_set(folder).cases
        assert (case.source.file, case.reference.file) == ("anna.jpg", "look.jpg")
