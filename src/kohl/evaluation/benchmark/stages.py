"""One photo's way through the engine, every stage of it timed.

    decode → detect → mesh → masks → render → paste → encode, and for a transfer also read and transfer

`detect` is everything that finding faces does except the meshes: shrinking the picture, searching it, and at the first call loading the networks.
`masks` is all that turns a mesh into a face: pose, chart field, masks. `render` puts a look on; `read` reads the painted picture at its own size
(a studio shrinks references of more than 1280 pixels first) and `transfer` paints what was read. `paste` is the way back into the file's own
samples, `encode` the JPEG. With several faces a stage is the sum over them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import kohl.faces.mesh as mesh_module
from kohl.core.arrays import Image
from kohl.core.encoding import encode
from kohl.core.images import open_image
from kohl.core.merging import merge
from kohl.core.opened import OpenedImage
from kohl.core.region import Region
from kohl.evaluation.benchmark.timing import Laps, Repeats, Sample, repeat, summarise
from kohl.faces.analyzer import describe_face
from kohl.faces.face import Face
from kohl.faces.mesh import MediapipeMeshDetector, Mesh, MeshDetector
from kohl.looks.look import Look
from kohl.methods.base import Controls, MakeupMethod, Worn

STAGES = ("decode", "detect", "mesh", "masks", "render", "paste", "encode", "read", "transfer")
MESHING = ("_Networks", "find_mesh")
"""Where, in `kohl.faces.mesh`, the detector hands over to the mesh network."""


@dataclass(frozen=True)
class Walk:
    """What is needed to walk: the file's bytes, who finds faces and paints, and with what."""

    data: bytes
    detector: MeshDetector
    method: MakeupMethod
    look: Worn
    faces: int
    """How many of the faces found are painted, the largest first."""

    def once(self) -> dict[str, Sample]:
        """Take the whole way and return each stage's milliseconds. Stages that the method cannot do are missing."""
        laps, controls = Laps(), Controls()
        with laps.lap("decode"):
            opened = open_image(self.data)
        faces = [self._described(opened.pixels, mesh, laps) for mesh in self._found(opened.pixels, laps)]
        painted = opened.pixels
        if self._wears():
            with laps.lap("render"):
                for face in faces:
                    painted = self.method.apply(painted, face, self.look, controls)
        self._handed_back(opened, painted, laps)
        if self.method.capabilities.reads and self.method.capabilities.transfers:
            self._transferred(opened.pixels, painted, faces, laps)
        return laps.parts

    def _wears(self) -> bool:
        able = self.method.capabilities
        return able.applies_looks if isinstance(self.look, Look) else able.applies_learned

    def _found(self, pixels: Image, laps: Laps) -> list[Mesh]:
        with timed_meshes(laps):
            search = Laps()
            with search.lap("detect"):
                meshes = self.detector.detect(pixels)
        laps.parts["detect"] = search.parts["detect"] - laps.parts.setdefault("mesh", Sample(0.0, 0.0))
        meshes.sort(key=lambda mesh: -float(mesh.points[:, 0].max() - mesh.points[:, 0].min()))
        if len(meshes) < self.faces:
            raise ValueError(f"expected {self.faces} faces in the picture, found {len(meshes)}")
        return meshes[: self.faces]

    def _described(self, pixels: Image, mesh: Mesh, laps: Laps) -> Face:
        with laps.lap("masks"):
            return describe_face(pixels, mesh)

    def _handed_back(self, opened: OpenedImage, painted: Image, laps: Laps) -> None:
        with laps.lap("paste"):
            samples = merge(opened, painted)
        with laps.lap("encode"):
            encode(replace(opened.raw, samples=samples), "JPEG")

    def _transferred(self, pixels: Image, made_up: Image, faces: list[Face], laps: Laps) -> None:
        with laps.lap("read"):
            reading = self.method.read(made_up, faces[0])
        with laps.lap("transfer"):
            for face in faces:
                pixels = self.method.transfer(pixels, face, dict.fromkeys(Region, reading), Controls())


def time_stages(photo: Path, method: MakeupMethod, look: Worn, *, faces: int, repeats: Repeats) -> dict[str, dict[str, Any]]:
    """Walk cold, then warm, and return stage → {"cold_ms", "timing"}. Raises ValueError where fewer than `faces` are found."""
    walk = Walk(photo.read_bytes(), MediapipeMeshDetector(), method, look, faces)
    cold = walk.once()
    samples: list[dict[str, Sample]] = []

    def again() -> None:
        gc.collect()
        samples.append(walk.once())

    repeat(again, repeats)
    warm = samples[repeats.warm_up :]
    return {name: {"cold_ms": cold[name].wall, "timing": vars(summarise([parts[name] for parts in warm]))} for name in STAGES if name in cold}


@contextmanager
def timed_meshes(laps: Laps) -> Iterator[None]:
    """Count the time inside the mesh network, wherever finding faces calls it, as the part "mesh"."""
    owner = getattr(mesh_module, MESHING[0])
    original = getattr(owner, MESHING[1])

    def timed(*arguments: Any, **named: Any) -> Any:
        with laps.lap("mesh"):
            return original(*arguments, **named)

    setattr(owner, MESHING[1], timed)
    try:
        yield
    finally:
        setattr(owner, MESHING[1], original)
