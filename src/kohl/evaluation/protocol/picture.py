"""One picture of a test set: its file, its role, where it comes from, and the groups that tables are split by."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, field_validator

from kohl.color.skin import SkinTone, ita_bin
from kohl.evaluation.metrics.places import REGION_NAMES

Role: TypeAlias = Literal["source", "reference", "both"]
FRONTAL, TURNED = 15.0, 30.0
"""Degrees of yaw: up to the first a face is frontal, up to the second turned, then far turned."""


NOTHING = "nothing"
"""Stated for a picture whose face wears no makeup at all."""


class Picture(BaseModel):
    """A line of a manifest. Everything but `file` and `licence` may be left out; what is empty makes no slice."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    file: str
    """Relative to the set's folder, with forward slashes; never outside it."""
    role: Role = "both"
    """Whether makeup is put on it, taken from it, or both."""
    licence: str
    """An SPDX name, or "own" for pictures of one's own."""
    consent: str = ""
    """Who agreed to what, or "synthetic"."""
    origin: str = ""
    """Where it was taken from."""
    person: str = ""
    """Pictures of one person are never paired with each other; empty: somebody else on every picture."""
    ita: str = ""
    """Skin tone: degrees of ITA, or one of the six classes of `kohl.color.skin`. Empty: measured when the picture is opened."""
    yaw: float | None = None
    """Degrees, positive when the face turns to its own left."""
    age: str = ""
    """Age group, only where it is stated."""
    kind: Literal["real", "synthetic", ""] = ""
    glasses: str = ""
    beard: str = ""
    light: str = ""
    wears: str = ""
    """Which regions visibly wear makeup: words out of lips, lids, cheeks and brows with spaces between them, or "nothing". Empty: not stated."""

    @field_validator("file")
    @classmethod
    def _inside(cls, file: str) -> str:
        path = PurePosixPath(file)
        if not file or path.is_absolute() or ".." in path.parts or "\\" in file:
            raise ValueError("must be a path inside the set's folder, with forward slashes")
        return str(path)

    @field_validator("licence")
    @classmethod
    def _stated(cls, licence: str) -> str:
        if not licence:
            raise ValueError("must be stated: an SPDX name, or own for pictures of your own")
        return licence

    @field_validator("ita", mode="before")
    @classmethod
    def _as_class(cls, ita: object) -> str:
        text = str(ita).strip()
        if not text or text in set(SkinTone):
            return text
        try:
            return str(ita_bin(float(text)))
        except ValueError:
            raise ValueError(f"must be degrees or one of {', '.join(SkinTone)}") from None

    @field_validator("yaw", mode="before")
    @classmethod
    def _number_or_none(cls, yaw: object) -> object:
        return None if yaw == "" else yaw

    @field_validator("wears")
    @classmethod
    def _known_regions(cls, wears: str) -> str:
        words = wears.split()
        known = tuple(REGION_NAMES.values())
        if words == [NOTHING]:
            return NOTHING
        if unknown := [word for word in words if word not in known]:
            raise ValueError(f"must be some of {', '.join(known)}, spaces between them, or {NOTHING}; got {', '.join(unknown)}")
        return " ".join(name for name in known if name in words)

    @property
    def worn(self) -> tuple[str, ...]:
        """The regions that are stated to wear makeup; none where nothing is stated."""
        return tuple(word for word in self.wears.split() if word != NOTHING)

    @property
    def slices(self) -> dict[str, str]:
        """Name of a group → what this picture is in it; groups that are not stated are missing."""
        named = {"ita": self.ita, "age": self.age, "kind": self.kind, "glasses": self.glasses, "beard": self.beard, "light": self.light}
        stated = {name: value for name, value in named.items() if value}
        return stated if self.yaw is None else stated | {"yaw": yaw_class(self.yaw)}


def yaw_class(yaw: float) -> str:
    """Name the class of a yaw in degrees: frontal, turned or far turned."""
    size = abs(yaw)
    return "frontal" if size <= FRONTAL else "turned" if size <= TURNED else "far turned"
