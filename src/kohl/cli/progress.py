"""A progress bar with the time that is left, where somebody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from kohl.cli.voice import Voice

Advance: TypeAlias = Callable[[str], None]
"""Called when one more is finished, with what went wrong with it, or "" when nothing did."""


@contextmanager
def progress_of(total: int, what: str, voice: Voice) -> Iterator[Advance]:
    """Show how many of `total` are finished; `what` names them. What went wrong is printed above the bar as it happens."""
    if not voice.shows_progress:
        yield lambda trouble: None
        return
    from rich.console import Console  # noqa: PLC0415  slow to import
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total)

        def advance(trouble: str) -> None:
            if trouble:
                progress.console.print(trouble, markup=False, highlight=False)
            progress.advance(task)

        yield advance
