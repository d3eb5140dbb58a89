"""What must be known about a network before it is used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One network's papers. A file that does not match `sha256` is refused."""

    name: str
    purpose: str
    distribution: str
    """The installed package whose files carry the weights."""
    path: str
    """The file, relative to that package's folder."""
    sha256: str
    licence: str
    source: str
    """Where the network's authors describe it."""
    paper: str
    input_size: tuple[int, int]
    """(h, w) in pixels of what the network sees."""
    training_data: str
    """What it was trained on and with whose consent, as far as its authors say."""
    limits: str
    """Where it is known to fail."""
