"""The one thing that every contestant can do."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from kohl.core.arrays import Image
from kohl.evaluation.case import Case


@runtime_checkable
class Contestant(Protocol):
    """A way of making up a face, as the evaluation sees it. Stateless between cases, and safe to use in several processes."""

    name: str
    """How tables call it."""

    def transfer(self, case: Case) -> Image:
        """Put the makeup of `case.reference` on `case.source`: (H, W, 3) float32 sRGB in [0, 1], of the source's size.

        What it raises, or gives back in another size or not finite, is counted as a failure of this case and shown.
        """
        ...
