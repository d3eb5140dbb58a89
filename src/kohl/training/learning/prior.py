"""The amplifier's prior, as shipped."""

from __future__ import annotations

from pathlib import Path

from kohl.core.errors import MissingModelError
from kohl.methods.amplifier.method import Amplifier

PRIOR = Path(__file__).parents[2] / "methods" / "amplifier" / "prior.safetensors"


def load_prior() -> Amplifier:
    """Load the shipped prior. Raises MissingModelError where the installation lacks it."""
    if not PRIOR.is_file():
        raise MissingModelError(f"the amplifier's prior should be at {PRIOR}, where there is no file; reinstall kohl")
    return Amplifier.load(PRIOR)
