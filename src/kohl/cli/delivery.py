"""Where a photo comes from and its result goes: files, or - for stdin and stdout."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kohl.cli.options import Showing, Writing
from kohl.cli.voice import Voice
from kohl.core.atomic import check_writable
from kohl.core.errors import UsageError
from kohl.core.formats import EXTENSIONS

if TYPE_CHECKING:
    from kohl.api.outcome import Outcome

PIPE = "-"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the result of one photo is handed over. Made before the work, so that what cannot end well is not begun."""

    output: Path | None
    """None: stdout."""
    comparison: Path | None
    showing: Showing
    writing: Writing
    voice: Voice

    @classmethod
    def of(cls, photo: str, showing: Showing, writing: Writing, voice: Voice) -> Delivery:
        """Decide where the result goes. Raises OutputError for what cannot be written, UsageError for what cannot go together."""
        output = output_for(photo, showing.output)
        if output is None and (voice.json or showing.compare):
            raise UsageError("the picture goes to stdout, where --json and --compare have no place; name a file with -o")
        if output is None and sys.stdout.isatty():
            raise UsageError("a picture cannot be printed on a terminal; name a file with -o, or pipe stdout on")
        comparison = output.with_name(f"{output.stem}.compare{output.suffix}") if output and showing.compare else None
        for path in filter(None, (output, comparison)):
            check_writable(path, force=writing.force)
        return cls(output, comparison, showing, writing, voice)

    def hand_over(self, outcome: Outcome, *, worn: str, heard: dict[str, Any] | None = None) -> None:
        """Write the result and say what there is to say.

        `worn` names what was to be put on, "the look" or "the reference"; `heard` is how the words of a look were understood, for programs.
        """
        losses = list(outcome.opened.losses)
        if self.output is None:
            sys.stdout.buffer.write(outcome.encode(keep_metadata=self.writing.keep_metadata))
        else:
            losses += outcome.save(self.output, force=self.writing.force, keep_metadata=self.writing.keep_metadata).losses
        if self.comparison is not None:
            outcome.save_comparison(self.comparison, force=self.writing.force)
        self._speak(outcome, losses, {"untouched": _untouched(outcome, worn), **(heard or {})})

    def _speak(self, outcome: Outcome, losses: list[str], heard: dict[str, Any]) -> None:
        for note in filter(None, (heard["untouched"], *outcome.doubts, *losses)):
            self.voice.note(f"note: {note}")
        if self.showing.explain:
            for report in outcome.regions:
                self.voice.note(str(report))
        if self.output is None:
            return
        written = [str(path) for path in (self.output, self.comparison) if path is not None]
        data = {
            "output": str(self.output),
            "comparison": str(self.comparison) if self.comparison else None,
            "faces": len(outcome.faces),
            "regions": [asdict(report) for report in outcome.regions],
            "losses": losses,
            "doubts": list(outcome.doubts),
            **heard,
        }
        self.voice.result("\n".join(written), data)


def _untouched(outcome: Outcome, worn: str) -> str | None:
    """Why the result is the photo, bit for bit; None where it is not. Nobody should have to look twice to see that nothing happened."""
    from kohl.api.explain import why_nothing  # noqa: PLC0415  brings the look models

    if not outcome.is_untouched:
        return None
    return why_nothing(outcome.regions, worn) or f"all stays as it is: nothing of {worn} shows on this face"


def read_photo(photo: str) -> str | bytes:
    """Return what `-` or a path stands for: stdin's bytes, or the path as it was typed."""
    return sys.stdin.buffer.read() if photo == PIPE else photo


def output_for(photo: str, output: str | None) -> Path | None:
    """Return where the result goes: `output`, or NAME.kohl.EXT beside the photo; None for stdout."""
    if output == PIPE or (output is None and photo == PIPE):
        return None
    if output is not None:
        return Path(output)
    path = Path(photo)
    suffix = path.suffix if path.suffix.lower() in EXTENSIONS else ".png"
    return path.parent / f"{path.stem}.kohl{suffix}"
