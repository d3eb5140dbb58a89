"""One frame after the other made up, with nothing running beside it: for measuring, and for whoever has frames but no file."""

from __future__ import annotations

from kohl.video.painter import Painter, paint_face
from kohl.video.steadying import Steadier
from kohl.video.tracking import Tracker
from kohl.video.yuv import Picture


class Dresser:
    """Makes up the frames of one video; call `dress` once a frame, in order. The pipeline does the same in several threads."""

    def __init__(self, painter: Painter, tracker: Tracker | None = None, steadier: Steadier | None = None) -> None:
        """Take the painter, and trackers and steadiers other than the usual ones."""
        self._painter = painter
        self._tracker = Tracker() if tracker is None else tracker
        self._steadier = Steadier() if steadier is None else steadier

    def dress(self, picture: Picture, seconds: float) -> int:
        """Make up the frame `picture` in place and return how many faces got makeup. `seconds`: the frame's time."""
        changes = [paint_face(self._painter, picture, face) for face in self._tracker.update(picture, seconds)]
        done = [change for change in changes if change is not None]
        self._steadier.put(picture, done, seconds)
        return len(done)
