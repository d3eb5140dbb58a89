"""What making up a photo gives: the painted pixels, and all that is needed to hand them on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kohl.api.explain import RegionReport
from kohl.api.sheet import side_by_side
from kohl.core.arrays import AnyArray, Image
from kohl.core.images import OpenedImage, SourceKind, Window, Written, encode_image, give_back, open_image, save_image

if TYPE_CHECKING:
    from PIL import Image as PillowImage

    from kohl.faces.face import Face


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """A photo that was made up. `Studio.apply` gives back its picture; ask `apply_details` for this."""

    opened: OpenedImage
    """The photo as it came in."""
    pixels: Image
    """(H, W, 3) float32, RGB, sRGB-encoded, [0, 1]: the photo with makeup, bit for bit the photo wherever there is none."""
    faces: tuple[Face, ...]
    """The faces that were made up, largest first."""
    regions: tuple[RegionReport, ...]
    """What was done, region by region."""
    doubts: tuple[str, ...] = ()
    """Why the result may be wrong, one sentence each: a face, or a reference's, that is not surely where it was found."""

    @property
    def is_untouched(self) -> bool:
        """Whether the picture is the photo, bit for bit: nothing to put on, or nothing of it that shows. `regions` tell what was tried."""
        return np.array_equal(self.opened.pixels, self.pixels)

    def picture(self) -> bytes | PillowImage.Image | AnyArray:
        """Return the result as the type that the photo came in: bytes, array or PIL image; a PIL image for a path."""
        opened = replace(self.opened, kind=SourceKind.PIL) if self.opened.kind is SourceKind.PATH else self.opened
        return give_back(opened, self.pixels, window=self._window)

    @property
    def _window(self) -> Window:
        """Around all that may have been painted."""
        if not self.faces:
            return 0, 0, 0, 0
        tops, bottoms, lefts, rights = zip(*(face.window for face in self.faces), strict=True)
        return min(tops), max(bottoms), min(lefts), max(rights)

    def encode(self, *, keep_metadata: bool = False) -> bytes:
        """Return the result as a file's bytes, in the photo's own format. Raises OutputError when that format cannot hold it."""
        return encode_image(self.opened, self.pixels, keep_metadata=keep_metadata).data

    def save(self, path: str | Path, *, force: bool = False, keep_metadata: bool = False) -> Written:
        """Write the result, whole or not at all. Raises OutputExistsError unless `force`, OutputError, UsageError for the ending."""
        return save_image(path, self.opened, self.pixels, force=force, keep_metadata=keep_metadata)

    def save_comparison(self, path: str | Path, *, force: bool = False) -> Written:
        """Write before and after side by side. Raises like `save`."""
        both = side_by_side(self.opened.pixels, self.pixels)
        return save_image(path, open_image(both), both, force=force)
