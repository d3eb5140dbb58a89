"""Optional dependencies: imported at first use, and missed in one way."""

from __future__ import annotations

import importlib
from types import ModuleType

from kohl.core.errors import MissingExtraError


def require(module: str, *, extra: str, purpose: str) -> ModuleType:
    """Import and return `module`, which `pip install "kohl[extra]"` brings.

    Parameters
    ----------
    module
        Its dotted name, for example ``"skimage.data"``.
    extra
        The extra that brings it.
    purpose
        What it is wanted for; the message starts with it ("the sample picture needs the extra …").

    Raises
    ------
    MissingExtraError
        When it, or something that it needs, is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(purpose, extra) from error
