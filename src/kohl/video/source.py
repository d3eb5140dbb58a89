"""Reading a video: its frames upright and in order, and the packets of everything that is handed on as it is.

Nothing here trusts what a file says of itself: a missing, empty, truncated or wrong file ends in `UnreadableVideoError`, in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from kohl.core.errors import UnreadableVideoError
from kohl.core.extras import require
from kohl.core.formats import looks_like_text
from kohl.video.frames import Shot, picture_of
from kohl.video.orientation import Turn

MAX_PIXELS = 8192 * 4320
"""Pixels of a frame beyond which a video is refused: 8K is the largest that there are cameras for."""
_DEFAULT_RATE = Fraction(25)
_SLACK = 1.5
"""Seconds by which a video may end before the time that its file states …"""
_SLACK_SHARE = 0.02
"""… and as a share of that time; what ends earlier was cut off."""
_COPIED = ("audio", "subtitle")


@dataclass(frozen=True, eq=False)
class Parcel:
    """A packet that is handed on as it is, from the stream `index`."""

    index: int
    packet: Any


Item: TypeAlias = Shot | Parcel


@dataclass
class Source:
    """A video that is open. Made by `open_source`; read once, from front to end, by `items`."""

    path: Path
    container: Any
    video: Any
    """The PyAV stream that is painted."""
    copied: list[Any]
    """The streams that are handed on packet by packet."""
    losses: list[str] = field(default_factory=list)
    """What does not come through, in words."""
    damaged: int = 0
    """Packets that could not be decoded; known when all is read."""

    @property
    def rate(self) -> Fraction:
        """Frames per second, as the file states it or as it was guessed."""
        return Fraction(self.video.average_rate or self.video.guessed_rate or _DEFAULT_RATE)

    @property
    def time_base(self) -> Fraction:
        """The unit of the frames' timestamps, in seconds."""
        return Fraction(self.video.time_base)

    @property
    def duration(self) -> float | None:
        """Seconds that the file says it lasts; None where it says nothing."""
        if self.video.duration:
            return float(self.video.duration * self.time_base)
        return self.container.duration / 1e6 if self.container.duration else None

    def items(self) -> Iterator[Item]:
        """Every frame, upright, and every packet of the other streams, in the file's own order.

        Raises UnreadableVideoError when no frame can be decoded, or when the file ends well before the time that it states.
        """
        end, previous, turn = 0.0, None, None
        for packet in self._packets():
            if packet.stream.index != self.video.index:
                if packet.dts is not None:
                    yield Parcel(packet.stream.index, packet)
                continue
            for frame in self._decode(packet):
                turn = self._turn_of(frame) if turn is None else turn
                previous = self._shot(frame, turn, previous)
                end = previous.seconds + float(previous.duration * self.time_base)
                yield previous
        if previous is None:
            raise UnreadableVideoError(f"expected a video, found no frame in {self.path} that can be decoded; is the file damaged?")
        self._check_end(end - float((self.video.start_time or 0) * self.time_base))

    def _packets(self) -> Iterator[Any]:
        import av  # noqa: PLC0415  this file is open, so it is there

        try:
            yield from self.container.demux(self.video, *self.copied)
        except av.error.FFmpegError as error:
            raise UnreadableVideoError(f"cannot read {self.path} to its end: {error.strerror}; the file is damaged or truncated") from error

    def _decode(self, packet: Any) -> list[Any]:
        """The frames of a packet. Players pass over a packet that is damaged, and so does this; it is counted."""
        import av  # noqa: PLC0415

        try:
            return list(packet.decode())
        except av.error.EOFError:
            return []
        except av.error.FFmpegError:
            self.damaged += 1
            return []

    def _turn_of(self, frame: Any) -> Turn:
        found = frame.side_data.get("DISPLAYMATRIX")
        return Turn.of(memoryview(bytes(found)).cast("i").tolist() if found is not None else None)

    def _shot(self, frame: Any, turn: Turn, previous: Shot | None) -> Shot:
        if frame.width * frame.height > MAX_PIXELS:
            raise UnreadableVideoError(f"expected frames of at most {MAX_PIXELS} pixels in {self.path}, got {frame.width}×{frame.height}")
        picture, tags = picture_of(frame, turn)
        length = frame.duration or max(1, round(1 / (self.rate * self.time_base)))
        stamp = frame.pts if frame.pts is not None else frame.dts
        if stamp is None:
            stamp = 0 if previous is None else previous.pts + previous.duration
        if previous is not None and stamp <= previous.pts:
            stamp = previous.pts + 1  # two frames at one time: no encoder takes them
        return Shot(picture, stamp, length, self.time_base, tags)

    def _check_end(self, end: float) -> None:
        duration = self.duration
        if duration is not None and end < duration - max(_SLACK, _SLACK_SHARE * duration):
            raise UnreadableVideoError(
                f"expected {duration:.1f} s of video in {self.path}, got {end:.1f} s: the file is truncated; copy or download it again"
            )


@contextmanager
def open_source(path: Path, *, threads: int = 0) -> Iterator[Source]:
    """Open a video file for reading.

    `threads`: how many the decoder may use; 0 leaves it to FFmpeg. Raises UnreadableVideoError for what is no video, MissingExtraError
    without the extra `video`.
    """
    av = require("av", extra="video", purpose="reading a video")
    if not path.is_file():
        raise UnreadableVideoError(f"cannot read {path}: {'it is a folder' if path.is_dir() else 'there is no such file'}; name a video file")
    try:
        container = av.open(str(path))
    except (av.error.FFmpegError, OSError) as error:
        raise UnreadableVideoError(f"cannot read {path} as a video: {_why(path)}") from error
    with container:
        yield _source_of(path, container, threads)


def _source_of(path: Path, container: Any, threads: int) -> Source:
    pictures = [stream for stream in container.streams if stream.type == "video" and not _is_still(stream)]
    if not pictures:
        found = ", ".join(sorted({stream.type for stream in container.streams})) or "nothing"
        raise UnreadableVideoError(f"expected a video in {path}, found only {found}; name a file with moving pictures")
    video = pictures[0]
    if video.codec_context is None:
        raise UnreadableVideoError(f"cannot decode {path}: its codec is not known here; convert it to H.264 first")
    video.thread_type = "AUTO"
    video.codec_context.thread_count = threads
    copied = [stream for stream in container.streams if stream.type in _COPIED]
    left = [stream for stream in container.streams if stream not in copied and stream is not video]
    return Source(path, container, video, copied, [f"left out: stream {stream.index} ({_name_of(stream)})" for stream in left])


def _is_still(stream: Any) -> bool:
    """Whether a video stream is the picture of a cover."""
    return "attached_pic" in (stream.disposition.name or "")


def _name_of(stream: Any) -> str:
    codec = getattr(stream.codec_context, "name", None) if stream.type in ("video", *_COPIED) else None
    return f"{stream.type}, {codec}" if codec else stream.type


def _why(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        return error.strerror or str(error)
    if not head:
        return "the file is empty"
    if looks_like_text(head):
        return "it is text, not a video"
    if head[4:8] in (b"ftyp", b"moov", b"mdat"):
        return "it is truncated (its index is missing); copy or download it again"
    return "it is no video that FFmpeg knows, or it is damaged; MP4, MOV, MKV and WebM work"
