"""Decoding, tracking, painting and encoding at the same time, in order.

    reader ──frames──▸ tracking (the calling thread) ──faces──▸ painters ──changes──▸ writer

Reading, painting and writing have threads of their own: almost all of their time is spent in C code that lets the others run. Queues are
short, so that memory stays small however long the video is. Whatever fails in one thread stops the others and comes out of `run`.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kohl.core.arrays import Image
from kohl.faces.mesh import Mesh
from kohl.video.frames import Shot
from kohl.video.painter import Painter, change_of
from kohl.video.preview import Sheet, tile_side
from kohl.video.sink import Sink
from kohl.video.source import Parcel, Source
from kohl.video.steadying import Steady
from kohl.video.tracking import TrackedFace, Tracker, box_around
from kohl.video.yuv import Box

OnFrame: TypeAlias = Callable[[int, float], None]
"""Called with the number of frames that are finished and the time in the video, in seconds."""
_AHEAD = 6
"""Frames that may wait between two stages."""
_PATIENCE = 0.1
"""Seconds between two looks at whether everything should stop."""


@dataclass(frozen=True, eq=False)
class _Work:
    """One face of one frame, and what a painter makes of it: (the surroundings, the change), or None."""

    face: TrackedFace
    box: Box
    result: Future[tuple[Image, Image] | None]


@dataclass(frozen=True, eq=False)
class _Tracked:
    """A frame whose faces are known and being painted."""

    shot: Shot
    works: list[_Work]


class _Stopped(Exception):  # noqa: N818  no error: how a thread is told to end
    """Another thread failed, or the caller gave up."""


@dataclass
class Pipeline:
    """One video being made up. `painter` None hands the frames on as they are."""

    source: Source
    sink: Sink
    tracker: Tracker
    painter: Painter | None
    workers: int = 2
    sheet: Sheet | None = None
    on_frame: OnFrame | None = None
    num_frames: int = 0
    num_painted: int = 0
    """Frames in which a face got makeup."""
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("decode", "track", "paint", "encode"), 0.0))
    """Time that each stage was at work; stages overlap, and several painters count several times."""

    def run(self) -> None:
        """Go through the whole video. What any thread raises is raised here; an interrupt stops them all."""
        self._stop, self._failures = threading.Event(), list[BaseException]()
        self._inbox: queue.Queue[Shot | Parcel | None] = queue.Queue(_AHEAD)
        self._outbox: queue.Queue[_Tracked | Parcel | None] = queue.Queue(_AHEAD)
        self._steady: dict[int, Steady] = {}
        threads = [threading.Thread(target=self._guard, args=(stage,), name=stage.__name__) for stage in (self._read, self._write)]
        with ThreadPoolExecutor(self.workers, thread_name_prefix="paint") as self._pool:
            for thread in threads:
                thread.start()
            try:
                self._track()
                threads[1].join()
            except _Stopped:
                pass
            finally:
                # After a good end nobody waits any more; after a failure this is what sets the others free.
                self._stop.set()
                for thread in threads:
                    thread.join()
        if self._failures:
            raise self._failures[0]

    def _guard(self, stage: Callable[[], None]) -> None:
        try:
            stage()
        except _Stopped:
            pass
        except BaseException as error:
            self._failures.append(error)
            self._stop.set()

    def _read(self) -> None:
        items = self.source.items()
        while True:
            with self._clock("decode"):
                item = next(items, None)
            self._put(self._inbox, item)
            if item is None:
                return

    def _track(self) -> None:
        while (item := self._get(self._inbox)) is not None:
            self._put(self._outbox, item if isinstance(item, Parcel) else self._faces_of(item))
        self._put(self._outbox, None)

    def _faces_of(self, shot: Shot) -> _Tracked:
        if self.painter is None:
            return _Tracked(shot, [])
        works = []
        with self._clock("track"):
            for face in self.tracker.update(shot.picture, shot.seconds):
                box = shot.picture.align(box_around(face.points, self.painter.reach, shot.picture.size))
                works.append(_Work(face, box, self._pool.submit(self._paint, shot, face, box)))
        return _Tracked(shot, works)

    def _paint(self, shot: Shot, face: TrackedFace, box: Box) -> tuple[Image, Image] | None:
        painter = self.painter
        if painter is None or self._stop.is_set() or box[1] <= box[0] or box[3] <= box[2]:
            return None
        with self._clock("paint"):
            image = shot.picture.rgb(box)
            points = face.points.copy()
            points[:, :2] -= (box[2], box[0])
            change = change_of(painter, image, Mesh(points, face.score))
        return None if change is None else (image, change)

    def _write(self) -> None:
        while (item := self._get(self._outbox)) is not None:
            if isinstance(item, Parcel):
                self.sink.hand_on(item)
            else:
                self._finish(item)

    def _finish(self, tracked: _Tracked) -> None:
        """Wait for a frame's painters, put their changes in, and encode it."""
        results = [self._wait(work.result) for work in tracked.works]
        with self._clock("encode"):
            picture, wanted = tracked.shot.picture, self.sheet is not None and self.sheet.wants_next
            before = picture.shrunk_rgb(tile_side())[0] if wanted else None
            shown = [self._show(tracked.shot, work, result) for work, result in zip(tracked.works, results, strict=True) if result is not None]
            self._steady = {number: self._steady[number] for number in shown}
            self.num_painted += bool(shown)
            if self.sheet is not None:
                if before is None:
                    self.sheet.skip()
                else:
                    self.sheet.add(before, picture.shrunk_rgb(tile_side())[0])
            self.sink.write(tracked.shot)
        self.num_frames += 1
        if self.on_frame is not None:
            self.on_frame(self.num_frames, tracked.shot.seconds)

    def _show(self, shot: Shot, work: _Work, result: tuple[Image, Image]) -> int:
        """Put one face's change into the frame, steadied; return the face's number."""
        (image, change), face = result, work.face
        last = self._steady.get(face.number)
        take = Steady.first if last is None else last.follow
        steady = self._steady[face.number] = take(change, image, work.box, face.points, shot.seconds)
        shot.picture.add(work.box, steady.change if face.weight == 1 else steady.change * face.weight)
        return face.number

    def _wait(self, result: Future[Any]) -> Any:
        while True:
            with contextlib.suppress(TimeoutError):
                return result.result(_PATIENCE)
            self._check()

    def _put(self, target: queue.Queue[Any], item: Any) -> None:
        while True:
            with contextlib.suppress(queue.Full):
                return target.put(item, timeout=_PATIENCE)
            self._check()

    def _get(self, origin: queue.Queue[Any]) -> Any:
        while True:
            with contextlib.suppress(queue.Empty):
                return origin.get(timeout=_PATIENCE)
            self._check()

    def _check(self) -> None:
        if self._stop.is_set():
            raise _Stopped

    @contextlib.contextmanager
    def _clock(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - start
