from __future__ import annotations

import numpy as np
import pytest

from drawn import Drawing, FixedDetector, draw
from kohl.core.region import Region
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.warp import warp_mask
from kohl.methods.tinybeauty.crop import crop_from_image
from kohl.methods.tinybeauty.regions import regions_of, usual_regions
from kohl.methods.tinybeauty.worn import CropRegions

SIDE = 256


@pytest.fixture(scope="module")
def regions(drawn_face: Face) -> CropRegions:
    return regions_of(drawn_face, crop_from_image(drawn_face.box))


def test_they_share_the_crop_out_completely(regions: CropRegions):
    for shares in (regions, usual_regions()):
        assert sorted(shares) == sorted(Region)
        total = sum(mask.astype(np.float64) for mask in shares.values())
        np.testing.assert_allclose(total, 1, atol=1e-6)
        for mask in shares.values():
            assert mask.dtype == np.float32
            assert mask.shape == (SIDE, SIDE)
            assert mask.min() >= 0
            assert mask.max() <= 1


def test_what_was_drawn_lies_in_its_own_region(regions: CropRegions, drawing: Drawing, drawn_face: Face):
    matrix = crop_from_image(drawn_face.box)
    for region, drawn in ((Region.LIPS, drawing.lips), (Region.EYES, drawing.eyes), (Region.BROWS, drawing.brows)):
        place = warp_mask(drawn, matrix, (SIDE, SIDE))
        assert (regions[region] * place).sum() / place.sum() > 0.9, region


def test_edges_are_soft(regions: CropRegions):
    for mask in regions.values():
        assert max(np.abs(np.diff(mask, axis=axis)).max() for axis in (0, 1)) < 0.5


def test_without_a_face_the_usual_places_serve_a_frontal_one(regions: CropRegions):
    for region in (Region.LIPS, Region.EYES, Region.BROWS, Region.CHEEKS):
        shared = np.minimum(regions[region], usual_regions()[region]).sum() / regions[region].sum()
        assert shared > 0.75, region


def test_an_open_mouth_and_a_turned_head_are_followed():
    drawing = draw((512, 512), yaw=20, mouth_open=0.9)
    face = Analyzer(detector=FixedDetector(drawing.points)).analyze(drawing.image)[0]
    matrix = crop_from_image(face.box)
    lips = warp_mask(drawing.lips, matrix, (SIDE, SIDE))
    found = regions_of(face, matrix)[Region.LIPS]
    assert (found * lips).sum() / lips.sum() > 0.9
