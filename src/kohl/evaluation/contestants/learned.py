"""A learned look out of its file as a contestant: it has one look in it, so the reference plays no part."""

from __future__ import annotations

import hashlib
from importlib import import_module
from pathlib import Path
from typing import Any

from kohl.core.arrays import Image
from kohl.core.errors import MissingModelError
from kohl.evaluation.case import Case


class LearnedContestant:
    """The learned look in `path`, under its file's name; `version` is the beginning of the file's SHA-256.

    Raises MissingModelError when there is no such file, and what `LearnedLook.load` raises for one that is no learned look.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise MissingModelError(f"expected a learned look at {path}, and there is no such file; kohl learn makes one")
        self.name = path.stem
        self.version = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        # Loaded by name: knowing of learned looks must not cost onnxruntime where none is evaluated.
        self._paint: Any = import_module("kohl.methods.tinybeauty.painting").paint_learned
        self._look: Any = import_module("kohl.methods.tinybeauty.learned").LearnedLook.load(path)

    def transfer(self, case: Case) -> Image:
        """Put the look on `case.source`."""
        face = case.source.face
        painted: Image = self._paint(case.source.image, face.box, face.pose.roll, self._look)
        return painted
