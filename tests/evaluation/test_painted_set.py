"""The set whose answers are known: what it promises of its pairs, and that `kohl evaluate` can read it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import painted_set
import portraits
from kohl.core.images import open_image
from kohl.data import painters
from kohl.evaluation.protocol.evaluation_set import ListedCase
from kohl.evaluation.protocol.loading import load_set
from kohl.evaluation.protocol.manifest import JSON_NAME
from kohl.evaluation.protocol.picture import Picture

TONES = ("very light", "light", "intermediate", "tan", "brown", "dark")


def cases(count: int) -> list[ListedCase]:
    """As they are drawn: classes of skin take turns."""
    people = [
        Picture.model_validate({"file": f"{number}.png", "licence": "own", "ita": tone}) for number, tone in zip(range(count), itertools.cycle(TONES))
    ]
    return [ListedCase(person.file, person, person) for person in people]


def test_painters_are_asked_equally_often_and_every_tone_meets_all_of_them():
    drawn = [(case.source.ita, painter) for case, painter in painted_set.dressed(cases(96))]
    assert {painter: sum(name == painter for _, name in drawn) for painter in painters.INDEPENDENT} == dict.fromkeys(painters.INDEPENDENT, 24)
    assert set(drawn) == set(itertools.product(TONES, painters.INDEPENDENT))


def test_it_is_said_what_every_painter_paints():
    assert set(painted_set.WORN) == set(painters.INDEPENDENT)


@pytest.mark.skipif(not (portraits.FACES / "index.csv").is_file(), reason="../shared/data/faces is not here")
def test_the_set_can_be_evaluated(tmp_path: Path):
    manifest = painted_set.make(tmp_path, 2)
    (tmp_path / JSON_NAME).write_text(manifest.model_dump_json(exclude_none=True), encoding="utf-8")
    for case in load_set(tmp_path).cases:
        before, answer = (open_image(tmp_path / file).pixels for file in (case.source.file, case.truth or ""))
        assert before.shape == answer.shape
        assert 0.005 < (before != answer).any(-1).mean() < 0.5, "a face is made up, the rest of the picture is as it was"
        assert case.source.wears == "nothing"
        assert case.reference.worn
        assert Path(case.truth or "").parts[0] == Path(case.reference.file).parts[0] != Path(case.source.file).parts[0], "both by one painter"


def test_pictures_of_people_are_not_made_in_the_repository(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["painted_set.py", str(painted_set.REPOSITORY / "faces")])
    with pytest.raises(SystemExit, match="outside"):
        painted_set.main()
    assert not (painted_set.REPOSITORY / "faces").exists()
