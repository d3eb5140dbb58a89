"""Do nothing: the floor of every fidelity metric, and the ceiling of every keeping one."""

from __future__ import annotations

from kohl.core.arrays import Image
from kohl.evaluation.case import Case


class Nothing:
    """Gives the source back, bit for bit."""

    name = "nothing"

    def transfer(self, case: Case) -> Image:
        """The source itself, copied."""
        return case.source.image.copy()
