"""Any of kohl's own methods as a contestant."""

from __future__ import annotations

from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.evaluation.case import Case
from kohl.methods import registry
from kohl.methods.base import Controls


class MethodContestant:
    """The method of `kohl.methods` called `method`: reads the reference, then transfers all regions at full strength.

    Raises UnknownNameError for a method that does not exist, UsageError for one that cannot transfer.
    """

    def __init__(self, method: str) -> None:
        self._method = registry.create(method)
        if not self._method.capabilities.transfers:
            raise UsageError(f"expected a method that transfers from a reference, got {method!r}, which does not; leave it out")
        self.name = method

    def transfer(self, case: Case) -> Image:
        """Read `case.reference` and put all of it on `case.source`, with the case's seed."""
        reading = self._method.read(case.reference.image, case.reference.face)
        readings = dict.fromkeys(Region, reading)
        return self._method.transfer(case.source.image, case.source.face, readings, Controls(seed=case.seed))
