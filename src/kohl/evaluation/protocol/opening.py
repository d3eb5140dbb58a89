"""Opens the pictures of a case once, the same way for every contestant."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType

import cv2
import numpy as np

from kohl.color.skin import ita_bin, ita_from_lab
from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.core.images import open_image
from kohl.evaluation.case import Case, Portrait
from kohl.evaluation.metrics.region_colors import region_colors
from kohl.evaluation.protocol.evaluation_set import EvaluationSet, ListedCase
from kohl.evaluation.protocol.picture import Picture, yaw_class
from kohl.faces.analyzer import Analyzer, describe_face
from kohl.faces.face import Face

_KEPT = 8
"""Portraits that stay open: about 25 MB each at 1024 px."""


class Opener:
    """Turns the cases of one set into pictures and faces, and keeps the last ones, because neighbours in a list share them."""

    def __init__(self, evaluated: EvaluationSet, analyzer: Analyzer) -> None:
        self._set = evaluated
        self._analyzer = analyzer
        self._kept: OrderedDict[str, Portrait] = OrderedDict()

    def open(self, case: ListedCase) -> Case:
        """Return the case with its pictures; the largest face of each is the one that counts.

        Raises InputError for a picture that cannot be read, FaceError for one without a usable face, and UsageError for a truth
        that has not the source's size.
        """
        source, reference = self.portrait(case.source), self.portrait(case.reference)
        truth = None if case.truth is None else self._pixels(case.truth)
        if truth is not None and truth.shape != source.image.shape:
            raise UsageError(
                f"expected a truth of the source's size {source.image.shape[:2]}, got {truth.shape[:2]} ({case.truth}); align the pair first"
            )
        return Case(case.name, source, reference, case.seed, truth)

    def portrait(self, picture: Picture) -> Portrait:
        """Return one picture of the set, analysed. Raises InputError or FaceError."""
        if picture.file not in self._kept:
            image = self._pixels(picture.file)
            face = describe_face(image, self._analyzer.find(image)[0])
            self._kept[picture.file] = Portrait(picture.file, image, face, MappingProxyType(_slices(picture, image, face)))
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(picture.file)
        return self._kept[picture.file]

    def _pixels(self, file: str) -> Image:
        pixels = open_image(self._set.folder / file).pixels[..., :3]
        scale = self._set.side / max(pixels.shape[:2])
        if scale < 1:
            pixels = np.clip(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), 0, 1)
        return _read_only(np.ascontiguousarray(pixels, np.float32))


def _read_only(image: Image) -> Image:
    """A contestant that paints on what it was given would spoil it for the next one; so it gets an error instead."""
    image.setflags(write=False)
    return image


def _slices(picture: Picture, image: Image, face: Face) -> dict[str, str]:
    """What the manifest states; tone and yaw are measured where it is silent."""
    measured = {"yaw": yaw_class(face.pose.yaw)}
    if not picture.ita:
        skin = region_colors(image, face).skin
        measured |= {"ita": str(ita_bin(float(ita_from_lab(skin))))} if np.isfinite(skin).all() else {}
    return measured | picture.slices
