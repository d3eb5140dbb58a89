"""Turns a function into a verb of the command line.

A verb's parameters are Typer's own, or dataclasses of options: each option is said once in its dataclass, however many
verbs share it. Here they are laid out flat for Typer and put together again for the verb; and what the verb raises
becomes a message and an exit code.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, get_type_hints

import typer

from kohl.cli.voice import Voice

Verb = TypeVar("Verb", bound=Callable[..., None])
Groups: TypeAlias = dict[str, Any]
"""Parameter name → the dataclass of its options."""


def verb(app: typer.Typer, *, example: str, name: str | None = None, panel: str | None = None) -> Callable[[Verb], Verb]:
    """Register a function as a verb of `app`.

    One of its parameters is a `Voice`. `example` is a whole command line, shown at the end of the verb's help; `panel` is
    the heading under which `kohl --help` lists it.
    """

    def register(function: Verb) -> Verb:
        app.command(name, epilog=f"Example: {example}", rich_help_panel=panel)(_flatten(function))
        return function

    return register


def _flatten(function: Callable[..., None]) -> Callable[..., None]:
    """The same verb with one keyword per option, for Typer to read."""
    hints = get_type_hints(function, include_extras=True)
    groups: Groups = {name: hint for name, hint in hints.items() if dataclasses.is_dataclass(hint)}
    flat: list[inspect.Parameter] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in groups:
            flat += _options(groups[parameter.name])
        else:
            flat.append(parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY))

    def call(**given: Any) -> None:
        _run(function, _gather(groups, given))

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
    call.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
    return call


def _options(group: Any) -> list[inspect.Parameter]:
    """One parameter per field of an option dataclass, listed in the help under the group's `panel`."""
    hints = get_type_hints(group, include_extras=True)
    options = []
    for field in dataclasses.fields(group):
        hint = hints[field.name]
        hint.__metadata__[0].rich_help_panel = group.panel
        default = inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default
        options.append(inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint))
    return options


def _gather(groups: Groups, given: dict[str, Any]) -> dict[str, Any]:
    """Put the flat options back into their dataclasses."""
    arguments = dict(given)
    for name, group in groups.items():
        arguments[name] = group(**{field.name: arguments.pop(field.name) for field in dataclasses.fields(group)})
    return arguments


def _run(function: Callable[..., None], arguments: dict[str, Any]) -> None:
    voice = next(argument for argument in arguments.values() if isinstance(argument, Voice))
    try:
        function(**arguments)
    except typer.Exit:
        raise
    except BrokenPipeError:
        # Whoever read our output has enough of it: nothing to say, and nobody to say it to.
        raise typer.Exit(0) from None
    except (Exception, KeyboardInterrupt) as error:
        raise typer.Exit(voice.fail(error)) from error
