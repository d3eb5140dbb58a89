"""What must be known about a file of learned numbers before it is used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """One file's papers. A file that does not match `sha256` is refused."""

    name: str
    purpose: str
    distribution: str
    """The installed package whose files carry the weights."""
    path: str
    """The file, relative to that package's folder."""
    sha256: str
    licence: str
    source: str
    """Where its authors describe it, or the script that made it."""
    paper: str = "none"
    input_size: tuple[int, int] | None = None
    """(h, w) in pixels of what a network sees; None for what is not one."""
    training_data: str
    """What it was trained on and with whose consent, as far as its authors say."""
    limits: str
    """Where it is known to fail."""
