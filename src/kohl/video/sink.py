"""Writing a video: painted frames encoded, everything else handed on packet by packet; whole in the end, or not there at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kohl.core.atomic import check_writable, publish
from kohl.core.errors import OutputError, OutputExistsError, UsageError
from kohl.core.extras import require
from kohl.core.provenance import Provenance
from kohl.video.encoders import CONTAINERS, VP9, Encoding, check_ending, encoder_for, options_of
from kohl.video.frames import Shot, format_of, frame_of
from kohl.video.marking import mark, tags_for
from kohl.video.source import Parcel, Source

_PRIVATE = ("location", "gps", "com.apple.quicktime", "com.android", "make", "model")
"""Beginnings of the names of what a camera notes about place and device."""
_NOT_OURS = ("major_brand", "minor_version", "compatible_brands", "encoder", "duration")
"""What the writing library says anew."""
_TOO_SHORT_FOR_X265 = 2
"""Frames of a film whose decode times x265 leaves unset (whatever lay in memory): it takes them from frames that come later."""


@dataclass
class Sink:
    """A video being written. Made by `open_sink`."""

    path: Path
    source: Source
    container: Any
    suffix: str
    encoding: Encoding
    streams: dict[int, Any] = field(default_factory=dict)
    """The copied streams, by their index in the source; made with the first frame, in the source's order."""
    losses: list[str] = field(default_factory=list)
    codec: str | None = None
    """The encoder's name; known with the first frame."""
    dropped: int = 0
    """Packets that could not be handed on."""
    _stream: Any = None
    _size: tuple[int, int] = (0, 0)
    _num_frames: int = 0
    _waiting: list[Parcel] = field(default_factory=list)

    def hand_on(self, parcel: Parcel) -> None:
        """Write a packet as it is. Before the first frame there is no header yet: it waits."""
        if self._stream is None:
            self._waiting.append(parcel)
            return
        if parcel.index not in self.streams:
            return
        parcel.packet.stream = self.streams[parcel.index]
        try:
            with _disk_errors(self.path):
                self.container.mux_one(parcel.packet)
        except ValueError:  # a packet whose time runs backwards, in a damaged file
            self.dropped += 1

    def write(self, shot: Shot) -> None:
        """Encode a frame. Raises UsageError when its size changes on the way: no container that is written here can hold that."""
        if self._stream is None:
            self._start(shot)
        size = self._size_for(shot)
        if size != self._size:
            raise UsageError(
                f"expected frames of one size, {self._size}, got {size} at {shot.seconds:.2f} s; cut the video there and paint the parts"
            )
        with _disk_errors(self.path):
            self.container.mux(self._stream.encode(frame_of(shot, size)))
        self._num_frames += 1

    def finish(self) -> None:
        """Write what the encoder still holds back, and the end of the file."""
        with _disk_errors(self.path):
            if self._stream is not None:
                packets = self._stream.encode(None)
                if self.codec == "libx265" and self._num_frames <= _TOO_SHORT_FOR_X265:
                    for packet in packets:  # so few are decoded in the order in which they are shown
                        packet.dts = packet.pts
                self.container.mux(packets)
            self.container.close()

    def _start(self, shot: Shot) -> None:
        import av  # noqa: PLC0415  the source is open, so it is there

        self.codec = encoder_for(self.suffix, shot.picture.coding.bits, av.codecs_available)
        self._size = self._size_for(shot)
        for other in self.source.copied:
            if other.index < self.source.video.index:
                self._add_copy(other)
        stream = self.container.add_stream(self.codec, rate=self.source.rate, options=options_of(self.codec, self.encoding))
        stream.height, stream.width = self._size
        stream.pix_fmt = format_of(shot.picture.coding)
        stream.codec_context.time_base = stream.time_base = shot.time_base
        stream.codec_context.thread_count = self.encoding.threads
        stream.codec_context.flags |= av.codec.context.Flags.frame_duration  # or every frame would last 1 / rate
        shot.tags.put_on(stream.codec_context)
        self._keep_aspect(stream, shot)
        if self.codec == "libx265" and self.suffix in (".mp4", ".m4v", ".mov"):
            stream.codec_context.codec_tag = "hvc1"  # under its other name QuickTime does not play it
        stream.metadata.update({name: value for name, value in self.source.video.metadata.items() if name in ("language", "title")})
        for other in self.source.copied:
            if other.index > self.source.video.index:
                self._add_copy(other)
        self._stream = stream
        self._note(shot)
        waiting, self._waiting = self._waiting, []
        for parcel in waiting:
            self.hand_on(parcel)

    def _add_copy(self, stream: Any) -> None:
        """Make room for a stream that is handed on; what this kind of file cannot hold is left out, but never the sound."""
        name = stream.codec_context.name if stream.codec_context is not None else "unknown"
        try:
            copy = self.container.add_stream_from_template(stream)
        except ValueError as error:
            if stream.type == "audio":
                raise UsageError(
                    f"{self.suffix} cannot hold this video's sound ({name}), and sound is never re-encoded; write .mkv or .mp4"
                ) from error
            self.losses.append(f"left out: stream {stream.index} ({stream.type}, {name}), which {self.suffix} cannot hold")
            return
        copy.time_base = stream.time_base
        copy.disposition = stream.disposition
        copy.metadata.update({name: value for name, value in stream.metadata.items() if name in ("language", "title", "handler_name")})
        self.streams[stream.index] = copy

    def _keep_aspect(self, stream: Any, shot: Shot) -> None:
        aspect = self.source.video.sample_aspect_ratio
        if aspect:
            stored = self.source.video.codec_context
            turned = (stored.width, stored.height) == shot.picture.size and stored.height != stored.width
            stream.sample_aspect_ratio = 1 / aspect if turned else aspect

    def _size_for(self, shot: Shot) -> tuple[int, int]:
        """(h, w) as encoded: H.264 and its like want sides that are whole in chroma."""
        height, width = shot.picture.size
        if self.codec in VP9:
            return height, width
        down, across = shot.picture.coding.shrink
        return -(-height // down) * down, -(-width // across) * across

    def _note(self, shot: Shot) -> None:
        height, width = shot.picture.size
        if self._size != (height, width):
            self.losses.append(f"the picture is {self._size[1]}×{self._size[0]} instead of {width}×{height}: {self.codec} has even sides only")
        if shot.tags.is_hdr:
            self.losses.append("the video is HDR; makeup is painted as if it were not, and its colours may be off")
        aspect = self.source.video.sample_aspect_ratio
        if self.codec in VP9 and aspect not in (None, 1):
            self.losses.append(f"pixels are square in {self.suffix}; in the source they were {aspect} as wide as high")
        if self.codec == "mpeg4":
            self.losses.append("no H.264 encoder is there; the video is MPEG-4 part 2")


@contextmanager
def open_sink(path: Path, source: Source, encoding: Encoding, *, before: Provenance, force: bool = False) -> Iterator[Sink]:
    """Write a video to `path`: under another name first, and under its own when the block is left without an error and all is on the disk.

    `before`: what the source said of how it was made. Raises UsageError for an ending that is not written here or that cannot hold the
    source's sound, OutputError and OutputExistsError as `kohl.core.atomic` does.
    """
    check_ending(path)
    target = Path(os.path.realpath(path))
    check_writable(target, force=force)
    temporary = target.parent / f".kohl-{secrets.token_hex(8)}.part"
    try:
        with _disk_errors(path):
            sink = _open(path, temporary, target, source, encoding, before)
        try:
            yield sink
            sink.finish()
        except BaseException:
            _abandon(sink.container)
            raise
        with _disk_errors(path):
            mark(temporary, target.suffix, before)
            publish(temporary, target, force=force)
    finally:
        temporary.unlink(missing_ok=True)


def _abandon(container: Any) -> None:
    """Close a file that nobody will see; that it cannot be finished is known already."""
    with contextlib.suppress(Exception):
        container.close()


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system or FFmpeg says while writing into OutputError."""
    try:
        yield
    except FileExistsError as error:
        raise OutputExistsError(f"{path} already exists; choose another name or give --force (force=True) to replace it") from error
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}; check the folder's rights and free space") from error


def _open(path: Path, temporary: Path, target: Path, source: Source, encoding: Encoding, before: Provenance) -> Sink:
    av = require("av", extra="video", purpose="writing a video")
    kind = CONTAINERS[target.suffix.lower()]
    options = {"movflags": "+faststart"} if kind in ("mp4", "mov") else {}
    container = av.open(str(temporary), "w", format=kind, options=options)
    container.metadata.update(_metadata(source.container.metadata, encoding))
    container.metadata.update(tags_for(target, before))
    container.set_chapters(source.container.chapters())
    return Sink(path, source, container, target.suffix.lower(), encoding)


def _metadata(metadata: Mapping[str, str], encoding: Encoding) -> dict[str, str]:
    kept = {name: value for name, value in metadata.items() if name.lower() not in _NOT_OURS}
    return kept if encoding.keep_metadata else {name: value for name, value in kept.items() if not name.lower().startswith(_PRIVATE)}
