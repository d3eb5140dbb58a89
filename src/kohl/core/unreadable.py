"""Why a file cannot be read, in words that say what to do."""

from __future__ import annotations


def why_unreadable(error: OSError) -> str:
    """Say why opening or reading a file failed; part of a sentence about that file."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file; check the name"
    if isinstance(error, IsADirectoryError):
        return "it is a folder; name a file in it"
    return f"it cannot be read: {error.strerror or error}"
