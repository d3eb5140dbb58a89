"""The shape of the amplifier's network, and the scale of what it learns."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from kohl.core.errors import UsageError

REGIONS = ("face", "lips", "eyes", "brows")
"""The regions that confine styles, as in the paper."""


@dataclass(frozen=True, slots=True)
class AmplifierSpec:
    """All that is needed to build a `ResidualDenoiser`."""

    widths: tuple[int, ...] = (40, 64, 96)
    """Channels on the Haar grid (a quarter of the crop), its half and its quarter."""
    condition_width: int = 96
    """Width of the noise level's vector."""
    token_width: int = 96
    tokens_per_region: int = 8
    """Style tokens a region, content tokens likewise: 32 of each in all, as in the paper."""
    sigma_data: float = 0.04
    """Root mean square of what the chart's style leaves unexplained, on the face, in Haar space."""

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> AmplifierSpec:
        """Read what `as_dict` gave. Raises UsageError for a field that does not exist."""
        plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        try:
            return cls(**plain)
        except TypeError as error:
            raise UsageError(f"expected the fields of an amplifier's spec, got {sorted(values)}: {error}") from error

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for metadata."""
        return asdict(self)


PRIOR = AmplifierSpec()
"""The shipped prior."""
TINY = replace(PRIOR, widths=(8, 8, 8), condition_width=8, token_width=8, tokens_per_region=2)
"""For tests."""
