from __future__ import annotations

import hashlib
import json
import multiprocessing
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from drawn import Drawing
from kohl.api.batch import pool
from kohl.api.batch.items import Item, gather
from kohl.api.batch.job import ApplyJob, Job, Painter, TransferJob, Writing
from kohl.api.batch.manifest import Manifest, Record, read_manifest
from kohl.api.batch.runner import FAILURES_NAME, MANIFEST_NAME, Summary, run_batch
from kohl.core.errors import ItemsFailedError, OutputError, UnknownNameError, UnreadableImageError, UsageError
from pictures import encoded
from stand_ins import install, red_look

NAMES = ("a.png", "b.png", "sub/c.png")


@pytest.fixture
def photos(tmp_path: Path, drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three photos of one drawn face, each in another light, and a studio that knows that face."""
    install(monkeypatch, drawing.points)
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    for number, name in enumerate(NAMES):
        darker = np.round(drawing.image * (255 - 20 * number)).astype(np.uint8)
        (folder / name).write_bytes(encoded(PillowImage.fromarray(darker), "PNG"))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def apply_job(out: Path, *, force: bool = False, strength: float = 1.0, seed: int = 0) -> Job:
    return ApplyJob.of(red_look(), {"strength": strength, "seed": seed}, Writing(out, force=force))


def run(photos: Path, out: Path, job: Job | None = None, *, retry_failed: bool = False) -> Summary:
    return run_batch(job or apply_job(out), gather([str(photos)], out), retry_failed=retry_failed)


def counts(summary: Summary) -> tuple[int, int, int]:
    return summary.done, summary.skipped, len(summary.failures)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def statuses(out: Path) -> list[tuple[str, str]]:
    return [(record.input, record.status) for record in read_manifest(out / MANIFEST_NAME)]


def test_every_photo_is_painted_where_it_lay(photos: Path, out: Path):
    assert counts(run(photos, out)) == (3, 0, 0)
    assert {str(path.relative_to(out)) for path in out.rglob("*.png")} == set(NAMES)
    assert statuses(out) == [(name, status) for name in NAMES for status in ("started", "done")]


def test_the_manifest_tells_all_that_decides_the_result(photos: Path, out: Path):
    run(photos, out, apply_job(out, seed=5))
    record = json.loads((out / MANIFEST_NAME).read_text().splitlines()[-1])
    assert record.keys() == {
        "input",
        "input_sha256",
        "output",
        "job",
        "look",
        "seed",
        "engine",
        "status",
        "seconds",
        "reason",
        "output_sha256",
        "doubts",
    }
    assert (record["input"], record["output"], record["seed"], record["status"]) == ("sub/c.png", "sub/c.png", 5, "done")
    assert all(len(record[name]) == 64 for name in ("input_sha256", "job", "look"))
    assert record["output_sha256"] == sha256(out / "sub/c.png")
    assert str(photos) not in (out / MANIFEST_NAME).read_text()


def test_a_second_run_passes_over_what_is_done(photos: Path, out: Path):
    run(photos, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.png")}
    assert counts(run(photos, out)) == (0, 3, 0)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.png")} == before


def test_a_photo_that_changed_and_a_result_that_is_gone_are_painted_again(photos: Path, out: Path):
    run(photos, out)
    (out / "b.png").unlink()
    (photos / "a.png").write_bytes((photos / "sub/c.png").read_bytes())
    assert counts(run(photos, out)) == (2, 1, 0)
    assert sha256(out / "a.png") == sha256(out / "sub/c.png")


def test_another_job_replaces_what_kohl_wrote_and_is_passed_over_then(photos: Path, out: Path):
    run(photos, out)
    strong = sha256(out / "a.png")
    assert counts(run(photos, out, apply_job(out, strength=0.5))) == (3, 0, 0)
    assert sha256(out / "a.png") != strong
    assert counts(run(photos, out, apply_job(out, strength=0.5))) == (0, 3, 0)


def test_the_first_job_again_is_not_passed_over_where_another_one_s_result_lies(photos: Path, out: Path):
    run(photos, out)
    strong = sha256(out / "a.png")
    run(photos, out, apply_job(out, strength=0.5))
    assert counts(run(photos, out)) == (3, 0, 0)
    assert sha256(out / "a.png") == strong


def test_a_file_that_is_not_kohl_s_stays_until_force(photos: Path, out: Path):
    out.mkdir()
    (out / "a.png").write_bytes(b"mine")
    summary = run(photos, out)
    assert counts(summary) == (2, 0, 1)
    assert "--force" in summary.failures[0].reason
    assert (out / "a.png").read_bytes() == b"mine"
    assert ("a.png", "started") not in statuses(out), "that line, left alone by a crash, would say that the file is ours"
    assert counts(run(photos, out, apply_job(out, force=True))) == (1, 2, 0), "what it was told to type helps, by itself"


def test_a_result_that_somebody_retouched_stays_until_force(photos: Path, out: Path):
    run(photos, out)
    (out / "a.png").write_bytes(b"retouched")
    assert counts(run(photos, out)) == (0, 3, 0)
    weaker = run(photos, out, apply_job(out, strength=0.5))
    assert (counts(weaker), weaker.failures[0].input) == ((2, 0, 1), "a.png")
    assert (out / "a.png").read_bytes() == b"retouched"
    assert counts(run(photos, out, apply_job(out, strength=0.5, force=True))) == (1, 2, 0)


def test_a_manifest_from_before_results_had_checksums_says_what_is_kohl_s(photos: Path, out: Path):
    run(photos, out)
    lines = [json.loads(line) for line in (out / MANIFEST_NAME).read_text().splitlines()]
    older = [{name: value for name, value in line.items() if name != "output_sha256"} for line in lines]
    (out / MANIFEST_NAME).write_text("".join(json.dumps(line) + "\n" for line in older))
    assert counts(run(photos, out)) == (0, 3, 0)
    assert counts(run(photos, out, apply_job(out, strength=0.5))) == (3, 0, 0)


def test_another_photo_s_result_of_the_same_name_is_not_replaced(photos: Path, out: Path):
    """a.gif is written as a.png too."""
    run(photos, out)
    (photos / "a.gif").write_bytes((photos / "b.png").read_bytes())
    summary = run_batch(apply_job(out), gather([str(photos / "a.gif")], out))
    assert counts(summary) == (0, 0, 1)
    assert "--force" in summary.failures[0].reason


def test_a_run_that_was_stopped_in_the_middle_of_another_job_leaves_nothing_in_doubt(photos: Path, out: Path):
    """Killed between writing the picture and the line: the first job's line "done" no longer says what lies there."""
    run(photos, out)
    strong = sha256(out / "sub/c.png")
    run(photos, out, apply_job(out, strength=0.5))
    lines = (out / MANIFEST_NAME).read_text().splitlines(keepends=True)
    (out / MANIFEST_NAME).write_text("".join(lines[:-1]))
    assert counts(run(photos, out)) == (3, 0, 0)
    assert sha256(out / "sub/c.png") == strong


def test_one_bad_file_never_stops_the_rest(photos: Path, out: Path):
    (photos / "a.png").write_bytes(b"this is no picture")
    (photos / "b.png").write_bytes(b"")
    summary = run(photos, out)
    assert counts(summary) == (1, 0, 2)
    assert [line.split("\t")[0] for line in (out / FAILURES_NAME).read_text().splitlines()] == ["a.png", "b.png"]
    with pytest.raises(ItemsFailedError, match="2 of 3") as caught:
        summary.raise_for_failures()
    assert caught.value.exit_code == 4


def test_a_fault_of_ours_on_one_photo_does_not_stop_the_rest_either(photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch):
    real = ApplyJob.make_up

    def break_on_b(self: ApplyJob, studio: object, photo: Path) -> object:
        if photo.name == "b.png":
            raise ZeroDivisionError("a fault")
        return real(self, studio, photo)  # type: ignore[arg-type]

    monkeypatch.setattr(ApplyJob, "make_up", break_on_b)
    summary = run(photos, out)
    assert counts(summary) == (2, 0, 1)
    assert "a fault in kohl itself (ZeroDivisionError: a fault)" in summary.failures[0].reason


def test_failures_are_told_again_and_tried_again_only_when_asked(photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(Painter, "_write", lambda *args, **kwargs: (_ for _ in ()).throw(OutputError("the disk is full")))
        assert counts(run(photos, out)) == (0, 0, 3)
    assert counts(run(photos, out)) == (0, 0, 3)
    assert counts(run(photos, out, retry_failed=True)) == (3, 0, 0)
    assert not (out / FAILURES_NAME).exists()


def test_a_run_that_is_stopped_goes_on_where_it_was(photos: Path, out: Path):
    def stop_at_b(record: Record) -> None:
        if record.input == "b.png":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(apply_job(out), gather([str(photos)], out), on_record=stop_at_b)
    assert statuses(out) == [("a.png", "started"), ("a.png", "done"), ("b.png", "started"), ("b.png", "done")]
    assert counts(run(photos, out)) == (1, 2, 0)


def test_a_result_that_was_written_but_not_recorded_is_painted_again(photos: Path, out: Path):
    """Killed between writing the picture and the line: only the line "started" says that the picture is ours."""
    run(photos, out)
    lines = (out / MANIFEST_NAME).read_text().splitlines(keepends=True)
    (out / MANIFEST_NAME).write_text("".join(lines[:-1]) + '{"input": "sub/c.p')
    assert counts(run(photos, out)) == (1, 2, 0)
    assert len(read_manifest(out / MANIFEST_NAME)) == 7, "the line that was cut short is passed over, not run together with the next"


def test_a_file_that_is_no_manifest_is_not_written_to(photos: Path, out: Path):
    out.mkdir()
    (out / MANIFEST_NAME).write_text('{"a": 1}\n')
    with pytest.raises(UsageError, match="line 1"):
        run(photos, out)


def test_an_output_folder_that_cannot_be_made(photos: Path, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="manifest"):
        run(photos, tmp_path / "file/out")


def test_a_closed_manifest_refuses(tmp_path: Path):
    manifest = Manifest(tmp_path / MANIFEST_NAME)
    with pytest.raises(OutputError, match="not open"):
        manifest.add(Record("a", "0", "a", "0", "0", 0, "0", "done"))


def test_transfer_reads_its_references_once_and_knows_them_by_their_bytes(photos: Path, out: Path, tmp_path: Path):
    reference = tmp_path / "reference.png"
    reference.write_bytes((photos / "a.png").read_bytes())

    def job(**knobs: object) -> TransferJob:
        return TransferJob.of(reference, knobs, Writing(out))  # type: ignore[arg-type]

    assert counts(run(photos, out, job())) == (3, 0, 0)
    assert job().digest == job().digest
    assert len({job().digest, job(texture=0.5).digest, job(reference_for={"eyes": reference}).digest}) == 3
    digest = job().digest
    reference.write_bytes((photos / "b.png").read_bytes())
    assert job().digest != digest
    with pytest.raises(UnreadableImageError):
        TransferJob.of(tmp_path / "none.png", {}, Writing(out))


def test_jobs_check_their_knobs_before_any_photo(out: Path):
    with pytest.raises(UnknownNameError):
        ApplyJob.of(red_look(), {"only": "lisp"}, Writing(out))
    with pytest.raises(UsageError):
        run_batch(apply_job(out), [], workers=0)


def test_the_look_is_known_by_its_layers_not_its_name(out: Path):
    renamed = red_look().with_layers(red_look().layers, name="another name")
    assert ApplyJob.of(renamed, {}, Writing(out)).digest == ApplyJob.of(red_look(), {}, Writing(out)).digest


def test_gather_takes_folders_globs_and_files_once_each(photos: Path, out: Path):
    (photos / "notes.txt").write_text("no picture")
    (photos / "d.gif").write_bytes(b"")
    items = gather([str(photos), str(photos / "*.png"), str(photos / "a.png")], out)
    assert [item.name for item in items] == ["a.png", "b.png", "d.gif", "sub/c.png"]
    assert items[2].output == "d.png", "what kohl does not write becomes a PNG"
    assert [item.name for item in gather([str(photos / "**/*.png")], out)] == list(NAMES)


def test_gather_passes_over_what_is_hidden(photos: Path, out: Path):
    (photos / "._a.png").write_bytes(b"\0\5\x16\7")
    (photos / ".thumbnails").mkdir()
    (photos / ".thumbnails/a.png").write_bytes(b"")
    assert [item.name for item in gather([str(photos)], out)] == list(NAMES)
    assert [item.name for item in gather([str(photos / "._a.png")], out)] == ["._a.png"], "what is named is taken"


def test_gather_passes_over_its_own_results(photos: Path):
    run(photos, photos / "out")
    assert [item.name for item in gather([str(photos)], photos / "out")] == list(NAMES)


def test_gather_says_that_the_output_folder_is_the_photos_own(photos: Path):
    with pytest.raises(UsageError, match=r"got 3 in it .*choose another folder.*-o"):
        gather([str(photos)], photos)


def test_gather_refuses_nothing_and_collisions(photos: Path, out: Path, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="found none"):
        gather([str(tmp_path / "empty")], out)
    with pytest.raises(UnreadableImageError, match="nothing of that name"):
        gather([str(tmp_path / "none")], out)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a.png").write_bytes(b"")
    with pytest.raises(
        UsageError, match=r"photos/a\.png and .*other/a\.png would both be written to a\.png; give a folder that holds both.*; or run two"
    ):
        gather([str(photos), str(tmp_path / "other")], out)
    assert not out.exists()
    assert {item.output for item in gather([str(tmp_path)], out)} >= {"photos/a.png", "other/a.png"}, "what it advises is possible"
    (tmp_path / "other/a.gif").write_bytes(b"")
    with pytest.raises(UsageError, match=r"both be written to a\.png; run two batches, each with an output folder of its own \(-o\)"):
        gather([str(tmp_path / "other")], out)


def test_a_process_that_dies_costs_one_photo(photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch):
    """The pool is stood in for: it breaks whenever b.png is among what it was given."""

    def until_broken(job: Job, tasks: Iterator[pool.Task], workers: int) -> Iterator[Record]:
        drawn = list(tasks)
        if any(task.item.name == "b.png" for task in drawn):
            return drawn
        painter = Painter(job)
        for task in drawn:
            yield painter.paint(task.item, task.record, may_replace=task.may_replace)
        return []

    monkeypatch.setattr(pool, "_until_broken", until_broken)
    summary = run_batch(apply_job(out), gather([str(photos)], out), workers=2)
    assert counts(summary) == (2, 0, 1)
    assert "process died" in summary.failures[0].reason


def test_a_process_ends_with_its_batch_but_never_while_it_writes(monkeypatch: pytest.MonkeyPatch):
    theirs, ours = multiprocessing.Pipe(duplex=False)
    ended = threading.Event()
    monkeypatch.setattr(pool.os, "_exit", lambda code: ended.set())
    watcher = threading.Thread(target=pool._end_with, args=(theirs,))
    watcher.start()
    with pool._saving:
        ours.close()
        assert not ended.wait(0.2)
    assert ended.wait(5)
    watcher.join()


def test_an_item_without_a_file_fails_alone(photos: Path, out: Path):
    items = [*gather([str(photos)], out), Item(photos / "gone.png", "gone.png", "gone.png")]
    summary = run_batch(apply_job(out), items)
    assert counts(summary) == (3, 0, 1)
    assert replace(summary.failures[0], seconds=0.0).input_sha256 == ""
