"""Our own renderer as a painter: a preset, worn by everybody."""

from __future__ import annotations

from kohl.core.arrays import Image
from kohl.faces.face import Face
from kohl.looks import presets
from kohl.looks.look import Look
from kohl.rendering.renderer import render


class RenderedPainter:
    """Kubelka-Munk films of one look. `preset`: a preset's name, which also names the painter, or a `Look`.

    Raises UnknownNameError where there is no such preset.
    """

    def __init__(self, preset: str | Look) -> None:
        self.look = presets.load(preset) if isinstance(preset, str) else preset
        self.name = f"procedural.{self.look.name}"

    def paint(self, image: Image, face: Face, seed: int = 0) -> Image:
        """See `Painter.paint`."""
        return render(image, face, self.look, seed=seed)
