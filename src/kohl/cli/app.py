"""The command `kohl` itself; its verbs register themselves here."""

from __future__ import annotations

from typing import Annotated

import typer

from kohl.cli.refusals import TellingGroup

app = typer.Typer(
    cls=TellingGroup,
    name="kohl",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 2 wrong call, 3 no usable face, 4 some of a batch failed, 5 something is not installed, 6 unreadable picture, "
    "7 result not written. Nothing ever leaves this machine.",
)

ONE_PHOTO = "One photo"
MANY_PHOTOS = "Many photos"
LEARNING = "Learning looks"
MEASURING = "Measuring methods"
AROUND = "Looks and the tool itself"


def _print_version(wanted: bool) -> None:
    if wanted:
        import kohl  # noqa: PLC0415  its version is looked up when asked for

        typer.echo(f"kohl {kohl.__version__}")
        raise typer.Exit


@app.callback()
def kohl_command(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")] = False,
) -> None:
    """Makeup on a face in a photo or video: a look in words, as data or learned from pairs, or the makeup of a reference photo."""
