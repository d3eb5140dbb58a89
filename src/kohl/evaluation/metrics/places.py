"""Where on a picture metrics are taken: background, bare skin, skin, and the regions, all from one analysed face."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Mask
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.reading.zones import BARE, CHEEKS, LIDS, zone_mask

MEASURED = (Region.LIPS, Region.EYES, Region.CHEEKS, Region.BROWS)
"""The regions that have a colour of their own."""


def background_of(face: Face) -> Mask:
    """(H, W) mask of everything that is not the face: 1 where the mesh and its ring up to the hairline do not reach."""
    return _on_picture(face, np.asarray(face.field.facing <= 0, np.float32), elsewhere=1.0)


def skin_of(face: Face) -> Mask:
    """(H, W) mask of the face's skin, painted or not, without lips, eyes, brow hair and what lies over it."""
    return _on_picture(face, face.masks.skin)


def bare_skin_of(face: Face) -> Mask:
    """(H, W) mask of the skin that makeup of lips, eyes and cheeks does not reach: forehead, nose, jaw, outer cheeks."""
    return _on_picture(face, face.field.sample(zone_mask(BARE)) * face.masks.skin)


def region_of(face: Face, region: Region) -> Mask:
    """(H, W) mask of the core of a region of `MEASURED`: lips, lids, cheeks or brow hair, as far as they are seen."""
    return _on_picture(face, window_region(face, region))


def window_region(face: Face, region: Region) -> Mask:
    """As `region_of`, in the face's window."""
    masks = face.masks
    if region is Region.LIPS:
        # Above 0.5 where the lips' own mask is above 0.8: a lip's soft rim is half skin.
        return np.asarray(np.clip((masks.lips - 0.6) / 0.4, 0, 1), np.float32)
    if region is Region.BROWS:
        return masks.brows
    zone = LIDS if region is Region.EYES else CHEEKS
    on_skin = face.field.facing * masks.clear * (1 - masks.eyes) * (1 - masks.mouth) * (1 - masks.lips) * (1 - masks.brows)
    return np.asarray(face.field.sample(zone_mask(zone)) * on_skin, np.float32)


def _on_picture(face: Face, mask: Mask, *, elsewhere: float = 0.0) -> Mask:
    """Put a mask of the window on the whole picture."""
    whole = np.full(face.size, elsewhere, np.float32)
    whole[face.window_slices] = mask
    return whole
