"""A learned look's papers, which travel inside its `.onnx`: what it is, what it was trained on, how good it is, where it fails."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from kohl.core.errors import ModelFormatError
from kohl.core.region import Region

CARD_KEY = "kohl.card"
"""The key of the card in the model's `metadata_props`."""
CARD_VERSION = 1

Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]


class LearnedLookCard(BaseModel):
    """What must be known about a learned look before it is worn."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    format: Literal["kohl.learned-look"] = "kohl.learned-look"
    version: Literal[1] = 1
    name: Text
    description: str
    """One sentence, for a person who chooses."""
    regions: tuple[Region, ...]
    """The regions that it makes up."""
    licence: Text
    training_data: Text
    """What it learned from, and with whose consent."""
    metrics: dict[str, FiniteFloat]
    """What was measured, such as {"psnr": 36.2}."""
    spec: dict[str, Any]
    """The network's own description, from which it can be built again; only training reads it."""
    parameters: Count
    macs: Count
    """Multiplications of one 256×256 crop."""
    created_with: Text
    """Such as "kohl 0.1.0"."""
    limits: str
    """Where it is known to fail."""

    def to_json(self, *, indent: int | None = None) -> str:
        """The card as JSON text, as it stands in the model's metadata."""
        return self.model_dump_json(indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes, *, source: str = "the card") -> LearnedLookCard:
        """Read a card. `source` names it in messages.

        Raises ModelFormatError with every fault: no JSON, a field that is missing, wrong or unknown, a version of a newer kohl.
        """
        _check_version(text, source)
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            faults = [_fault(fault["loc"], fault["msg"]) for fault in error.errors(include_url=False)]
            raise ModelFormatError(source, f"its card is not one: {'; '.join(faults)}") from error


def _check_version(text: str | bytes, source: str) -> None:
    """A newer card may differ in anything, so its version is looked at before its fields."""
    try:
        version = json.loads(text).get("version")
    except (ValueError, AttributeError, RecursionError):
        return  # the model says what is wrong with it
    if isinstance(version, int) and version > CARD_VERSION:
        raise ModelFormatError(source, f"its card has version {version}, this kohl reads up to {CARD_VERSION}: update kohl")


def _fault(place: tuple[str | int, ...], message: str) -> str:
    return f"{'.'.join(map(str, place)) or 'the whole'}: {message[:1].lower()}{message[1:]}"
