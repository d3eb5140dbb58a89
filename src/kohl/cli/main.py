"""Where the command `kohl` begins."""

from __future__ import annotations

# Importing a verb registers it.
from kohl.cli import (  # noqa: F401
    apply,
    batch,
    benchmark,
    doctor,
    evaluate,
    export,
    learn,
    looks,
    read,
    samples,
    transfer,
    verify,
    video,
)
from kohl.cli.app import app


def run() -> None:
    """Run the command line on `sys.argv` and leave with an exit code."""
    app()
