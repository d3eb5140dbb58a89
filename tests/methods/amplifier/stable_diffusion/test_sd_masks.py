from __future__ import annotations

import numpy as np
import pytest

from drawn import Drawing
from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.faces.face import Face
from kohl.methods.amplifier.stable_diffusion.crops import crop_from_image, crop_pair, crop_square
from kohl.methods.amplifier.stable_diffusion.examples import REGIONS
from kohl.methods.amplifier.stable_diffusion.masks import build_masks, changed_mask
from tiny_diffusion import box, region_boxes


def share(mask: np.ndarray, of: np.ndarray) -> float:
    """How much of `of` lies under `mask`."""
    return float((mask * of).sum() / of.sum())


def test_masks_are_of_the_whole_picture(drawn_image: Image, drawn_face: Face):
    masks = build_masks(drawn_face)
    assert tuple(masks) == REGIONS
    for mask in masks.values():
        assert mask.shape == drawn_image.shape[:2]
        assert mask.dtype == np.float32
        assert 0 <= mask.min() <= mask.max() <= 1


def test_the_ring_surrounds_the_eyes_and_leaves_them_alone(drawing: Drawing, drawn_face: Face):
    masks = build_masks(drawn_face)
    sure = (drawing.eyes > 0.99).astype(np.float32)
    assert share(masks["eyes"], sure) < 0.1
    assert share(changed_mask(masks), sure) < 0.1
    lids = np.clip(np.roll(drawing.eyes, -8, axis=0) - drawing.eyes, 0, 1)
    assert share(masks["eyes"], lids) > 0.6


def test_the_regions_are_where_they_were_drawn(drawing: Drawing, drawn_face: Face):
    masks = build_masks(drawn_face)
    assert share(masks["lips"], drawing.lips) > 0.8
    assert share(masks["brows"], drawing.brows) > 0.7
    assert share(changed_mask(masks), 1 - drawing.head) < 0.02


def test_regions_share_the_face_out_between_them(drawn_face: Face):
    total = np.sum(list(build_masks(drawn_face).values()), axis=0)
    assert np.quantile(total, 0.999) <= 1.05


def test_changed_is_the_sum_of_the_chosen_regions_at_most_one():
    masks = region_boxes()
    assert np.array_equal(changed_mask(masks), np.maximum.reduce(list(masks.values())))
    assert np.array_equal(changed_mask(masks, ["lips"]), masks["lips"])
    twice = {"lips": box(32, 4, 8), "face": box(32, 4, 8)}
    assert np.array_equal(changed_mask(twice), box(32, 4, 8))


def test_changed_needs_a_region_that_is_there():
    with pytest.raises(UsageError, match="must have one of lips, got face"):
        changed_mask({"face": box(32, 4, 8)}, ["lips"])
    with pytest.raises(UsageError, match="no regions at all"):
        changed_mask(region_boxes(), [])


def test_a_crop_holds_the_face_and_its_masks(drawn_image: Image, drawn_face: Face):
    face = crop_square(drawn_image, drawn_face, side=128)
    assert face.image.shape == (128, 128, 3)
    cut, whole = changed_mask(face.masks), changed_mask(build_masks(drawn_face))
    scale = 128 / (1.5 * max(drawn_face.box[2] - drawn_face.box[0], drawn_face.box[3] - drawn_face.box[1]))
    assert cut.sum() == pytest.approx(whole.sum() * scale**2, rel=0.02)
    assert max(cut[0].max(), cut[-1].max(), cut[:, 0].max(), cut[:, -1].max()) == 0


def test_a_pair_is_cut_alike(drawn_image: Image, drawn_face: Face):
    pair = crop_pair(drawn_image, drawn_image, drawn_face, side=96)
    assert np.array_equal(pair.before, pair.after)
    assert np.array_equal(pair.before, crop_square(drawn_image, drawn_face, side=96).image)


def test_the_crop_is_centred_on_the_box(drawn_face: Face):
    matrix = crop_from_image(drawn_face, side=100)
    x0, y0, x1, y1 = drawn_face.box
    assert matrix @ np.array([(x0 + x1) / 2, (y0 + y1) / 2, 1]) == pytest.approx([50, 50], abs=1e-3)
