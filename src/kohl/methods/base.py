"""What every way of making up a face has in common: its protocol, what it can do, and the knobs of one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

from kohl.core.checks import check_unit
from kohl.core.errors import UsageError
from kohl.core.region import Region

if TYPE_CHECKING:
    from kohl.core.arrays import Image
    from kohl.faces.face import Face
    from kohl.looks.look import Look
    from kohl.methods.tinybeauty.worn import ResidualLook
    from kohl.reading.reading import Reading

Worn: TypeAlias = "Look | ResidualLook"
"""What can be put on: a look that is data, or one that a network learned."""

Detail = Literal["film", "layers"]
"""What a transfer carries over: the reference's film point by point, or only what a look can say."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a method can do. `api` asks before it calls, so that a method never has to refuse half-way."""

    applies_looks: bool
    """Whether it puts on looks that are data."""
    transfers: bool
    reads: bool
    regions: frozenset[Region] = frozenset(Region)
    """The regions whose strength it can set one by one."""
    controls_texture: bool = False
    """Whether it can copy the reference's skin texture."""
    applies_learned: bool = False
    """Whether it puts on looks that a network learned."""


@dataclass(frozen=True, slots=True)
class Controls:
    """The knobs of one call, already resolved: nothing in here is optional to obey.

    Raises UsageError when a strength or `texture` is outside [0, 1], or `detail` is neither "film" nor "layers".
    """

    strengths: Mapping[Region, float] = field(default_factory=lambda: MappingProxyType({}))
    """Per region, 0 (as it is) to 1 (as described); a region that is missing stands at 1."""
    texture: float = 0.0
    """0 keeps the person's own skin texture, 1 copies the reference's."""
    detail: Detail = "film"
    seed: int = 0
    """Everything random (glitter, lashes) comes from this number."""

    def __post_init__(self) -> None:
        for region, value in self.strengths.items():
            check_unit(value, name=f"strength of {region}")
        check_unit(self.texture, name="texture")
        if self.detail not in ("film", "layers"):
            raise UsageError(f"detail must be 'film' or 'layers', got {self.detail!r}")

    def strength_of(self, region: Region) -> float:
        """How strongly `region` is painted, 0 to 1."""
        return self.strengths.get(region, 1.0)

    def look_of(self, reading: Reading) -> Look:
        """The look of a reading as a transfer paints it: by layers in the colours that its photo shows; the film carries them itself."""
        return reading.as_shown if self.detail == "layers" else reading.look

    @property
    def is_nothing(self) -> bool:
        """Whether every region stands at 0, so that the picture must come back bit for bit."""
        return all(self.strength_of(region) == 0.0 for region in Region)


@runtime_checkable
class MakeupMethod(Protocol):
    """One way to make up a face. Stateless between calls, and safe to call from several threads.

    `image` is always the whole picture, (H, W, 3) float32 RGB, sRGB-encoded, [0, 1]; it is never changed in place. What
    comes back has the same shape and range, and equals the input bit for bit wherever the method put no makeup.
    """

    name: str
    """The method's name in the registry, such as "procedural"."""
    capabilities: Capabilities

    def apply(self, image: Image, face: Face, look: Worn, controls: Controls) -> Image:
        """Paint `look` on `face`. Raises UsageError for a kind of look that `capabilities` does not name."""
        ...

    def transfer(self, image: Image, face: Face, references: Mapping[Region, Reading], controls: Controls) -> Image:
        """Paint on `face` what was read from the references, each region from its own. A missing region stays as it is."""
        ...

    def read(self, image: Image, face: Face) -> Reading:
        """Say which makeup `face` wears."""
        ...
