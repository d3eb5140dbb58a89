"""What was done to a face, region by region, in words and in data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kohl.core.region import Region
from kohl.looks.layers import Eyeshadow, Layer, Pan
from kohl.methods.base import Controls

if TYPE_CHECKING:
    from kohl.looks.look import Look
    from kohl.reading.reading import Reading


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
            return f"{self.region}: nothing asked"
        if self.strength == 0.0:
            return f"{self.region}: left as it is"
        return f"{self.region}: {'; '.join(self.products)}" + ("" if self.strength == 1.0 else f" (at strength {self.strength:g})")


def report_look(look: Look, controls: Controls) -> tuple[RegionReport, ...]:
    """Say what `look` does to every region."""
    return tuple(_report(region, look, controls) for region in Region)


def report_readings(references: Mapping[Region, Reading], controls: Controls) -> tuple[RegionReport, ...]:
    """Say what is taken from each region's reference."""
    return tuple(
        _report(region, references[region].look, controls, references[region].confidence)
        if region in references
        else RegionReport(region, controls.strength_of(region), ())
        for region in Region
    )


def describe_layer(layer: Layer | Pan, name: str) -> str:
    """Say what a layer is in a few words: `lipstick #8c1c2f matte, coverage 0.7`."""
    words = [name, *(str(getattr(layer, field)) for field in ("pigment", "finish") if getattr(layer, field, None) is not None)]
    amounts = [f"{field} {value:.2g}" for field in ("coverage", "intensity") if (value := getattr(layer, field, 1.0)) != 1.0]
    return ", ".join([" ".join(words), *amounts])


def _report(region: Region, look: Look, controls: Controls, confidence: Mapping[str, float] | None = None) -> RegionReport:
    layers = [layer for layer in look.layers if layer.region == region]
    products = [text + _surety(layer.product, confidence) for layer in layers for text in _describe(layer)]
    return RegionReport(region, controls.strength_of(region), tuple(products))


def _describe(layer: Layer) -> Iterable[str]:
    name = str(getattr(layer, "product")).replace("_", " ")  # noqa: B009  every kind of layer has one; their common base says nothing of it
    if isinstance(layer, Eyeshadow):
        return (describe_layer(pan, f"{name} on the {pan.zone.replace('_', ' ')}") for pan in layer.pans)
    return (describe_layer(layer, name),)


def _surety(product: str, confidence: Mapping[str, float] | None) -> str:
    return f" ({confidence[product]:.0%} sure)" if confidence and product in confidence else ""
