"""Understands the look that a person asks for, and says what was understood."""

from __future__ import annotations

from typing import Any

from kohl.cli.options import Wearing
from kohl.cli.voice import Voice
from kohl.core.errors import UnknownNameError, UsageError
from kohl.looks.look import Look
from kohl.looks.resolve import resolve


def hear(wearing: Wearing, voice: Voice, *, explain: bool = False) -> tuple[Look, dict[str, Any]]:
    """Return the look, and for programs how its words were understood."""
    raise NotImplementedError
