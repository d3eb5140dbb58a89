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

from kohl.core.side_by_side import at_work
from kohl.video.frames import Shot
from kohl.video.painter import Change, Painter, paint_face
from kohl.video.preview import TILE, Sheet
from kohl.video.sink import Sink
from kohl.video.source import Parcel, Source
from kohl.video.steadying import Steadier
from kohl.video.tracking import TrackedFace, Tracker

OnFrame: TypeAlias = Callable[[int, float], None]
"""Called with the number of frames that are finished and the time in the video, in seconds."""
_AHEAD = 6
"""Frames that may wait between two stages."""
_PATIENCE = 0.1
"""Seconds between two looks at whether everything should stop."""


@dataclass(frozen=True, eq=False)
class _Tracked:
    """A frame whose faces are known and being painted."""

    shot: Shot
    changes: list[Future[Change | None]]


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
        self._steadier = Steadier()
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
        with self._clock("track"):
            faces = self.tracker.update(shot.picture, shot.seconds)
        return _Tracked(shot, [self._pool.submit(self._paint, self.painter, shot, face) for face in faces])

    def _paint(self, painter: Painter, shot: Shot, face: TrackedFace) -> Change | None:
        if self._stop.is_set():
            return None
        with at_work(), self._clock("paint"):
            return paint_face(painter, shot.picture, face)

    def _write(self) -> None:
        while (item := self._get(self._outbox)) is not None:
            if isinstance(item, Parcel):
                self.sink.hand_on(item)
            else:
                self._finish(item)

    def _finish(self, tracked: _Tracked) -> None:
        """Wait for a frame's painters, put their changes in, and encode it."""
        shot = tracked.shot
        changes = [change for change in map(self._wait, tracked.changes) if change is not None]
        with self._clock("encode"), self._shown_on_sheet(shot):
            self._steadier.put(shot.picture, changes, shot.seconds)
        with self._clock("encode"):
            self.sink.write(shot)
        self.num_painted += bool(changes)
        self.num_frames += 1
        if self.on_frame is not None:
            self.on_frame(self.num_frames, shot.seconds)

    @contextlib.contextmanager
    def _shown_on_sheet(self, shot: Shot) -> Iterator[None]:
        """Show a frame on the sheet as it is before and after the block, if the sheet wants it."""
        if self.sheet is None or not self.sheet.wants_next:
            yield
            if self.sheet is not None:
                self.sheet.skip()
            return
        before = shot.picture.shrunk_rgb(TILE)[0]
        yield
        self.sheet.add(before, shot.picture.shrunk_rgb(TILE)[0])

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
