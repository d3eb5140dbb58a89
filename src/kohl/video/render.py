"""A video made up: what `kohl video` and `kohl.video` do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias, Unpack

from kohl.api.asking import LookSource, as_look
from kohl.api.explain import report_look, why_nothing
from kohl.api.knobs import FaceChoice, Knobs, TransferKnobs, plan_from
from kohl.api.studio import Reference, Studio
from kohl.core.atomic import check_writable
from kohl.core.errors import NoFaceError, UsageError
from kohl.core.provenance import Provenance
from kohl.core.region import Region
from kohl.faces.analyzer import MAX_YAW, MIN_FACE
from kohl.methods import registry
from kohl.methods.base import MakeupMethod
from kohl.reading.reading import Reading
from kohl.video.encoders import Encoding, check_ending
from kohl.video.marking import is_video, read_video_provenance
from kohl.video.painter import Painter, ReferencePainter, painter_for
from kohl.video.pipeline import Pipeline
from kohl.video.preview import Sheet
from kohl.video.sink import open_sink
from kohl.video.source import open_source
from kohl.video.tracking import FaceFinder, Tracker

OnProgress: TypeAlias = Callable[[int, float, float | None], None]
"""Called after every frame with: frames finished, seconds of video finished, seconds that the video lasts (None where it does not say)."""

_TOO_FAR = f"no frame got makeup: a face was followed, but was always under {MIN_FACE} px wide, turned by more than {MAX_YAW:g}° or out of the frame"


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a video."""

    output: Path
    frames: int
    painted: int
    """Frames in which a face got makeup."""
    faces: int
    """Faces that were followed; one that comes back after more than a second, or after a cut, counts again."""
    lost: int
    """How often a face was lost from one frame to the next within a scene."""
    cuts: int
    codec: str | None
    video_seconds: float
    seconds: float
    """What it took."""
    stages: dict[str, float]
    """Seconds that each stage was at work; they overlap."""
    losses: tuple[str, ...]
    """What the output does not hold, in words."""
    preview: Path | None = None

    @property
    def fps(self) -> float:
        """Frames per second, from the first byte read to the last one written."""
        return self.frames / max(self.seconds, 1e-9)


@dataclass(frozen=True)
class Production:
    """How a video is made, beside what is painted."""

    encoding: Encoding = field(default_factory=Encoding)
    force: bool = False
    """Replace files that are already there."""
    preview: Path | None = None
    """Where to write a sheet of a dozen frames, before and after."""
    workers: int = 2
    """Threads that paint."""
    on_progress: OnProgress | None = None
    finder: FaceFinder | None = field(default=None, repr=False)
    """What finds faces; mediapipe's networks when None."""


def apply(video: str | Path, look: LookSource, *, out: str | Path, production: Production | None = None, **knobs: Unpack[Knobs]) -> Summary:
    """Put `look` on the faces of a video, and write it to `out` with its sound, times and colours kept.

    `knobs` as in `kohl.apply`: `only`, `without`, `strength`, `faces`, `seed`. The ending of `out` decides the kind of file.

    Raises
    ------
    UnreadableVideoError
        `video` is missing, damaged, truncated or no video.
    NoFaceError
        No face in any frame; nothing is written.
    OutputError
        `out` cannot be written; nothing half-written stays behind.
    UsageError
        An argument that does not exist or is out of range; a kind of file that cannot be written or cannot hold the sound.
    MissingExtraError
        PyAV is not installed.
    """
    plan = plan_from(knobs, Knobs)
    wanted = as_look(look)
    summary = make_up(Path(video), painter_for(wanted, plan.controls), out=Path(out), faces=plan.faces, production=production)
    nothing = why_nothing(report_look(wanted, plan.controls), "the look")
    return summary if nothing is None else replace(summary, losses=(nothing, *summary.losses))


def transfer(
    video: str | Path, reference: Reference, *, out: str | Path, production: Production | None = None, **knobs: Unpack[TransferKnobs]
) -> Summary:
    """Put the makeup of the face in the photo `reference` on the faces of a video; everything else as in `apply`.

    `knobs` as in `kohl.transfer`. The reference is read once. Raises as `apply`; also FaceError and InputError for the reference.
    """
    plan = plan_from(knobs, TransferKnobs)
    _check(Path(out), production or Production())
    method = registry.create("procedural")
    main, others = _as_reading(reference, method), knobs.get("reference_for") or {}
    readings = dict.fromkeys(Region, main) | {Region.parse(name): _as_reading(other, method) for name, other in others.items()}
    painter = None if plan.controls.is_nothing else ReferencePainter(method, readings, plan.controls)
    return make_up(Path(video), painter, out=Path(out), faces=plan.faces, production=production)


def make_up(video: Path, painter: Painter | None, *, out: Path, faces: FaceChoice = "largest", production: Production | None = None) -> Summary:
    """Make up `video` with any painter (None leaves every frame as it is) and write it to `out`. Raises as `apply`."""
    chosen, start = production or Production(), time.perf_counter()
    _check(out, chosen)
    sheet = None if chosen.preview is None else Sheet(chosen.preview)
    before = read_video_provenance(video) if is_video(video) else Provenance()
    tracker = Tracker(chosen.finder, faces=faces)
    with open_source(video) as source, open_sink(out, source, chosen.encoding, before=before, force=chosen.force) as sink:
        progress, total = chosen.on_progress, source.duration
        on_frame = None if progress is None else lambda count, seconds: progress(count, seconds, total)
        line = Pipeline(source, sink, tracker, painter, workers=chosen.workers, sheet=sheet, on_frame=on_frame)
        line.run()
        if painter is not None and tracker.num_faces == 0:
            raise NoFaceError(f"expected a face in {video}, found none in {line.num_frames} frames; faces must be upright, lit and 64 px wide")
        length = total or line.num_frames / float(source.rate)
    preview = None if sheet is None else sheet.save(force=chosen.force)
    losses = [*source.losses, *sink.losses]
    losses += [_TOO_FAR] if painter is not None and line.num_painted == 0 else []
    losses += [f"{source.damaged} damaged packets could not be decoded"] if source.damaged else []
    losses += [f"{sink.dropped} packets of other streams ran backwards in time and were left out"] if sink.dropped else []
    return Summary(
        output=out,
        frames=line.num_frames,
        painted=line.num_painted,
        faces=tracker.num_faces,
        lost=tracker.num_losses,
        cuts=tracker.num_cuts,
        codec=sink.codec,
        video_seconds=length,
        seconds=time.perf_counter() - start,
        stages=line.seconds,
        losses=tuple(losses),
        preview=preview,
    )


def _as_reading(reference: Reference, method: MakeupMethod) -> Reading:
    return reference if isinstance(reference, Reading) else Studio(method).read_details(reference)


def _check(out: Path, production: Production) -> None:
    """Refuse what cannot end well, before work is spent on it."""
    check_ending(out)
    check_writable(out, force=production.force)
    if production.preview is not None:
        check_writable(production.preview, force=production.force)
    if production.workers < 1:
        raise UsageError(f"workers must be at least 1, got {production.workers}")
