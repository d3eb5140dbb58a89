"""Plans, workers, and a whole run over a drawn face, in this process and with a plain method, so that it takes no time."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

import kohl.faces.mesh as mesh_module
from kohl.core.errors import FaceError, MissingModelError, UnknownNameError, UsageError
from kohl.evaluation.benchmark import processes, stages, worker
from kohl.evaluation.benchmark.jobs import APPLY, READ_BEFORE, TRANSFER, jobs_of
from kohl.evaluation.benchmark.macs import count_network
from kohl.evaluation.benchmark.networks import inputs_of, session_of, time_network
from kohl.evaluation.benchmark.peaks import Peaks, measure_peaks
from kohl.evaluation.benchmark.photos import Album
from kohl.evaluation.benchmark.plan import Plan, names_and_models, parse_numbers
from kohl.evaluation.benchmark.processes import WorkerError, ask_worker, peak_bytes
from kohl.evaluation.benchmark.roofline import roof_of
from kohl.evaluation.benchmark.runner import run_benchmark
from kohl.evaluation.benchmark.timing import Laps, Repeats

Ask = Callable[..., dict[str, Any]]
FEW = Repeats.exactly(2, warm_up=1)


class TestPlan:
    def test_it_starts_with_everything(self):
        plan = Plan()
        assert "procedural" in plan.methods
        assert plan.threads[0] == 1
        assert (256, 1, 1) in list(plan.pictures())
        assert (1024, 3, 4) in list(plan.pictures())

    def test_one_face_needs_no_crowd(self):
        assert list(Plan(sizes=(64,), faces=(1,)).pictures()) == [(64, 1, 1)]

    @pytest.mark.parametrize(("faces", "side"), [((1, 2), 1024), ((4,), 1024), ((1, 5), 1536)])
    def test_a_crowd_has_room(self, faces: tuple[int, ...], side: int):
        assert Plan(faces=faces).crowd_side == side

    def test_what_is_chosen_stays_in_a_quick_one(self):
        plan = Plan.quickly(sizes=(128,))
        assert (plan.sizes, plan.faces, plan.quick) == ((128,), (1, 2), True)

    @pytest.mark.parametrize(
        ("bad", "words"),
        [
            ({"sizes": (32,)}, "sizes must be from 64 to 8192.*32"),
            ({"sizes": ()}, "got none"),
            ({"faces": (0,)}, "faces must be from 1 to 16"),
            ({"threads": (10_000,)}, f"threads must be from 1 to {os.cpu_count()}"),
            ({"models": (Path("look.pt"),)}, r"\.onnx file, got 'look.pt'"),
            ({"methods": ("tinybeauty",)}, r"wears learned looks.*--model"),
        ],
    )
    def test_what_cannot_be_measured_is_refused(self, bad: dict[str, Any], words: str):
        with pytest.raises(UsageError, match=words):
            Plan(**bad)

    def test_unknown_methods_and_missing_models_are_refused(self):
        with pytest.raises(UnknownNameError, match="did you mean 'procedural'"):
            Plan(methods=("procedual",))
        with pytest.raises(MissingModelError, match=r"no model none\.onnx"):
            Plan(models=(Path("none.onnx"),))

    def test_models_of_one_name_are_refused(self, tmp_path: Path):
        models = (tmp_path / "a" / "look.onnx", tmp_path / "b" / "look.onnx")
        for model in models:
            model.parent.mkdir()
            model.touch()
        with pytest.raises(UsageError, match=r"more than one is called look\.onnx"):
            Plan(models=models)

    @pytest.mark.parametrize("text", ["", "256,", "a", "-1", "2.5", "256;512"])
    def test_numbers_that_are_none_are_refused(self, text: str):
        with pytest.raises(UsageError, match="whole numbers with commas"):
            parse_numbers(text, "sizes")

    def test_words_are_read(self):
        assert parse_numbers("256, 512,256", "sizes") == (256, 512)
        assert names_and_models(["procedural", "a.onnx", "procedural"]) == (("procedural",), (Path("a.onnx"),))


class TestAlbum:
    @pytest.mark.usefixtures("ask_here")
    def test_pictures_have_their_size_and_their_faces(self, portrait: Path, tmp_path: Path):
        album = Album(tmp_path, portrait)
        pair = album.pair(128, 2, 4)
        with PillowImage.open(pair.photo) as photo, PillowImage.open(pair.reference) as reference:
            assert photo.size == reference.size == (128, 128)
            pixels = np.asarray(photo, np.float32)
        tiles = [pixels[y : y + 64, x : x + 64] for y in (0, 64) for x in (0, 64)]
        assert [tile.std() > 20 for tile in tiles] == [True, True, False, False]
        assert np.abs(tiles[0] - tiles[1][:, ::-1]).mean() < 6, "every other face is mirrored"

    @pytest.mark.usefixtures("ask_here")
    def test_more_faces_mean_no_more_pixels(self, portrait: Path, tmp_path: Path):
        album = Album(tmp_path, portrait)
        sizes = set()
        for count in (1, 4):
            with PillowImage.open(album.pair(128, count, 4).photo) as picture:
                sizes.add(picture.size)
        assert sizes == {(128, 128)}

    def test_a_picture_without_a_face_is_refused(self, tmp_path: Path):
        path = tmp_path / "grey.png"
        PillowImage.new("RGB", (200, 200), (128, 128, 128)).save(path)
        with pytest.raises(FaceError):
            Album(tmp_path, path)


class TestWorker:
    def test_stages_are_told_apart(self, ask_here: Ask, portrait: Path, tmp_path: Path):
        photo = Album(tmp_path, portrait).pair(256).photo
        request = {"kind": "stages", "method": "procedural", "photo": str(photo), "look": "plum-evening", "faces": 1, "threads": 1}
        times = ask_here(request | {"repeats": vars(FEW)})["stages"]
        assert tuple(times) == stages.STAGES
        assert all(entry["timing"]["calls"] == 2 for entry in times.values())
        assert all(entry["timing"]["p50"] > 0 for name, entry in times.items() if name != "mesh")
        assert times["mesh"]["timing"]["p50"] == 0, "this detector has no mesh network"

    def test_faces_that_are_not_there_fail(self, ask_here: Ask, portrait: Path, tmp_path: Path):
        pair = Album(tmp_path, portrait).pair(256)
        common = {"method": "procedural", "photo": str(pair.photo), "reference": str(pair.reference), "look": "plum-evening", "threads": 1}
        common |= {"faces": 3, "repeats": vars(FEW)}
        for kind in ({"kind": "stages"}, {"kind": "job", "job": APPLY}):
            with pytest.raises(WorkerError, match="expected 3 faces in the picture, found 1"):
                ask_here(common | kind)

    def test_the_mesh_network_is_where_it_is_looked_for(self):
        original = getattr(getattr(mesh_module, stages.MESHING[0]), stages.MESHING[1])
        laps = Laps()
        with stages.timed_meshes(laps):
            assert getattr(getattr(mesh_module, stages.MESHING[0]), stages.MESHING[1]) is not original
        assert getattr(getattr(mesh_module, stages.MESHING[0]), stages.MESHING[1]) is original

    def test_a_process_of_its_own_answers(self):
        onnx_files = pytest.importorskip("onnx_files", reason="needs kohl[train]")
        with pytest.raises(WorkerError, match="UsageError"):
            ask_worker({"kind": "network", "path": __file__, "threads": 1, "repeats": vars(FEW)})
        assert onnx_files

    def test_a_process_that_crashes_is_told(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(WorkerError, match="ended with code 1"):
            ask_worker({"kind": "peaks", "threads": 1})

    def test_a_process_that_hangs_is_given_up(self, monkeypatch: pytest.MonkeyPatch):
        def hang(*_: Any, timeout: float, **__: Any) -> None:
            raise processes.subprocess.TimeoutExpired("worker", timeout)

        monkeypatch.setattr(processes.subprocess, "run", hang)
        with pytest.raises(WorkerError, match="no answer within"):
            ask_worker({"kind": "peaks", "threads": 1})

    def test_libraries_are_told_their_threads(self, monkeypatch: pytest.MonkeyPatch):
        seen: dict[str, Any] = {}

        def answer(command: list[str], *, env: dict[str, str], **more: Any) -> Any:
            seen.update(env)
            return processes.subprocess.CompletedProcess(command, 0, '\nchatter\n{"fine": 1}\n', "")

        monkeypatch.setattr(processes.subprocess, "run", answer)
        assert ask_worker({"kind": "peaks", "threads": 2}) == {"fine": 1}
        assert seen["OMP_NUM_THREADS"] == seen["OPENBLAS_NUM_THREADS"] == "2"

    def test_its_last_line_is_the_answer(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        monkeypatch.setattr(worker, "hold_to", lambda threads: None)
        monkeypatch.setattr(worker, "answer", lambda request: {"asked": request["kind"]})
        monkeypatch.setattr(sys, "stdin", io.StringIO('{"kind": "peaks", "threads": 1}'))
        worker.main()
        assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"asked": "peaks"}

    def test_memory_is_known_where_the_system_tells(self):
        peak = peak_bytes()
        assert peak is None or peak > 10 * 2**20


class TestNetworks:
    def test_they_are_timed(self, tmp_path: Path):
        path = pytest.importorskip("onnx_files", reason="needs kohl[train]").convolution(tmp_path / "a.onnx")
        answer = time_network(path, threads=1, repeats=FEW)
        assert answer["timing"]["calls"] == 2
        assert answer["cold_ms"] > answer["timing"]["p50"] > 0

    def test_open_shapes_are_refused(self, tmp_path: Path):
        onnx_files = pytest.importorskip("onnx_files", reason="needs kohl[train]")
        node = onnx_files.helper.make_node("Relu", ["x"], ["out"])
        path = onnx_files.write(tmp_path / "a.onnx", [node], {"x": (1, "many")}, {})
        with pytest.raises(UsageError, match="fixed shape, got 'x'"):
            inputs_of(session_of(path, 1))

    def test_peaks_are_those_of_what_ran(self):
        peaks = measure_peaks(1, runs=2, matrix=64, copied=2**16)
        assert peaks.gmacs > 0.01
        assert peaks.gigabytes > 0.01
        assert peaks.source in ("numpy", "onnxruntime")

    def test_the_roof_is_the_slower_of_both(self, tmp_path: Path):
        onnx_files = pytest.importorskip("onnx_files", reason="needs kohl[train]")
        size = count_network(onnx_files.convolution(tmp_path / "a.onnx"))
        calculates = roof_of(size, Peaks(gmacs=1.0, gigabytes=1e9, source="numpy"), milliseconds=1.0)
        assert calculates.attainable == pytest.approx(1.0)
        assert calculates.reached == pytest.approx(size.macs / 1e6)
        moves = roof_of(size, Peaks(gmacs=1e9, gigabytes=1.0, source="numpy"), milliseconds=1.0)
        assert moves.attainable == pytest.approx(moves.intensity) == pytest.approx(size.macs / size.bytes)
        assert moves.share == pytest.approx(moves.reached / moves.attainable)


class TestRun:
    def test_everything_is_measured_and_fails_alone(self, ask_here: Ask, portrait: Path, tmp_path: Path):
        model = tmp_path / "look.onnx"
        model.write_bytes(pytest.importorskip("learned_looks", reason="needs kohl[train]").tint_look())
        broken = tmp_path / "broken.onnx"
        broken.write_bytes(b"\x08")
        plan = Plan.quickly(sizes=(128, 160), faces=(1, 2), threads=(1,), photo=portrait, models=(model, broken))
        told: list[str] = []
        found = run_benchmark(plan, tell=told.append, ask=ask_here)
        alone = [row for row in found.jobs if row.slots == 1]
        assert {(row.side, row.job) for row in alone if row.method == "procedural"} == {
            (side, job) for side in plan.sizes for job in (APPLY, TRANSFER, READ_BEFORE)
        }
        assert {(row.side, row.job) for row in alone if row.method == "look.onnx"} == {(side, APPLY) for side in plan.sizes}
        assert {row.stage for row in found.stages if row.method == "procedural"} == set(stages.STAGES)
        assert {row.stage for row in found.stages if row.method == "look.onnx"} == set(stages.STAGES) - {"read", "transfer"}
        assert {(fit.job, fit.against) for fit in found.fits} == {(job, "megapixels") for job in (APPLY, TRANSFER, READ_BEFORE)}
        (network,) = found.networks
        assert (network.name, network.parameters, network.macs) == ("look.onnx", 9 + 3 + 2 * 256, 9 * 256 * 256)
        assert network.attainable_gmacs is not None
        reasons = {failure.what: failure.reason for failure in found.failures}
        assert "found 1" in reasons["procedural, apply: 256 px, 2 of 2 faces, 1 thread"]
        assert any(what.startswith("broken.onnx") for what in reasons)
        assert str(tmp_path) not in found.to_json(), "no folder of a user's"
        assert "portrait.png" not in found.to_json()
        walks = {(row.method, row.where) for row in found.stages}
        assert len(told) == len(found.jobs) + len(walks) + len(found.networks) + len(found.peaks) + len(found.failures)

    def test_what_a_method_can_do_is_asked(self):
        assert jobs_of("procedural") == (APPLY, TRANSFER, READ_BEFORE)
        assert jobs_of("mine.onnx") == (APPLY,)
        with pytest.raises(UnknownNameError):
            jobs_of("nothing")
