"""Questions that one result cannot answer: a contestant or a method is asked again, and its answers are compared.

They cost a second run each, so they are no part of the default catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kohl.core.arrays import Image
from kohl.core.region import Region
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.base import Contestant
from kohl.evaluation.metrics.leakage import Leakage, region_leakage
from kohl.evaluation.metrics.places import reach_of
from kohl.evaluation.metrics.strength import StrengthResponse, strength_response
from kohl.evaluation.metrics.symmetry import swap_error
from kohl.evaluation.mirroring import mirrored_case
from kohl.methods.base import Controls, MakeupMethod

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)


def probe_symmetry(contestant: Contestant, case: Case) -> float:
    """`swap_error` of a contestant: mean CIEDE2000 between its result and what it makes of the mirrored case, turned back."""
    return swap_error(contestant.transfer(case), contestant.transfer(mirrored_case(case)))


def probe_strength(method: MakeupMethod, case: Case, strengths: Sequence[float] = STRENGTHS) -> StrengthResponse:
    """`strength_response` of a method: all regions at one strength, each of `strengths` in turn."""
    results = [_transferred(method, case, dict.fromkeys(Region, strength)) for strength in strengths]
    return strength_response(case.source.image, results, strengths)


def probe_leakage(method: MakeupMethod, case: Case, region: Region) -> Leakage:
    """`region_leakage` of a method that is asked for one region alone: what changes beyond that region's reach."""
    result = _transferred(method, case, {other: float(other is region) for other in Region})
    return region_leakage(case.source.image, result, reach_of(case.source.face, region))


def _transferred(method: MakeupMethod, case: Case, strengths: Mapping[Region, float]) -> Image:
    reading = method.read(case.reference.image, case.reference.face)
    return method.transfer(case.source.image, case.source.face, dict.fromkeys(Region, reading), Controls(strengths=strengths, seed=case.seed))
