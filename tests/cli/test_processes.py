"""What only whole processes show: the real networks and method, several workers, Ctrl-C, and pipes of a shell."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kohl.api.batch.manifest import read_manifest
from kohl.api.samples import write_samples

KOHL = (sys.executable, "-m", "kohl")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("skimage", reason="the sample portrait is scikit-image's")
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


@pytest.fixture
def photos(samples: Path, tmp_path: Path) -> Path:
    """A folder of three good photos and a bad one."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.png").write_bytes((samples / "portrait.png").read_bytes())
    (folder / "bad.png").write_bytes(b"no picture")
    return folder


def run(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*KOHL, *map(str, arguments)], capture_output=True, input=stdin, check=False, timeout=120)


def test_two_workers_paint_what_one_paints(photos: Path, tmp_path: Path):
    one = run("batch", photos, "-o", tmp_path / "one", "--look", "gothic", "--json")
    two = run("batch", photos, "-o", tmp_path / "two", "--look", "gothic", "--json", "--workers", "2")
    for result in (one, two):
        told = json.loads(result.stdout)
        assert (result.returncode, told["done"], told["failed"]) == (4, 3, 1), result.stderr
    for name in ("a.png", "b.png", "c.png"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_stderr_holds_our_words_alone(samples: Path, tmp_path: Path):
    """The networks' libraries like to talk; nobody who uses kohl should have to read it."""
    result = run("transfer", samples / "portrait.png", samples / "reference.png", "-o", tmp_path / "out.png")
    assert (result.returncode, result.stdout.decode(), result.stderr.decode()) == (0, f"{tmp_path / 'out.png'}\n", "")


@pytest.mark.slow
def test_a_pipe_from_verb_to_verb(samples: Path):
    first = run("apply", "-", "--look", "gothic", stdin=(samples / "portrait.png").read_bytes())
    second = run("apply", "-", "--look", "bridal", stdin=first.stdout)
    assert second.returncode == 0, second.stderr
    assert second.stdout.startswith(b"\x89PNG")
    assert second.stdout != first.stdout


def stop(batch: subprocess.Popen[bytes], manifest: Path, status: str) -> str:
    """Press Ctrl-C, which a terminal sends to all processes, once the manifest holds `status`; what stands on stderr in the end."""
    while not (manifest.exists() and f'"{status}"' in manifest.read_text()):
        time.sleep(0.05)
        assert batch.poll() is None, batch.communicate()
    os.killpg(batch.pid, signal.SIGINT)
    _, stderr = batch.communicate(timeout=60)
    return stderr.decode()


@pytest.mark.parametrize("status", ["started", "done"])
def test_ctrl_c_ends_several_processes_with_one_line(status: str, photos: Path, tmp_path: Path):
    """Also while they start: none answers Ctrl-C by itself. That stderr has come to its end says that all of them have."""
    for number in range(9):
        (photos / f"more-{number}.png").write_bytes((photos / "a.png").read_bytes())
    arguments = ("batch", str(photos), "-o", str(tmp_path / "out"), "--look", "gothic", "--workers", "2")
    batch = subprocess.Popen([*KOHL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    assert stop(batch, tmp_path / "out/kohl-manifest.jsonl", status) == "kohl: stopped; what was finished stays\n"
    assert batch.returncode == 130
    assert not list((tmp_path / "out").glob("*.part")), "nothing half-written is left"


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_leaves_a_manifest_to_go_on_from(workers: str, photos: Path, tmp_path: Path):
    for number in range(30):
        (photos / f"more-{number:02}.png").write_bytes((photos / "a.png").read_bytes())
    out, manifest = tmp_path / "out", tmp_path / "out/kohl-manifest.jsonl"
    arguments = ("batch", str(photos), "-o", str(out), "--look", "gothic", "--workers", workers)
    batch = subprocess.Popen([*KOHL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    stderr = stop(batch, manifest, "done")
    assert batch.returncode == 130, stderr
    assert stderr == "kohl: stopped; what was finished stays\n"
    done = {record.input for record in read_manifest(manifest) if record.status == "done"}
    assert 0 < len(done) < 33
    told = json.loads(run(*arguments, "--json").stdout)
    assert (told["done"] + told["skipped"], told["failed"]) == (33, 1)
    assert told["skipped"] >= len(done)
