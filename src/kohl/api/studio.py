"""The studio: everything that can be done to one photo, whatever type it comes in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from numbers import Integral
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, Unpack, overload

from PIL import Image as PillowImage

from kohl.api.asking import LookSource, as_look, refuse_look
from kohl.api.explain import RegionReport, doubts_about, report_look, report_readings
from kohl.api.knobs import FaceChoice, Knobs, Plan, TransferKnobs, check_names, plan_from
from kohl.api.outcome import Outcome
from kohl.api.promised import Promised
from kohl.core.arrays import AnyArray, Image
from kohl.core.errors import FaceError, UsageError
from kohl.core.images import ImageSource, open_image
from kohl.core.opened import OpenedImage
from kohl.core.region import Region
from kohl.core.side_by_side import at_work
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.warp import resize
from kohl.looks.look import Look
from kohl.methods import registry
from kohl.methods.base import MakeupMethod, Worn
from kohl.reading.reading import Reading

Same = TypeVar("Same", bytes, PillowImage.Image, AnyArray)
Reference: TypeAlias = ImageSource | Reading
"""A photo of somebody made up, or what was read from one."""
Report: TypeAlias = tuple[tuple[RegionReport, ...], tuple[str, ...]]
"""What was done, region by region, and what may be wrong with it."""
LEARNED = "tinybeauty"
"""The method that wears learned looks."""
_READING_SIDE = 1280
"""Pixels: reading looks at nothing finer than a face of a few hundred pixels, so larger pictures are shrunk to this first …"""
_READABLE = 300
"""… unless the face would become narrower than this."""


class Studio:
    """Makes up photos with one method. It keeps its networks and nothing of a photo; share one between threads.

    A photo is a path, an encoded file's bytes, a PIL image or an array (see `kohl.core.images.open_image`). What comes back is of
    the same type and size: bytes for bytes, an array for an array; a PIL image for a path, or, with `out`, the path written to.
    """

    def __init__(self, method: str | MakeupMethod = "procedural", *, analyzer: Analyzer | None = None) -> None:
        """Take a method, by name or itself, and optionally another analyzer. Raises UnknownNameError when no method has that name."""
        self._method = registry.create(method) if isinstance(method, str) else method
        self._analyzer = Analyzer() if analyzer is None else analyzer
        self._helpers = ThreadPoolExecutor(thread_name_prefix="kohl")

    @overload
    def apply(self, photo: ImageSource, look: LookSource, *, out: str | Path, force: bool = False, **knobs: Unpack[Knobs]) -> Path: ...
    @overload
    def apply(self, photo: Same, look: LookSource, **knobs: Unpack[Knobs]) -> Same: ...
    @overload
    def apply(self, photo: str | Path, look: LookSource, **knobs: Unpack[Knobs]) -> PillowImage.Image: ...
    def apply(self, photo: ImageSource, look: LookSource, *, out: str | Path | None = None, force: bool = False, **knobs: Unpack[Knobs]) -> Any:
        """Put `look` on the face in `photo`: a look as data or in words, or one that a network learned.

        Knobs, each described in `kohl.api.knobs.Knobs`: `only`, `without`, `strength`, `faces`, `seed`. At strength 0 the photo comes
        back bit for bit. `out` writes the result there instead, over a file that exists only with `force`.

        Raises
        ------
        FaceError
            No face, or none that makeup can be put on.
        InputError
            `photo`, or the file of a learned look, cannot be read.
        OutputError
            `out` cannot be written.
        UsageError
            An argument that does not exist or is out of range, or `force` without `out`; words in `look` that are not understood.
        """
        _check_call(knobs, Knobs, out, force=force)
        return _deliver(self.apply_details(photo, look, **knobs), out, force=force)

    @at_work()
    def apply_details(self, photo: ImageSource, look: LookSource, **knobs: Unpack[Knobs]) -> Outcome:
        """Do as `apply` does, and give back everything about it: pixels, faces, what was done where, and the ways to save it."""
        plan, wanted = plan_from(knobs, Knobs), as_look(look)
        method = self._method_for(wanted)

        def paint(image: Image, face: Face) -> Image:
            return method.apply(image, face, wanted, plan.controls)

        opened, faces = self._find(photo)
        return _make_up(opened, faces, plan, paint, lambda chosen: (report_look(wanted, plan.controls), doubts_about(chosen)))

    @overload
    def transfer(self, photo: ImageSource, reference: Reference, *, out: str | Path, force: bool = False, **knobs: Unpack[TransferKnobs]) -> Path: ...
    @overload
    def transfer(self, photo: Same, reference: Reference, **knobs: Unpack[TransferKnobs]) -> Same: ...
    @overload
    def transfer(self, photo: str | Path, reference: Reference, **knobs: Unpack[TransferKnobs]) -> PillowImage.Image: ...
    def transfer(
        self, photo: ImageSource, reference: Reference, *, out: str | Path | None = None, force: bool = False, **knobs: Unpack[TransferKnobs]
    ) -> Any:
        """Put the makeup of the face in `reference` on the face in `photo`.

        Knobs, each described in `kohl.api.knobs.TransferKnobs`: those of `apply`, and `reference_for`, `texture`, `detail`.
        Everything else is as in `apply`.
        """
        _check_call(knobs, TransferKnobs, out, force=force)
        return _deliver(self.transfer_details(photo, reference, **knobs), out, force=force)

    @at_work()
    def transfer_details(self, photo: ImageSource, reference: Reference, **knobs: Unpack[TransferKnobs]) -> Outcome:
        """Do as `transfer` does, and give back everything about it."""
        self._require("transfers", "transfer makeup")
        plan = plan_from(knobs, TransferKnobs)
        if plan.controls.texture > 0:
            self._require("controls_texture", "copy skin texture")
        # The photo does not wait for its references: on two cores both are looked at in the time of one.
        readings = Promised(self._helpers.submit(self._read_references, reference, knobs.get("reference_for") or {}))

        def paint(image: Image, face: Face) -> Image:
            return self._method.transfer(image, face, readings, plan.controls)

        def report(chosen: tuple[Face, ...]) -> Report:
            return report_readings(readings, plan.controls), doubts_about(chosen, readings.values())

        opened, faces = self._find(photo)
        return _make_up(opened, faces, plan, paint, report)

    def read(self, photo: ImageSource, *, face: int = 0, as_shown: bool = False) -> Look:
        """Say which makeup a face in `photo` wears, as a look that can be edited, saved and put on others.

        `face` counts from the largest, which is 0. `as_shown`: lips and lids not in the likeliest pigments, but in those that give what the photo
        shows on a face of that skin, to be put on others. Raises FaceError when there is no such face, InputError for the photo.
        """
        reading = self.read_details(photo, face=face)
        return reading.as_shown if as_shown else reading.look

    @at_work()
    def read_details(self, photo: ImageSource, *, face: int = 0) -> Reading:
        """Do as `read` does, and give back everything about it: how sure each product is, and the film that a transfer carries over."""
        self._require("reads", "read makeup")
        refuse_look(photo)
        if not isinstance(face, Integral):
            raise UsageError(f"face must be a whole number, counted from the largest, which is 0; got {face!r}")
        image, faces = self._look_closely(open_image(photo).pixels, face)
        if not 0 <= face < len(faces):
            raise UsageError(f"face must be from 0 to {len(faces) - 1} in a picture with {len(faces)} faces, got {face}")
        return self._method.read(image, faces[face])

    @at_work()
    def analyze(self, photo: ImageSource) -> tuple[Face, ...]:
        """Find the faces in `photo`, largest first: box, mesh, pose, masks. Raises FaceError for none, InputError for the photo."""
        return self._analyzer.analyze(open_image(photo).pixels)

    def _look_closely(self, image: Image, face: int) -> tuple[Image, tuple[Face, ...]]:
        """The picture and its faces, both smaller where the wanted face stays large enough to be read."""
        scale = _READING_SIDE / max(image.shape[:2])
        if scale < 1:
            small = resize(image, (max(1, round(image.shape[0] * scale)), max(1, round(image.shape[1] * scale))))
            with contextlib.suppress(FaceError):
                faces = self._analyzer.analyze(small)
                if 0 <= face < len(faces) and faces[face].box[2] - faces[face].box[0] >= _READABLE:
                    return small, faces
        return image, self._analyzer.analyze(image)

    def _find(self, photo: ImageSource) -> tuple[OpenedImage, tuple[Face, ...]]:
        opened = open_image(photo)
        return opened, self._analyzer.analyze(opened.pixels)

    def _read_references(self, reference: Reference, others: Mapping[str, Reference]) -> dict[Region, Reading]:
        """Read every reference once; regions without one of their own take the main one."""
        main = self._as_reading(reference)
        return dict.fromkeys(Region, main) | {Region.parse(name): self._as_reading(other) for name, other in others.items()}

    def _as_reading(self, reference: Reference) -> Reading:
        return reference if isinstance(reference, Reading) else self.read_details(reference)

    def _method_for(self, look: Worn) -> MakeupMethod:
        """The studio's own method where it can put `look` on; a learned look brings the method that wears learned ones."""
        if isinstance(look, Look):
            self._require("applies_looks", "put on looks that are data")
            return self._method
        return self._method if self._method.capabilities.applies_learned else registry.create(LEARNED)

    def _require(self, capability: str, purpose: str) -> None:
        if not getattr(self._method.capabilities, capability):
            able = [name for name in registry.names() if getattr(registry.create(name).capabilities, capability)]
            raise UsageError(f"the method {self._method.name!r} cannot {purpose}; use another one: {', '.join(able)}")


def _make_up(
    opened: OpenedImage,
    faces: tuple[Face, ...],
    plan: Plan,
    paint: Callable[[Image, Face], Image],
    report: Callable[[tuple[Face, ...]], Report],
) -> Outcome:
    chosen, pixels = _choose(faces, plan.faces), opened.pixels
    if not plan.controls.is_nothing:
        for face in chosen:
            pixels = paint(pixels, face)
    return Outcome(opened, pixels, chosen, *report(chosen))


def _choose(faces: tuple[Face, ...], choice: FaceChoice) -> tuple[Face, ...]:
    if choice == "all":
        return faces
    return faces[: 1 if choice == "largest" else choice]


def _check_call(knobs: Knobs | TransferKnobs, kind: type, out: str | Path | None, *, force: bool) -> None:
    """Refuse before any work what `apply` and `transfer` cannot mean."""
    check_names(knobs, kind, saves=True)
    if force and out is None:
        raise UsageError("expected out=PATH beside force=True, got no out; name the file that may be replaced, or leave force out")


def _deliver(outcome: Outcome, out: str | Path | None, *, force: bool) -> bytes | PillowImage.Image | AnyArray | Path:
    return outcome.picture() if out is None else outcome.save(out, force=force).path
