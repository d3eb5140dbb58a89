"""Batch, looks, samples, doctor, verify, and the help of every verb."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from running import Kohl, load

import kohl as package
from kohl.api import checkup
from kohl.cli.voice import Voice
from kohl.looks import presets
from kohl.methods.tinybeauty import shipped

VERBS = (
    ("apply",),
    ("transfer",),
    ("read",),
    ("batch",),
    ("video",),
    ("looks", "list"),
    ("looks", "show"),
    ("looks", "sheet"),
    ("samples",),
    ("export",),
    ("doctor",),
    ("evaluate",),
    ("verify",),
    ("benchmark",),
)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_help_has_an_example_of_that_verb(verb: tuple[str, ...], kohl: Kohl):
    result = kohl(*verb, "--help")
    assert result.exit_code == 0
    assert f"Example: kohl {' '.join(verb)}" in " ".join(result.stdout.split())


def test_help_lists_every_verb_in_its_group(kohl: Kohl):
    text = kohl("--help").stdout
    for verb in {words[0] for words in VERBS}:
        assert re.search(rf"│ {verb} ", text), verb
    for group in ("One photo", "Many photos", "Measuring methods", "Looks and the tool itself"):
        assert group in text


def test_version(kohl: Kohl):
    assert kohl("--version").stdout == f"kohl {package.__version__}\n"


def test_batch_paints_resumes_and_tells(kohl: Kohl):
    first = kohl("batch", "me.png", "reference.png", "-o", "out", "--look", "gothic", "--json")
    assert json.loads(first.stdout) | {"seconds": 0} == {
        "ok": True, "done": 2, "skipped": 0, "failed": 0, "seconds": 0, "manifest": str(Path("out/kohl-manifest.jsonl")), "untouched": None,
        "failures": [],
    }  # fmt: skip
    again = kohl("batch", "me.png", "reference.png", "-o", "out", "--look", "gothic")
    assert again.stdout.startswith("0 painted, 2 done before, 0 failed")
    assert again.stderr == "", "no progress bar where nobody watches"


def test_a_batch_that_puts_nothing_on_says_so_before_it_begins(kohl: Kohl):
    result = kohl("batch", "me.png", "-o", "out", "--look", "red lips", "--only", "eyes")
    assert (result.exit_code, "the look has makeup on lips alone" in result.stderr) == (0, True)
    told = json.loads(kohl("batch", "me.png", "-o", "out", "--look", "red lips", "--only", "eyes", "--json").stdout)
    assert "nothing to put on" in told["untouched"]


def test_batch_transfers(kohl: Kohl):
    result = kohl("batch", "me.png", "-o", "out", "--reference", "reference.png", "--reference-for", "eyes=me.png")
    assert result.exit_code == 0, result.stderr
    assert Path("out/me.png").is_file()


def test_a_batch_with_failures_is_one_json_object_too(kohl: Kohl):
    Path("bad.png").write_bytes(b"")
    result = kohl("batch", "me.png", "bad.png", "-o", "out", "--look", "gothic", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["ok"], told["done"], told["failed"]) == (4, False, 1, 1)
    assert told["failures"][0]["input"] == "bad.png"


def test_looks_list(kohl: Kohl):
    told = json.loads(kohl("looks", "list", "--json").stdout)["looks"]
    assert [look["name"] for look in told] == [*presets.names(), *(f"learned/{name}" for name in shipped.names())]
    light = kohl("looks", "list", "--tag", "light").stdout.splitlines()
    assert 0 < len(light) < len(told)
    assert all("light" in line for line in light)


def test_looks_show_is_a_look_file(kohl: Kohl):
    Path("look.json").write_text(kohl("looks", "show", "gothic").stdout)
    assert kohl("looks", "show", "look.json").stdout == Path("look.json").read_text()


def test_looks_sheet(kohl: Kohl):
    result = kohl("looks", "sheet", "me.png", "gothic", "bridal", "soft-glam", "-o", "sheet.png", "--columns", "2", "--tile-width", "100")
    assert (result.exit_code, result.stdout) == (0, "sheet.png\n"), result.stderr
    sheet = load("sheet.png")
    assert 200 <= sheet.width <= 220
    assert sheet.height > 200


def test_samples_and_verify(kohl: Kohl):
    pytest.importorskip("skimage", reason="the sample portrait is scikit-image's")
    assert kohl("samples", "try").exit_code == 0
    assert {path.name for path in Path("try").iterdir()} == {"portrait.png", "look.json", "reference.png"}
    assert kohl("samples", "try").exit_code == 7
    assert kohl("samples", "try", "--force").exit_code == 0
    portrait, reference = kohl("verify", "try/portrait.png", "try/reference.png").stdout.splitlines()
    assert portrait.endswith("carries no mark")
    assert f"made up with kohl {package.__version__}" in reference
    told = json.loads(kohl("verify", "try/reference.png", "--json").stdout)
    assert told["pictures"][0]["made_by_kohl"] is True


def test_verify_tells_of_every_file_also_where_one_cannot_be_read(kohl: Kohl):
    Path("bad.png").write_bytes(b"")
    result = kohl("verify", "me.png", "none.png", "bad.png", "reference.png")
    assert (result.exit_code, result.stdout) == (6, "me.png: carries no mark\nreference.png: carries no mark\n")
    missing, empty = result.stderr.splitlines()
    assert missing == "kohl: none.png does not exist; check the name"
    assert "bad.png" in empty
    told = json.loads(kohl("verify", "me.png", "none.png", "bad.png", "reference.png", "--json").stdout)
    assert [entry["picture"] for entry in told["pictures"]] == ["me.png", "none.png", "bad.png", "reference.png"]
    assert ["error" in entry for entry in told["pictures"]] == [False, True, True, False]
    assert (told["ok"], told["error"]) == (False, told["pictures"][1]["error"])
    assert (told["error"]["type"], told["error"]["exit_code"]) == ("UnreadableImageError", 6)


def test_doctor_is_well(kohl: Kohl):
    told = json.loads(kohl("doctor", "--json").stdout)
    assert told["ok"] is True
    findings = {finding["part"]: finding for finding in told["findings"]}
    assert findings["attention_mesh"]["ok"]
    assert findings["self-test"]["ok"]
    assert re.search(r"^ok +python +3\.1[12]", kohl("doctor").stdout, re.M)


def test_doctor_says_what_is_missing(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkup, "_PACKAGES", ("kohl", "no-such-package"))
    result = kohl("doctor")
    assert result.exit_code == 5
    assert re.search(r"^FAIL +no-such-package +not installed", result.stdout, re.M)
    assert "no-such-package" in result.stderr


def test_doctor_names_every_extra_and_what_to_type(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkup, "find_spec", lambda module: None)
    result = kohl("doctor", "--json")
    assert result.exit_code == 0, "an extra that is missing is no fault"
    found = {finding["part"]: finding for finding in json.loads(result.stdout)["findings"]}
    for extra in checkup._EXTRAS:
        finding = found[f"extra {extra}"]
        assert (finding["ok"], finding["needed"]) == (False, False)
        assert finding["detail"].endswith(f'type: pip install "kohl[{extra}]"')


def test_doctor_names_what_half_an_extra_lacks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkup, "_EXTRAS", {"half": {"numpy": "numpy", "no-such-package": "no_such_module"}, "whole": {"numpy": "numpy"}})
    half, whole = checkup._extras()
    assert (half.ok, half.detail) == (False, 'not installed: no-such-package; type: pip install "kohl[half]"')
    assert (whole.ok, whole.detail) == (True, f"numpy {np.__version__}")


def test_doctor_knows_the_extras_of_pyproject():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    declared: dict[str, list[str]] = tomllib.loads(text)["project"]["optional-dependencies"]

    def packages(extra: str) -> set[str]:
        names: set[str] = set()
        for requirement in declared[extra]:
            if others := re.fullmatch(r"kohl\[(.+)\]", requirement):
                names |= set().union(*(packages(other) for other in others[1].split(",")))
            else:
                names.add(re.split(r"[<>=!~ ;\[]", requirement)[0])
        return names

    assert {extra: set(known) for extra, known in checkup._EXTRAS.items()} == {extra: packages(extra) for extra in declared if extra != "dev"}


def test_batch_shows_progress_where_somebody_watches(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Voice, "shows_progress", True)
    Path("bad.png").write_bytes(b"")
    result = kohl("batch", "me.png", "bad.png", "-o", "out", "--look", "gothic")
    assert "2/2" in result.stderr
    assert "bad.png: " in result.stderr
