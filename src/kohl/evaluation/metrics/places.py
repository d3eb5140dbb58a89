"""Where on a picture metrics are taken: background, bare skin, skin, and the regions, all from one analysed face."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, Mask
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.reading.zones import BARE, CHEEKS, LIDS, LOWER_LID, ORBIT, zone_mask

MEASURED = (Region.LIPS, Region.EYES, Region.CHEEKS, Region.BROWS)
"""The regions that have a colour of their own."""
REGION_NAMES = {Region.LIPS: "lips", Region.EYES: "lids", Region.CHEEKS: "cheeks", Region.BROWS: "brows"}
"""What tables and manifests call a region: of the eyes it is the lids that are measured."""


_REACH = {Region.LIPS: 0.06, Region.BROWS: 0.15, Region.EYES: 0.06, Region.CHEEKS: 0.04}
"""How far beyond its zone makeup of a region reaches: in eye distances for lips and brows, in chart units for lids and cheeks."""


def background_of(face: Face) -> Mask:
    """(H, W) mask of everything that is not the face: 1 where the mesh and its ring up to the hairline do not reach.

    The lips are face as far as they are seen: on a turned head they stand out from the mesh by a pixel or two.
    """
    masks = face.masks
    return _on_picture(face, np.asarray((face.field.facing <= 0) & (masks.lips + masks.mouth <= 0), np.float32), elsewhere=1.0)


def skin_of(face: Face) -> Mask:
    """(H, W) mask of the face's skin, painted or not, without lips, eyes, brow hair and what lies over it."""
    return _on_picture(face, face.masks.skin)


def bare_skin_of(face: Face) -> Mask:
    """(H, W) mask of the skin that makeup of lips, eyes and cheeks does not reach: forehead, nose, jaw, outer cheeks."""
    return _on_picture(face, face.field.sample(zone_mask(BARE)) * face.masks.skin)


def region_of(face: Face, region: Region) -> Mask:
    """(H, W) mask of the core of a region of `MEASURED`: lips, lids, cheeks or brow hair, as far as they are seen."""
    return _on_picture(face, window_region(face, region))


def reach_of(face: Face, region: Region) -> Mask:
    """(H, W) mask, 0 or 1, of all that makeup of a region of `MEASURED` may touch: its zone with the soft rim, lashes and wings."""
    if region in (Region.LIPS, Region.BROWS):
        core = face.masks.lips if region is Region.LIPS else face.masks.brows
        size = 2 * round(_REACH[region] * face.eye_distance) + 1
        return _on_picture(face, np.asarray(cv2.dilate(core, _disc(size)) > 0.02, np.float32))
    names = (LIDS, LOWER_LID, ORBIT) if region is Region.EYES else (CHEEKS,)
    zone = np.max([zone_mask(name) for name in names], axis=0) > 0.02
    grown = cv2.dilate(zone.astype(np.float32), _disc(2 * round(_REACH[region] * len(zone)) + 1))
    reach = (face.field.sample(grown) > 0) & (face.masks.lips < 0.5)
    return _on_picture(face, np.asarray(reach | (face.masks.eyes > 0) if region is Region.EYES else reach, np.float32))


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


def _disc(size: int) -> AnyArray:
    disc: AnyArray = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return disc
