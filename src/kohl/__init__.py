"""kohl puts makeup on a face in a photo: a look in words or as data, or the makeup of a reference photo.

>>> import kohl
>>> kohl.apply("me.jpg", "smoky plum eyes, matte red lips").save("out.png")   # doctest: +SKIP
>>> kohl.transfer("me.jpg", "reference.jpg", out="out.png")                   # doctest: +SKIP
>>> look = kohl.read("reference.jpg") * 0.6                                    # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kohl.api.shortcuts import analyze, apply, read, transfer
    from kohl.api.studio import Studio
    from kohl.core.errors import KohlError
    from kohl.core.region import Region
    from kohl.looks.look import Look
    from kohl.methods.tinybeauty.learned import LearnedLook
    from kohl.training.learning.shortcut import learn

    __version__: str

# What is heavy (networks, OpenCV) is imported when one of these names is first asked for.
_HOMES = {
    "KohlError": "kohl.core.errors",
    "LearnedLook": "kohl.methods.tinybeauty.learned",
    "Look": "kohl.looks.look",
    "Region": "kohl.core.region",
    "Studio": "kohl.api.studio",
    "analyze": "kohl.api.shortcuts",
    "apply": "kohl.api.shortcuts",
    "learn": "kohl.training.learning.shortcut",
    "read": "kohl.api.shortcuts",
    "transfer": "kohl.api.shortcuts",
}

__all__ = ["KohlError", "LearnedLook", "Look", "Region", "Studio", "__version__", "analyze", "apply", "learn", "read", "transfer"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  a third of the import's time

        return version("kohl")
    if name == "video":
        return import_module("kohl.video")
    if name not in _HOMES:
        raise AttributeError(f"module 'kohl' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
