"""Which kinds of file are written, with which encoder, and how that one is set."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from kohl.core.errors import MissingPartError, UsageError

CONTAINERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}
"""The kinds of file that can be written, by the name's ending."""
PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow")
"""Speeds of the encoder, in x264's words: the slower, the smaller the file at the same quality."""
_H264, _H265, VP9 = ("libx264", "libopenh264", "h264_videotoolbox", "mpeg4"), ("libx265", "libx264"), ("libvpx-vp9", "libvpx")
_LOOK_AHEAD = "rc-lookahead=10:mbtree=1"
"""What x264's superfast leaves out, and veryfast has. With it superfast takes 56 to 57 % of veryfast's time for files up to 13 % larger and up to
0.3 dB less PSNR; without it they are half as large again to six times as large (benchmarks/encoding.py)."""
_VP9_SPEEDS = {"ultrafast": 8, "superfast": 8, "veryfast": 7, "faster": 6, "fast": 5, "medium": 4, "slow": 2}


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the picture is compressed."""

    quality: int = 18
    """x264's constant rate factor: 0 lossless, 18 as good as no visible loss, 51 worst."""
    preset: str = "superfast"
    keep_metadata: bool = False
    """Keep where and with what it was filmed; titles and the like are always kept."""
    threads: int = 0
    """How many the encoder may use; 0 leaves it to the encoder."""

    def __post_init__(self) -> None:
        """Raise UsageError for what no encoder takes."""
        if self.preset not in PRESETS:
            raise UsageError(f"the encoder's preset must be one of {', '.join(PRESETS)}, got {self.preset!r}")
        if not 0 <= self.quality <= 51:
            raise UsageError(f"quality must be from 0 (lossless) to 51 (worst), got {self.quality}")


def check_ending(path: Path) -> None:
    """Raise UsageError for a name whose ending stands for no kind of video that is written here."""
    if path.suffix.lower() not in CONTAINERS:
        raise UsageError(
            f"cannot write {path.name}: {path.suffix or 'no ending'} is not a kind of video that kohl writes; use {', '.join(CONTAINERS)}"
        )


def encoder_for(suffix: str, bits: int, available: Container[str]) -> str:
    """The first encoder in `available` that writes frames of `bits` a sample into a file with this ending. Raises MissingPartError for none."""
    wanted = VP9 if suffix == ".webm" else _H264 if bits == 8 else _H265
    for name in wanted:
        if name in available:
            return name
    raise MissingPartError(f"writing {suffix} needs one of the encoders {', '.join(wanted)}, and this FFmpeg has none; install PyAV from its wheel")


def options_of(codec: str, encoding: Encoding) -> dict[str, str]:
    """The options, as FFmpeg names them, that make `codec` do what `encoding` asks for."""
    if codec.startswith("libvpx"):
        speed = str(_VP9_SPEEDS[encoding.preset])
        return {"deadline": "realtime", "cpu-used": speed, "row-mt": "1", "crf": str(min(63, round(encoding.quality * 1.25))), "b": "0"}
    if codec in ("libx264", "libx265"):
        more = {"x265-params": "log-level=error"} if codec == "libx265" else {"x264-params": _LOOK_AHEAD} if encoding.preset == "superfast" else {}
        return {"crf": str(encoding.quality), "preset": encoding.preset, **more}
    return {"qscale": str(max(1, encoding.quality // 6))}
