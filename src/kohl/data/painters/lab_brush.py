"""A brush artist: overlapping strokes of plum on the lids, rose on the cheeks, berry on the lips, each an alpha blend in Lab."""

from __future__ import annotations

import numpy as np

from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import FloatArray, Image, Mask, Points
from kohl.data.painters.bristles import brush
from kohl.data.painters.easel import Blend, Easel
from kohl.data.painters.guides import EyeGuide, Guides, keep_off
from kohl.faces.face import Face

Tube = tuple[float, float, float]
"""A colour, L* a* b*."""
_PLUM: Tube = (24.0, 30.0, -16.0)
_ROSE: Tube = (54.0, 46.0, 12.0)
_BERRY: Tube = (32.0, 50.0, 10.0)
_LIGHTNESS_KEPT = 0.3
"""Share of the skin's own lightness that a stroke leaves beyond what its cover leaves: pigment is worked in, not laid on."""


class LabBrush:
    """Plum shadow, rose blush, berry lips, in brush strokes that can be seen from near."""

    name = "lab_brush"

    def paint(self, image: Image, face: Face, seed: int = 0) -> Image:
        """See `Painter.paint`."""
        easel, guides = Easel.of(image, face), Guides.of(face)
        free = keep_off(face)
        easel.lay(_cheeks(guides, seed) * free * guides.face(), _blend(_ROSE))
        easel.lay(_lids(guides, seed) * free, _blend(_PLUM))
        easel.lay(_lips(guides, seed) * free, _blend(_BERRY))
        return easel.finish(image, face)


def _blend(tube: Tube) -> Blend:
    """Alpha-blend towards a Lab colour."""

    def blend(pixels: FloatArray, cover: FloatArray) -> FloatArray:
        lab = lab_from_srgb(pixels)
        paint = np.broadcast_to(np.array(tube, np.float32), lab.shape).copy()
        paint[..., 0] += _LIGHTNESS_KEPT * (lab[..., 0] - paint[..., 0])
        return srgb_from_lab(lab + cover * (paint - lab))

    return blend


def _lids(guides: Guides, seed: int) -> Mask:
    breadth = 0.17 * guides.right.width
    upper = _lid_strokes(guides.right), _lid_strokes(guides.left)
    above = brush(upper, breadth, guides.size, softness=0.03 * breadth, seed=seed)
    lower = [_lower_stroke(guides.right)], [_lower_stroke(guides.left)]
    below = brush(lower, 0.09 * guides.right.width, guides.size, softness=0.006 * guides.unit, seed=seed)
    return np.maximum(np.minimum(above, 0.92), 0.7 * below)


def _lid_strokes(eye: EyeGuide) -> list[Points]:
    """From the outer corner inwards, the higher the shorter: a soft wing."""
    heights = (0.12, 0.45, 0.8, 1.1, 1.32)
    lengths = (38, 36, 32, 25, 18)
    reaches = (0.10, 0.16, 0.22, 0.26, 0.26)
    return [eye.level(height, reach=reach)[:length] for height, reach, length in zip(heights, reaches, lengths, strict=True)]


def _lower_stroke(eye: EyeGuide) -> Points:
    """A smudge under the outer two thirds of the lashes."""
    return np.asarray(eye.lower[:26] - eye.up * (0.05 * eye.width), np.float32)


def _cheeks(guides: Guides, seed: int) -> Mask:
    sweeps = ([205, 50, 123, 227], [50, 117, 116, 34], [207, 187, 123, 227], [36, 118, 111, 143])
    sides = zip(*(guides.both(numbers) for numbers in sweeps), strict=True)
    right, left = (list(side) for side in sides)
    cover = brush((right, left), 0.30 * guides.unit, guides.size, softness=0.024 * guides.unit, seed=seed)
    return np.float32(0.88) * cover


def _lips(guides: Guides, seed: int) -> Mask:
    """Strokes along the lips, from the middle to the corners; they cover all of them."""
    strokes = _lip_strokes(guides, 61), _lip_strokes(guides, 291)
    texture = brush(strokes, 0.06 * guides.unit, guides.size, softness=0.004 * guides.unit, seed=seed)
    return guides.lips() * (0.55 + 0.4 * texture)


def _lip_strokes(guides: Guides, corner: int) -> list[Points]:
    points = guides.points
    strokes = []
    for inner, outer in ((13, 0), (14, 17)):
        for share in np.linspace(0.1, 0.9, 5, dtype=np.float32):
            middle = points[inner] + share * (points[outer] - points[inner])
            strokes.append(np.linspace(middle, points[corner], 20, dtype=np.float32))
    return strokes
