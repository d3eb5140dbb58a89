"""The answer itself: what every fidelity metric says of the makeup that is really wanted."""

from __future__ import annotations

from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.evaluation.case import Case


class Truth:
    """Gives back the picture that the set holds for the answer. Who is nearer to the reference than this repeats what is not makeup."""

    name = "truth"

    def transfer(self, case: Case) -> Image:
        """The case's truth, copied. Raises UsageError where the set has none."""
        if case.truth is None:
            raise UsageError(f"expected a picture of the answer for {case.name!r}, and the set has none; name it in the column truth of its pairs")
        return case.truth.copy()
