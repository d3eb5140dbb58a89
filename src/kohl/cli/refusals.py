"""What the option parser refuses is told as JSON too, where --json was asked for."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from kohl.cli.voice import tell_failure
from kohl.core.errors import UsageError

_Refused: Any = typer.BadParameter.__mro__[1]
"""The parser's UsageError. Newer Typers bring their own click, older ones take the installed one: this one is the one that is raised."""

_WANTS_JSON = "kohl.wants_json"


class TellingGroup(TyperGroup):
    """The command `kohl`: what is wrong with its words, or with a verb's, is an object on stdout when --json is among them.

    The verb's `Voice` cannot tell it, for it is made of options that were understood. The parser's own message on stderr and its
    exit code stay.
    """

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Read kohl's own words, up to the verb."""
        wants_json = _wants_json(args)  # before they are read, which takes words away
        try:
            context = super().make_context(info_name, args, parent, **extra)
        except _Refused as error:
            _tell(error, wants_json)
            raise
        context.meta[_WANTS_JSON] = wants_json
        return context

    def invoke(self, ctx: Any) -> Any:
        """Read the verb's words and run it."""
        try:
            return super().invoke(ctx)
        except _Refused as error:
            _tell(error, ctx.meta[_WANTS_JSON])
            raise


def _wants_json(words: list[str]) -> bool:
    options = words[: words.index("--")] if "--" in words else words
    return "--json" in options


def _tell(error: Any, wants_json: bool) -> None:
    if wants_json:
        where = error.ctx.command_path if error.ctx is not None else "kohl"
        tell_failure(UsageError.__name__, f"{error.format_message()}; see {where} --help", error.exit_code)
