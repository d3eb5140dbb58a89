"""Makeup on moving pictures: decoding and encoding, faces followed from frame to frame, and one painter for all kinds of look.

>>> from kohl import video
>>> video.apply("in.mp4", "classic-red-lip", out="out.mp4")       # doctest: +SKIP
>>> video.transfer("in.mp4", "reference.jpg", out="out.mp4")      # doctest: +SKIP
"""

from __future__ import annotations

from kohl.video.encoders import Encoding
from kohl.video.render import Production, Summary, apply, make_up, transfer

__all__ = ["Encoding", "Production", "Summary", "apply", "make_up", "transfer"]
