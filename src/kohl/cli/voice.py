"""How the command line speaks: results on stdout, everything else on stderr, one message per error."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import typer

from kohl.core.errors import KohlError

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""


@dataclass
class Voice:
    """The options about what is printed, and the printing."""

    panel: ClassVar[str] = "Printing"

    json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors (and the object of --json).")] = False
    debug: Annotated[bool, typer.Option("--debug", help="After an error, print where it came from.")] = False

    def __post_init__(self) -> None:
        # A batch tells its result, failures included, and raises then: stdout must hold one object, never two.
        self._told = False

    def result(self, text: str, data: Mapping[str, Any], *, ok: bool = True) -> None:
        """Print what the verb was called for: `text` for people, `data` for programs, with `ok` to tell success from failure."""
        self._told = True
        if self.json:
            typer.echo(json.dumps({"ok": ok, **data}, ensure_ascii=False))
        elif not self.quiet and text:
            typer.echo(text)

    def note(self, text: str) -> None:
        """Tell a person something beside the result. Programs get it in the result's data."""
        if not self.quiet and not self.json:
            typer.echo(text, err=True)

    @property
    def shows_progress(self) -> bool:
        """Whether somebody is there to watch a progress bar."""
        return sys.stderr.isatty() and not self.quiet and not self.json

    def fail(self, error: BaseException) -> int:
        """Print what went wrong, and return the exit code for it."""
        code, message = _explain(error)
        if self.debug:
            typer.echo("".join(traceback.format_exception(error)), err=True, nl=False)
        typer.echo(f"kohl: {message}", err=True)
        if self.json and not self._told:
            tell_failure(type(error).__name__, message, code)
        return code

    @staticmethod
    def failure(error: BaseException) -> dict[str, Any]:
        """Return what programs are told of an error, for a result that is about several things of which some failed."""
        code, message = _explain(error)
        return _failure(type(error).__name__, message, code)


def tell_failure(kind: str, message: str, code: int) -> None:
    """Print the object that stands on stdout, with --json, in place of a result."""
    typer.echo(json.dumps({"ok": False, "error": _failure(kind, message, code)}, ensure_ascii=False))


def _failure(kind: str, message: str, code: int) -> dict[str, Any]:
    return {"type": kind, "message": message, "exit_code": code}


def _explain(error: BaseException) -> tuple[int, str]:
    if isinstance(error, KohlError):
        return error.exit_code, str(error)
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "stopped; what was finished stays"
    if isinstance(error, MemoryError):
        return 1, "out of memory; make the picture smaller, or give batch fewer --workers"
    return 1, f"a fault in kohl itself ({type(error).__name__}: {error}); please report it with what --debug prints"
