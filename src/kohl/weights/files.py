"""Where a network's file lies, and whether it is the one its card speaks of."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from kohl.core.errors import MissingModelError
from kohl.weights.cards import ModelCard


def locate(card: ModelCard) -> Path:
    """Return the path of the card's file without importing the package that carries it.

    Raises MissingModelError when the package is not installed or does not hold the file.
    """
    spec = find_spec(card.distribution)
    if spec is None or spec.origin is None:
        raise MissingModelError(
            f"{card.name} comes with the package {card.distribution!r}, which is not installed; type: pip install --force-reinstall kohl"
        )
    path = Path(spec.origin).parent / card.path
    if not path.is_file():
        raise MissingModelError(
            f"{card.name} should be at {path}, where there is no file; reinstall {card.distribution!r} at the version kohl asks for"
        )
    return path


def verify(card: ModelCard) -> Path:
    """Return the path of the card's file after comparing its SHA-256 with the card's.

    Raises MissingModelError when the file is not there or is another one.
    """
    path = locate(card)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != card.sha256:
        raise MissingModelError(
            f"{card.name}: expected the file with SHA-256 {card.sha256[:12]}…, got {found[:12]}…; "
            f"reinstall {card.distribution!r} at the version kohl asks for"
        )
    return path
