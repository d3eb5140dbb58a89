"""Makeup on moving pictures: decoding and encoding, faces followed from frame to frame, and one painter for all kinds of look.

>>> from kohl import video
>>> video.apply("in.mp4", "classic-red-lip", out="out.mp4")       # doctest: +SKIP
>>> video.transfer("in.mp4", "reference.jpg", out="out.mp4")      # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kohl.video.encoders import Encoding
    from kohl.video.render import Production, Summary, apply, make_up, transfer

# `kohl verify` looks for marks in here, and needs no network for that.
_HOMES = {
    "Encoding": "kohl.video.encoders",
    "Production": "kohl.video.render",
    "Summary": "kohl.video.render",
    "apply": "kohl.video.render",
    "make_up": "kohl.video.render",
    "transfer": "kohl.video.render",
}

__all__ = ["Encoding", "Production", "Summary", "apply", "make_up", "transfer"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'kohl.video' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
