"""Learned looks put together: averaged, or joined region by region. What comes out is worn like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import FloatArray, Image
from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.methods.tinybeauty.card import LearnedLookCard
from kohl.methods.tinybeauty.worn import CropRegions, ResidualLook


@dataclass(frozen=True, slots=True)
class AveragedLook:
    """The weighted mean of several looks' residuals. Made by `average`."""

    looks: tuple[ResidualLook, ...]
    weights: tuple[float, ...]
    """They add up to 1."""

    @property
    def card(self) -> LearnedLookCard:
        """The papers of all of them."""
        name = " + ".join(f"{weight:.3g} {look.card.name}" for weight, look in zip(self.weights, self.looks, strict=True))
        return _merged([look.card for look in self.looks], name, _regions(look.card.regions for look in self.looks))

    @property
    def sha256(self) -> str:
        """A checksum of the looks and their weights."""
        return _digest(f"{weight!r}*{look.sha256}" for weight, look in zip(self.weights, self.looks, strict=True))

    def residual(self, crop: Image, regions: CropRegions | None = None) -> FloatArray:
        """The mean of what they add to `crop`; see `ResidualLook.residual`."""
        parts = [np.float32(weight) * look.residual(crop, regions) for weight, look in zip(self.weights, self.looks, strict=True)]
        return np.asarray(sum(parts[1:], parts[0]), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class JoinedLook:
    """Each region from a look of its own; a region without one stays bare. Made by `join`."""

    parts: Mapping[Region, ResidualLook]

    @property
    def card(self) -> LearnedLookCard:
        """The papers of all of them."""
        name = ", ".join(f"{region} of {look.card.name}" for region, look in self.parts.items())
        made_up = [region for region, look in self.parts.items() if region in look.card.regions]
        return _merged([look.card for look in self.parts.values()], name, _regions([made_up]))

    @property
    def sha256(self) -> str:
        """A checksum of the looks and the regions they are for."""
        return _digest(f"{region}={look.sha256}" for region, look in sorted(self.parts.items()))

    def residual(self, crop: Image, regions: CropRegions | None = None) -> FloatArray:
        """What they add to `crop`, each in its regions; see `ResidualLook.residual`."""
        from kohl.methods.tinybeauty.regions import usual_regions  # noqa: PLC0415  brings OpenCV, which a card needs not

        places = usual_regions() if regions is None else regions
        total = np.zeros_like(crop)
        for look in _unique(self.parts.values()):  # a look that is worn in two regions is asked once
            own = [places[region] for region, part in self.parts.items() if part is look]
            total += look.residual(crop, regions) * sum(own[1:], own[0])[..., None]
        return total


def average(looks: Sequence[ResidualLook], weights: Sequence[float] | None = None) -> AveragedLook:
    """Average several looks: the look between them. `weights` count relative to each other; without them all count the same.

    Raises UsageError for no looks, and for weights that are negative, all 0 or not as many as the looks.
    """
    numbers = [1.0] * len(looks) if weights is None else [float(weight) for weight in weights]
    if not looks or len(looks) != len(numbers):
        raise UsageError(f"expected at least one look and as many weights as looks, got {len(looks)} looks and {len(numbers)} weights")
    if not all(np.isfinite(number) and number >= 0 for number in numbers) or sum(numbers) <= 0:
        raise UsageError(f"weights must be numbers from 0 up, not all of them 0, got {numbers}")
    return AveragedLook(tuple(looks), tuple(number / sum(numbers) for number in numbers))


def join(parts: Mapping[Region, ResidualLook]) -> JoinedLook:
    """Join looks by region, such as {Region.EYES: a, Region.LIPS: b}. A region that is not named stays bare. Raises UsageError for none."""
    if not parts:
        raise UsageError("expected at least one region with its look, such as {Region.EYES: look}, got none")
    return JoinedLook({region: parts[region] for region in Region if region in parts})


def _merged(cards: Sequence[LearnedLookCard], name: str, regions: tuple[Region, ...]) -> LearnedLookCard:
    """One card for several looks. Nothing was measured of their sum, so it claims no metrics."""
    return LearnedLookCard(
        name=name,
        description="put together from " + ", ".join(_each(cards, lambda card: card.name)),
        regions=regions,
        licence=" AND ".join(_each(cards, lambda card: card.licence)),
        training_data="; ".join(_each(cards, lambda card: card.training_data)),
        metrics={},
        spec={},
        parameters=sum(card.parameters for card in cards),
        macs=sum(card.macs for card in cards),
        created_with=", ".join(_each(cards, lambda card: card.created_with)),
        limits="; ".join(_each(cards, lambda card: card.limits)),
    )


def _each(cards: Iterable[LearnedLookCard], take: Callable[[LearnedLookCard], str]) -> list[str]:
    """What the cards say of one thing, each wording once."""
    return list(dict.fromkeys(text for card in cards if (text := take(card))))


def _regions(sets: Iterable[Iterable[Region]]) -> tuple[Region, ...]:
    found = {region for one in sets for region in one}
    return tuple(region for region in Region if region in found)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _unique(looks: Iterable[ResidualLook]) -> list[ResidualLook]:
    unique: list[ResidualLook] = []
    for look in looks:
        if not any(look is other for other in unique):
            unique.append(look)
    return unique
