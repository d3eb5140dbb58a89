"""What is kept of a training run: numbers over steps, for TensorBoard, for the curves and for the report."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kohl.core.atomic import write_atomically
from kohl.core.extras import require


class Journal:
    """Collects numbers by step. `folder`: where TensorBoard finds them, or None. Raises MissingExtraError without the extra `train`."""

    def __init__(self, folder: Path | None) -> None:
        self.rows: list[dict[str, float]] = []
        self._writer: Any = None
        if folder is not None:
            self._writer = require("torch.utils.tensorboard", extra="train", purpose="the TensorBoard log").SummaryWriter(str(folder))

    def add(self, step: int, numbers: Mapping[str, float]) -> None:
        """Note the numbers of one step."""
        self.rows.append({"step": float(step), **numbers})
        if self._writer is not None:
            for name, value in numbers.items():
                self._writer.add_scalar(name, value, step)

    def close(self) -> None:
        """Let TensorBoard's file go."""
        if self._writer is not None:
            self._writer.close()

    def save_curves(self, path: Path, *, force: bool) -> None:
        """Draw losses and PSNR over the steps as PNG. Raises OutputError, and MissingExtraError without the extra `train`."""
        figure_module = require("matplotlib.figure", extra="train", purpose="the picture of the curves")
        figure = figure_module.Figure(figsize=(9, 3.6), layout="constrained")
        for axes, prefix, label in zip(figure.subplots(1, 2), ("loss/", "psnr/"), ("loss", "PSNR, dB"), strict=True):
            for name in sorted({name for row in self.rows for name in row if name.startswith(prefix)}):
                points = [(row["step"], row[name]) for row in self.rows if name in row]
                axes.plot(*zip(*points, strict=True), label=name.removeprefix(prefix))
            axes.set_xlabel("step")
            axes.set_ylabel(label)
            if axes.lines:
                axes.legend(frameon=False)
        data = io.BytesIO()
        figure.savefig(data, format="png", dpi=110)
        write_atomically(path, data.getvalue(), force=force)
