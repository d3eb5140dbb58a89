"""Faces followed from frame to frame: where they are, how sure that is, and how much makeup they get right now.

A `Tracker` belongs to one video and holds all that is remembered. A face that is found again has its mesh smoothed (`one_euro`); one that is
lost keeps its last mesh and fades out; one that comes fades in; at a scene cut everything is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from kohl.api.knobs import FaceChoice
from kohl.core.arrays import Points3
from kohl.core.ramps import eased, share_between
from kohl.faces.analyzer import MAX_YAW, MIN_FACE
from kohl.faces.landmarks import eye_distance
from kohl.faces.mesh import Mesh
from kohl.faces.pose import estimate_pose
from kohl.video.cuts import CutFinder
from kohl.video.following import VideoFinder
from kohl.video.one_euro import OneEuro
from kohl.video.yuv import Box, Picture, square_box

FADE_SECONDS = 0.3
"""How long makeup takes to come or go."""
_FORGET_SECONDS = 1.0
"""After this long unseen, a face that comes back is a new one."""
_SETTLING = (1.0,) * 7 + (0.5,)
"""How far a mesh that a search found goes along with what following sees in the same frame, step by step, before it is shown. The last half step
is there because unsmoothed meshes swing around the place where they come to rest."""
_SEARCH_SECONDS = (0.1, 1.0)
"""How often the whole frame is searched: while a face is missing, and while all are there."""
_OVERLAP = 0.2
"""Of two boxes (intersection over union), from which on a face that was found is one that was lost."""
_MOST_FACES = 16
_TAKES_OVER = 1.5
"""How much larger (in area) a newcomer must be to take the place of a face that is being painted."""
_YAW_RANGE, _SIZE_RANGE, _INSIDE_RANGE = (MAX_YAW - 5, MAX_YAW + 5), (MIN_FACE - 8, MIN_FACE + 8), (0.5, 0.65)
"""Where makeup fades as a face turns away (degrees), gets small (pixels) or leaves the frame (share of the mesh inside)."""


class FaceFinder(Protocol):
    """What a tracker asks of the networks: `kohl.video.following.VideoFinder`, or a stand-in."""

    def detect(self, picture: Picture) -> list[Mesh]:
        """Return the faces in a frame, in its pixels."""
        ...

    def follow(self, picture: Picture, mesh: Mesh) -> Mesh | None:
        """Find the face of `mesh` (in pixels of the frame, about where it is by now) again, or None."""
        ...


@dataclass(frozen=True, eq=False)
class TrackedFace:
    """A face in one frame. `points` (478, 3) smoothed, in pixels; `weight` in (0, 1]: how much of its makeup shows now."""

    number: int
    """The same for the same face as long as it is followed."""
    points: Points3
    score: float
    weight: float


@dataclass
class _Track:
    number: int
    seen: Mesh
    """Where it was seen last, as the network found it."""
    filter: OneEuro
    presence: float
    """0 to 1, moves by a step a frame; the weight is an eased copy of it."""
    seen_at: float
    is_found: bool = True
    is_leaving: bool = False
    """Whether a larger face takes its place."""

    @property
    def points(self) -> Points3:
        """(478, 3), smoothed."""
        return self.seen.points if self.filter.value is None else self.filter.value


@cache
def shared_finder() -> FaceFinder:
    """The networks that find faces, one set for all videos: they remember nothing, and mediapipe never gives back their 50 MB."""
    return VideoFinder()


class Tracker:
    """Follows the faces of one video; call `update` once a frame, in order."""

    def __init__(self, finder: FaceFinder | None = None, *, faces: FaceChoice = "largest", fade: float = FADE_SECONDS) -> None:
        """Take what finds faces (mediapipe's networks when None), how many are wanted, and the seconds that a fade takes."""
        self._finder = shared_finder() if finder is None else finder
        self._limit = 1 if faces == "largest" else _MOST_FACES if faces == "all" else faces
        self._fade = fade
        self._tracks: list[_Track] = []
        self._cuts = CutFinder()
        self._time: float | None = None
        self._searched = -np.inf
        self._numbers = 0
        self.num_cuts = 0
        """Scene cuts so far."""
        self.num_losses = 0
        """How often a face was lost: it was there in one frame and not in the next of the same scene."""

    @property
    def num_faces(self) -> int:
        """Faces so far; one that comes back after a while, or after a cut, counts again."""
        return self._numbers

    def update(self, picture: Picture, seconds: float) -> tuple[TrackedFace, ...]:
        """Return the faces of the next frame that get makeup, those longest known first. `seconds`: the frame's time."""
        step = 0.0 if self._time is None else max(seconds - self._time, 0.0)
        is_start = self._time is None
        self._time = seconds
        self._cuts = self._cuts.look(picture)
        if self._cuts.is_cut:
            self.num_cuts += 1
            self._tracks, is_start = [], True
        for track in self._tracks:
            self._follow(track, picture, seconds)
        if self._should_search(seconds, is_start):
            self._search(picture, seconds, is_start)
        self._fade_all(picture, step, seconds)
        # Eased: one frame without a face hardly shows.
        return tuple(TrackedFace(track.number, track.points, track.seen.score, eased(track.presence)) for track in self._tracks if track.presence > 0)

    def _follow(self, track: _Track, picture: Picture, seconds: float) -> None:
        """Look for a face near where its mesh was *shown*: a square laid around the last raw mesh swings from frame to frame."""
        found = self._finder.follow(picture, Mesh(track.points, track.seen.score))
        if found is None:
            self.num_losses += track.is_found
            track.is_found = False
        else:
            self._see(track, found, seconds)

    def _see(self, track: _Track, mesh: Mesh, seconds: float) -> None:
        track.filter = track.filter.step(mesh.points, seconds - track.seen_at, unit=_unit_of(mesh.points))
        track.seen, track.seen_at, track.is_found = mesh, seconds, True

    def _should_search(self, seconds: float, is_start: bool) -> bool:
        complete = len(self._tracks) > 0 and all(track.is_found for track in self._tracks)
        return is_start or seconds - self._searched >= _SEARCH_SECONDS[complete]

    def _search(self, picture: Picture, seconds: float, is_start: bool) -> None:
        """Look at the whole frame: for faces that were lost, and for new ones."""
        self._searched = seconds
        for mesh in sorted(self._finder.detect(picture), key=lambda mesh: -_area(mesh.points)):
            nearest = max(self._tracks, key=lambda track: _overlap(track.seen.points, mesh.points), default=None)
            if nearest is None or _overlap(nearest.seen.points, mesh.points) < _OVERLAP:
                self._welcome(picture, mesh, seconds, is_start=is_start)
            elif not nearest.is_found:
                self._see(nearest, self._settle(picture, mesh), seconds)

    def _settle(self, picture: Picture, mesh: Mesh) -> Mesh:
        """What following would make of a mesh in time. A search sees the face in another cut, and makeup would creep from the one to the other."""
        for share in _SETTLING:
            again = self._finder.follow(picture, mesh)
            mesh = mesh if again is None else Mesh(mesh.points + np.float32(share) * (again.points - mesh.points), mesh.score)
        return mesh

    def _welcome(self, picture: Picture, mesh: Mesh, seconds: float, *, is_start: bool) -> None:
        """Follow a new face, if it is one of those that are wanted. Who is there from the start of a scene is made up from its start."""
        staying = [track for track in self._tracks if not track.is_leaving]
        if len(staying) >= self._limit:
            smallest = min(staying, key=lambda track: _area(track.seen.points))
            if _area(mesh.points) < _TAKES_OVER * _area(smallest.seen.points):
                return
            smallest.is_leaving = True
        mesh = self._settle(picture, mesh)
        presence = _usability(mesh.points, picture.size) if is_start else 0.0
        self._numbers += 1
        self._tracks.append(_Track(self._numbers, mesh, OneEuro().step(mesh.points, 0.0), presence, seconds))

    def _fade_all(self, picture: Picture, step: float, seconds: float) -> None:
        for track in self._tracks:
            target = _usability(track.seen.points, picture.size) if track.is_found and not track.is_leaving else 0.0
            track.presence += float(np.clip(target - track.presence, -step / self._fade, step / self._fade))
        self._tracks = [track for track in self._tracks if track.presence > 0 or (not track.is_leaving and seconds - track.seen_at < _FORGET_SECONDS)]


def box_around(points: Points3, sides: float, size: tuple[int, int]) -> Box:
    """A square (y0, y1, x0, x1) around a mesh, `sides` times the longer side of its box, cut to a picture of (h, w) `size`."""
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    return square_box((low + high) / 2, sides * float((high - low).max()) / 2, size)


def _unit_of(points: Points3) -> float:
    # In profile the eyes come together; a third of the face's height never does.
    return max(eye_distance(points), float(np.ptp(points[:, 1])) / 3)


def _usability(points: Points3, size: tuple[int, int]) -> float:
    """0 where makeup cannot be put on a face (turned away, too small, out of the frame), 1 where it can, and a ramp between."""
    extent = float(np.ptp(points[:, :2], axis=0).max())
    inside = float(((points[:, :2] >= 0) & (points[:, :2] < (size[1], size[0]))).all(1).mean())
    yaw = abs(estimate_pose(points).yaw)
    return min(1 - share_between(yaw, _YAW_RANGE), share_between(extent, _SIZE_RANGE), share_between(inside, _INSIDE_RANGE))


def _area(points: Points3) -> float:
    return float(np.prod(np.ptp(points[:, :2], axis=0)))


def _overlap(first: Points3, second: Points3) -> float:
    """Intersection over union of two meshes' boxes."""
    low = np.maximum(first[:, :2].min(0), second[:, :2].min(0))
    high = np.minimum(first[:, :2].max(0), second[:, :2].max(0))
    shared = float(np.prod(np.maximum(high - low, 0)))
    return shared / max(_area(first) + _area(second) - shared, 1e-6)
