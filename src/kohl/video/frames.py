"""PyAV's frames ↔ our pictures: planes as arrays, upright, in a coding that painting knows; and back."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from kohl.core.arrays import AnyArray
from kohl.video.orientation import Turn
from kohl.video.yuv import Coding, Picture, weights_of

_FULL_RANGE = 2
"""H.273's and FFmpeg's number for full-range samples (JPEG)."""
_UNNAMED = 2
"""… and for a matrix that nobody named."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a video says of its colours, by the numbers of H.273: handed on as they came."""

    range: int = 0
    matrix: int = _UNNAMED
    primaries: int = _UNNAMED
    transfer: int = _UNNAMED

    @classmethod
    def of(cls, owner: Any) -> Tags:
        """The tags of a PyAV frame or codec context."""
        return cls(int(owner.color_range), int(owner.colorspace), int(owner.color_primaries), int(owner.color_trc))

    def put_on(self, owner: Any) -> None:
        """Set the tags on a PyAV frame or codec context."""
        owner.color_range, owner.colorspace, owner.color_primaries, owner.color_trc = self.range, self.matrix, self.primaries, self.transfer

    @property
    def is_hdr(self) -> bool:
        """Whether the samples are coded for HDR (PQ or HLG), which painting takes for SDR."""
        return self.transfer in (16, 18)


@dataclass(frozen=True, eq=False)
class Shot:
    """One frame on its way: `picture` to be painted in place, `pts` and `duration` in units of `time_base`."""

    picture: Picture
    pts: int
    duration: int
    time_base: Fraction
    tags: Tags

    @property
    def seconds(self) -> float:
        """When it is shown."""
        return float(self.pts * self.time_base)


def plain_format(name: str, *, is_rgb: bool, has_alpha: bool, bits: int) -> str:
    """The pixel format in which frames of format `name` are painted: itself where its samples are planar Y'CbCr of 8 or 10 bits."""
    name = name.replace("yuvj", "yuv")
    if name in _CODINGS:
        return name
    deep = "10le" if bits > 8 else ""
    return f"yuv444p{deep}" if is_rgb or has_alpha or "444" in name else f"yuv420p{deep}"


def picture_of(frame: Any, turn: Turn) -> tuple[Picture, Tags]:
    """Copy a PyAV video frame into an upright picture of its own (the decoder still refers to its frames)."""
    shape = frame.format
    wanted = plain_format(shape.name, is_rgb=shape.is_rgb, has_alpha=_has_alpha(shape), bits=shape.components[0].bits)
    if turn.transpose and "422" in wanted:
        wanted = wanted.replace("422", "444")  # lying on its side its chroma would be shrunk downwards alone, which no player expects
    tags = Tags.of(frame)
    if shape.name.replace("yuvj", "yuv") != wanted:
        frame = frame.reformat(format=wanted)
        tags = Tags.of(frame) if not shape.is_rgb else Tags(1, 6, tags.primaries, tags.transfer)
    elif shape.name.startswith("yuvj"):
        tags = Tags(_FULL_RANGE, tags.matrix, tags.primaries, tags.transfer)
    bits, shrink = _CODINGS[wanted]
    coding = Coding(bits, shrink, tags.range == _FULL_RANGE, weights_of(tags.matrix, frame.height))
    planes = [turn.apply(_samples(plane, coding)) for plane in frame.planes[:3]]
    owned = [plane if plane.flags.owndata else plane.copy() for plane in planes]
    return Picture(owned, coding), tags


def frame_of(shot: Shot, size: tuple[int, int]) -> Any:
    """Make the PyAV frame of a shot, (h, w) `size` large: where that is more than the picture, its last line and column are repeated."""
    import av  # noqa: PLC0415  an extra; whoever made the shot has it

    frame = av.VideoFrame(size[1], size[0], format_of(shot.picture.coding))
    for plane, samples in zip(frame.planes, shot.picture.planes, strict=True):
        target = _samples(plane, shot.picture.coding)
        rows, columns = samples.shape
        target[:rows, :columns] = samples
        target[rows:, :columns] = samples[-1:]
        target[:, columns:] = target[:, columns - 1 : columns]
    frame.pts, frame.time_base, frame.duration = shot.pts, shot.time_base, shot.duration
    shot.tags.put_on(frame)
    return frame


def format_of(coding: Coding) -> str:
    """The name of the pixel format that holds samples of this coding."""
    return next(name for name, known in _CODINGS.items() if known == (coding.bits, coding.shrink))


_CODINGS: dict[str, tuple[int, tuple[int, int]]] = {
    f"yuv{sampling}p{depth}": (bits, shrink)
    for sampling, shrink in (("420", (2, 2)), ("422", (1, 2)), ("444", (1, 1)))
    for depth, bits in (("", 8), ("10le", 10))
}


def _samples(plane: Any, coding: Coding) -> AnyArray:
    """A PyAV plane as a writable (h, w) array, without the padding at the end of its lines."""
    rows: AnyArray = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height]
    return rows.view(coding.dtype)[:, : plane.width]


def _has_alpha(shape: Any) -> bool:
    return any(component.is_alpha for component in shape.components)
