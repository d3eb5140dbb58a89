"""What was done to a face, region by region, in words and in data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kohl.core.region import Region
from kohl.looks.describe import describe
from kohl.looks.look import Look
from kohl.methods.base import Controls, Worn

if TYPE_CHECKING:
    from kohl.faces.face import Face
    from kohl.reading.reading import Reading


_SHOWS = 0.02
"""How surely a region must wear makeup for it to be told: below that nothing of it shows."""


_WHAT_HELPS = "a photo that is larger, sharper or more from the front helps"


@dataclass(frozen=True, slots=True)
class RegionReport:
    """What was done to one region."""

    region: Region
    strength: float
    """0 to 1, after `only`, `without` and `strength`."""
    products: tuple[str, ...]
    """What lies on it, bottom to top, in words."""

    def __str__(self) -> str:
        if not self.products:
            return f"{self.region}: nothing to put on"
        if self.strength == 0.0:
            return f"{self.region}: left as it is"
        return f"{self.region}: {'; '.join(self.products)}" + ("" if self.strength == 1.0 else f" (at strength {self.strength:g})")


def report_look(look: Worn, controls: Controls) -> tuple[RegionReport, ...]:
    """Say what `look` does to every region. Of a learned look only its card can tell."""
    if isinstance(look, Look):
        return tuple(_report(region, look, controls) for region in Region)
    told = (f"what the learned look {look.card.name!r} puts there",)
    return tuple(RegionReport(region, controls.strength_of(region), told if region in look.card.regions else ()) for region in Region)


def report_readings(references: Mapping[Region, Reading], controls: Controls) -> tuple[RegionReport, ...]:
    """Say what is taken from each region's reference."""
    return tuple(
        _report_reading(region, references[region], controls) if region in references else RegionReport(region, controls.strength_of(region), ())
        for region in Region
    )


def why_nothing(reports: Iterable[RegionReport], worn: str) -> str | None:
    """Say why `reports` put nothing on, `worn` being "the look" or "the reference"; None where they put something on."""
    made_up = [report for report in reports if report.products]
    if any(report.strength > 0.0 for report in made_up):
        return None
    if not made_up:
        return f"nothing to put on, all stays as it is: no makeup was found in {worn}"
    return f"nothing to put on, all stays as it is: {worn} has makeup on {', '.join(report.region for report in made_up)} alone, which is left out"


def doubts_about(faces: Sequence[Face], references: Iterable[Reading] = ()) -> tuple[str, ...]:
    """Say of which of `faces` and `references` it is not certain where they lie; nothing where all is well."""
    unsure = sum(not face.is_sure for face in faces)
    told = {"the face" if len(faces) == 1 else f"{unsure} of {len(faces)} faces": "makeup may lie in the wrong place"} if unsure else {}
    if any(not reading.is_sure for reading in references):
        told["the reference's face"] = "what is read may not be what it wears"
    return tuple(f"{whose} could not be found surely: two looks do not agree, so {what}; {_WHAT_HELPS}" for whose, what in told.items())


def _report_reading(region: Region, reading: Reading, controls: Controls) -> RegionReport:
    """Products by name, above the colour of none, which a transfer carries over too unless it was asked for layers alone."""
    report = _report(region, controls.look_of(reading), controls, reading.confidence)
    share = reading.unnamed(region) if controls.detail == "film" else 0.0
    if share < _SHOWS:
        return report
    return replace(report, products=(f"a colour of no product that reading can name ({share:.0%} sure that it is makeup)", *report.products))


def _report(region: Region, look: Look, controls: Controls, confidence: Mapping[str, float] | None = None) -> RegionReport:
    layers = [layer for layer in look.layers if layer.region == region]
    products = [describe(layer) + _surety(layer.product, confidence) for layer in layers]
    return RegionReport(region, controls.strength_of(region), tuple(products))


def _surety(product: str, confidence: Mapping[str, float] | None) -> str:
    return f" ({confidence[product]:.0%} sure)" if confidence and product in confidence else ""
