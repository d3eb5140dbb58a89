"""What the pages tell people to type works, in the order in which they type it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kohl
from films import as_frame, write_film
from kohl.api.knobs import TransferKnobs
from kohl.api.samples import write_samples
from kohl.cli.main import app
from kohl.core import errors
from kohl.core.images import open_image
from learned_looks import tint_look

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", "docs/cli.md", "docs/video.md"]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", (ROOT / page).read_text(), re.M | re.S)


def commands(page: str) -> list[str]:
    lines = [line.strip() for block in blocks(page, "bash") for line in block.splitlines()]
    return [line for line in lines if line.startswith("kohl ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the photos that the pages speak of."""
    pytest.importorskip("skimage", reason="the pages' photos are made from scikit-image's sample")
    folder = tmp_path_factory.mktemp("pages")
    portrait, _, reference = write_samples(folder / "samples")
    (folder / "photos").mkdir()
    for name, source in {"me.jpg": portrait, "reference.jpg": reference, "b.jpg": reference, "photos/a.jpg": portrait}.items():
        (folder / name).write_bytes(source.read_bytes())
    write_film(folder / "in.mp4", [as_frame(open_image(portrait).pixels, (320, 320))] * 3)
    (folder / "mine.onnx").write_bytes(tint_look())
    return folder


@pytest.fixture
def inside(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh copy of that folder as the place where commands run."""
    monkeypatch.chdir(shutil.copytree(folder, tmp_path / "here"))


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("page", PAGES)
def test_commands_run(page: str):
    assert commands(page), f"{page} has no commands: has its form changed?"
    for command in commands(page):
        line, _, target = command.partition(" > ")
        result = CliRunner().invoke(app, shlex.split(line, comments=True)[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}"
        if target:
            Path(target).write_text(result.stdout)


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_python_runs(page: str):
    (block,) = blocks(page, "python")
    exec(compile(block, page, "exec"), {})
    assert Path("out.png").is_file()


def test_every_public_name_and_every_knob_is_on_the_page():
    page = (ROOT / "docs/python.md").read_text()
    assert [name for name in kohl.__all__ if f"`kohl.{name}" not in page] == []
    assert [name for name in TransferKnobs.__annotations__ if f"`{name}`" not in page] == []


def test_every_option_of_the_command_line_is_spoken_of():
    words = "".join((ROOT / page).read_text() for page in ("README.md", "docs/cli.md"))
    verbs = {line.split()[1] for page in PAGES for line in commands(page)}
    assert verbs == {"apply", "transfer", "read", "batch", "looks", "samples", "doctor", "verify", "video"}
    for option in (
        "only",
        "without",
        "strength",
        "faces",
        "texture",
        "detail",
        "reference-for",
        "compare",
        "explain",
        "force",
        "keep-metadata",
        "json",
    ):
        assert f"--{option}" in words, option


def test_scripts_that_the_pages_name_can_be_run():
    named = set(re.findall(r"scripts/\w+", "".join((ROOT / page).read_text() for page in PAGES)))
    assert named
    assert [name for name in named if not os.access(ROOT / name, os.X_OK)] == []


@pytest.mark.parametrize("page", sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]))
def test_links_lead_somewhere(page: str):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", (ROOT / page).read_text())
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_exit_codes_are_those_of_the_errors():
    rows = re.findall(r"^\| (\d+) \|[^|]*\|([^|]*)\|$", (ROOT / "docs/exit-codes.md").read_text(), re.M)
    told = {name: int(code) for code, names in rows for name in re.findall(r"`(\w+)`", names)}
    real = {name: error.exit_code for name, error in vars(errors).items() if isinstance(error, type) and issubclass(error, errors.KohlError)}
    assert told == real
