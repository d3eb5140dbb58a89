"""What one asks of `learn`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kohl.core.atomic import check_writable
from kohl.core.errors import UsageError
from kohl.methods.amplifier.method import AmplifierKnobs
from kohl.training.recipes.tinybeauty import StudentRecipe

STEPS = 1500
"""Five minutes or so on two cores; a third of it already gives most of the way (docs/learning.md)."""
MOST_FACES = 800
"""Faces to amplify over: enough people to generalise from, and small enough for 4 GB."""
VARIATIONS = 400
"""Variations of the given people, where no other faces are given."""


@dataclass(frozen=True)
class LearnRequest:
    """All settings of a learning run. Raises UsageError for what cannot be."""

    pairs: Path
    """A folder with `before/NAME.*` and `after/NAME.*`, 1 to 500 of them."""
    out: Path
    """Where the learned look is written: a name that ends in `.onnx`; the sheet, the curves and the report go beside it."""
    faces: Path | None = None
    """Any folder of faces to amplify over; without one, variations of the people in the pairs are used."""
    minutes: float | None = None
    """Time budget for everything; without one, `steps` decide."""
    steps: int = STEPS
    seed: int = 0
    resume: bool = False
    """Go on from the checkpoint of a run that was interrupted."""
    force: bool = False
    """Replace files that are already there."""
    strict: bool = False
    """Refuse the whole folder for one bad pair."""
    licence: str = "all rights with the author of the pairs"
    description: str = ""
    knobs: AmplifierKnobs = field(default_factory=AmplifierKnobs)
    adapt_steps: int = 0
    """Steps by which the amplifier is first fitted to the pairs; 0 reads the style from them as they are."""
    recipe: StudentRecipe = field(default_factory=StudentRecipe)

    def __post_init__(self) -> None:
        if self.out.suffix != ".onnx":
            raise UsageError(f"expected a name that ends in .onnx for the learned look, got {self.out.name!r}")
        if self.minutes is not None and not self.minutes > 0:
            raise UsageError(f"expected a time budget above 0 minutes, got {self.minutes}")
        if self.steps < 1 or self.adapt_steps < 0:
            raise UsageError(f"expected at least one step, got steps={self.steps}, adapt_steps={self.adapt_steps}")
        for path in (self.out, self.sheet, self.curves, self.report):
            check_writable(path, force=self.force or self.resume)

    @property
    def sheet(self) -> Path:
        """The preview: people before and after, as PNG."""
        return self.out.with_suffix(".sheet.png")

    @property
    def curves(self) -> Path:
        """Losses and PSNR over the steps, as PNG."""
        return self.out.with_suffix(".curves.png")

    @property
    def report(self) -> Path:
        """Everything that was measured, as JSON."""
        return self.out.with_suffix(".report.json")

    @property
    def workshop(self) -> Path:
        """Where the checkpoint and the TensorBoard log are kept; no picture is."""
        return self.out.with_suffix(".learning")

    @property
    def checkpoint(self) -> Path:
        """What an interrupted run leaves, and `resume` goes on from."""
        return self.workshop / "checkpoint.safetensors"
