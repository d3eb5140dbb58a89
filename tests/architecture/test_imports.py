"""Who may import whom, what importing costs, and which names are public."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import kohl

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "cv2", "mediapipe", "jax", "skimage", "onnxruntime")


def run_python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def loaded_after(code: str) -> set[str]:
    return set(json.loads(run_python(f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)))").splitlines()[-1]))


def test_import_contracts_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(ROOT)
    failed = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert not failed, capsys.readouterr().out


def test_methods_do_not_import_each_other():
    sources = {path: path.read_text() for path in (ROOT / "src/kohl/methods").rglob("*.py") if path.stem not in ("base", "registry", "__init__")}
    names = {path.relative_to(ROOT / "src/kohl/methods").parts[0].removesuffix(".py") for path in sources}
    for path, text in sources.items():
        own = path.relative_to(ROOT / "src/kohl/methods").parts[0].removesuffix(".py")
        assert not [other for other in names - {own} if f"kohl.methods.{other}" in text], path


@pytest.mark.parametrize("code", ["import kohl", "import kohl.cli.main", "import kohl.looks.words", "import kohl.weights.files"])
def test_importing_loads_nothing_heavy(code: str):
    assert not loaded_after(code) & set(HEAVY)


def test_help_loads_neither_numpy_nor_pydantic():
    code = "import sys; sys.argv = ['kohl', '--help']\nfrom kohl.cli.main import run\ntry: run()\nexcept SystemExit: pass"
    assert not loaded_after(code) & {*HEAVY, "numpy", "pydantic", "PIL"}


def test_public_names_are_sorted_and_all_there():
    assert kohl.__all__ == sorted(kohl.__all__)
    assert dir(kohl) == kohl.__all__
    for name in kohl.__all__:
        assert getattr(kohl, name) is not None


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        kohl.nothing  # noqa: B018
