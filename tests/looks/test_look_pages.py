"""docs/looks.md and docs/words.md tell what is so."""

import re
from pathlib import Path

import pytest

from kohl.core.errors import UnknownNameError
from kohl.looks import presets
from kohl.looks.files import look_from_json
from kohl.looks.lexicon.colors import cosmetic_colours
from kohl.looks.words import parse_words

DOCS = Path(__file__).parents[2] / "docs"
ROWS = re.findall(r"^\| `([^`]+)` \| (.+) \|$", (DOCS / "words.md").read_text(), re.M)[:12]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / page).read_text(), re.M | re.S)


@pytest.mark.parametrize(("text", "meaning"), ROWS[:-1], ids=[text for text, _ in ROWS[:-1]])
def test_the_words_mean_what_the_page_says(text, meaning):
    assert "<br>".join(piece.meaning for piece in parse_words(text).understood) == meaning
    assert parse_words(text).unknown == ()


def test_the_page_ends_its_table_with_an_error():
    text, _ = ROWS[-1]
    with pytest.raises(UnknownNameError):
        parse_words(text)


@pytest.mark.parametrize("page", ["looks.md", "words.md"])
def test_code_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for block in blocks(page, "python"):
        exec(compile(block, page, "exec"), {})


def test_the_json_of_the_page_is_a_look():
    (block,) = blocks("looks.md", "json")
    assert look_from_json(block).name == "evening"


def test_the_page_lists_every_preset_as_it_is():
    listed = dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", (DOCS / "looks.md").read_text(), re.M))
    assert listed == {name: presets.load(name).description for name in presets.names()}


def test_the_number_of_colours_on_the_page_is_right():
    claimed = int(re.search(r"about (\d+) cosmetic names", (DOCS / "words.md").read_text())[1])
    assert abs(claimed - len(cosmetic_colours())) <= 10
