"""The film that is read: typical colours, without what lies beside them, in as much of their own light as can be trusted."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.core.region import Region
from kohl.evaluation.metrics.places import window_region
from kohl.evaluation.metrics.region_colors import region_colors
from kohl.faces.face import Face
from kohl.faces.topology import load_topology
from kohl.reading.bare import load_bare_prior
from kohl.reading.film import LIGHT_OUT, READ_AT, Core, ReadFilm, read_film, seen_skin
from kohl.reading.region_zones import RIM, region_cover, region_reach, region_zone
from kohl.reading.unrolled import SIDE, Unrolled, unroll_face
from kohl.reading.zones import BARE, CHEEKS, LIDS, LIPS, MOUTH, ORBIT, zone_mask

PAINT = np.array([0.1, -0.9, -0.6], np.float32)
"""Log ratio to the skin of a rosy red."""
SURE = {Region.LIPS: 1.0, Region.EYES: 1.0, Region.CHEEKS: 1.0}
ZONE_OF = {Region.LIPS: LIPS, Region.EYES: LIDS, Region.CHEEKS: CHEEKS}


@pytest.fixture(scope="module")
def seen(drawn_image: Image, drawn_face: Face) -> Unrolled:
    """A face that is all skin of one colour under even light, and seen everywhere."""
    everywhere = np.ones((SIDE, SIDE), np.float32)
    flat = np.zeros((SIDE, SIDE, 3), np.float32)
    return dataclasses.replace(
        unroll_face(drawn_image, drawn_face), ratio=flat, skin_seen=everywhere, lips_seen=zone_mask(LIPS, SIDE), even=everywhere
    )


def painted(seen: Unrolled, mask: Mask, paint: FloatArray = PAINT) -> Unrolled:
    return dataclasses.replace(seen, ratio=np.asarray(seen.ratio * (1 - mask[..., None]) + mask[..., None] * paint, np.float32))


def typical(film: ReadFilm, region: Region) -> FloatArray:
    """Median Lab beside skin over the core of a region."""
    return np.asarray(np.median(film.painted[region][zone_mask(ZONE_OF[region], SIDE) > 0.9], axis=0), np.float32)


def beside_skin(unrolled: Unrolled, ratio: FloatArray, light: float = 1.0) -> FloatArray:
    return lab_from_linear(np.exp(ratio) * light * unrolled.photo_skin) - lab_from_linear(unrolled.photo_skin)


def test_teeth_and_the_dark_of_the_mouth_are_no_lipstick(seen: Unrolled) -> None:
    lips, mouth = zone_mask(LIPS, SIDE), zone_mask(MOUTH, SIDE)
    opening = np.asarray((mouth > 0.5) & (lips < 0.2), np.float32)
    for inside in (np.float32(0.5), np.float32(-3.0)):
        made = painted(painted(seen, np.asarray(mouth > 0.02, np.float32)), opening, np.full(3, inside, np.float32))
        np.testing.assert_allclose(typical(read_film(made, SURE, load_bare_prior()), Region.LIPS), beside_skin(seen, PAINT), atol=1.5)


def test_lashes_are_no_eyeshadow(seen: Unrolled) -> None:
    """A tenth of the lid is black: a mean would take the shadow far too dark."""
    lids = zone_mask(LIDS, SIDE) > 0.02
    shadow = painted(seen, np.asarray(lids, np.float32))
    rows = np.flatnonzero((zone_mask(LIDS, SIDE) > 0.5).any(1))
    lashes = lids.copy()
    lashes[: rows[-1] - max(1, len(rows) // 5)] = False
    black = painted(shadow, np.asarray(lashes, np.float32), np.full(3, -4.0, np.float32))
    plain, lashed = (typical(read_film(made, SURE, load_bare_prior()), Region.EYES) for made in (shadow, black))
    assert lashes.sum() > 100
    assert plain[0] - lashed[0] < 4


def test_a_cheek_in_shade_gets_no_darker_than_blush_can_be(seen: Unrolled) -> None:
    made = painted(seen, np.asarray(region_zone(Region.CHEEKS) > 0.02, np.float32))
    levels = [
        typical(read_film(dataclasses.replace(made, even=np.full((SIDE, SIDE), light, np.float32)), SURE, load_bare_prior()), Region.CHEEKS)[0]
        for light in (1.0, 0.3)
    ]
    assert levels[0] == pytest.approx(levels[1], abs=0.01)


def test_coloured_light_where_the_cheek_turns_away_is_no_blush(seen: Unrolled) -> None:
    """Blush, and a rim at the face's sides that glows in three times its colour: the rim is kept no stronger than blush varies."""
    cheeks = np.asarray(region_zone(Region.CHEEKS) > 0.02, np.float32)
    rim = cheeks.copy()
    columns = np.flatnonzero(cheeks.max(axis=0) > 0)
    rim[:, columns[0] + 20 : columns[-1] - 20] = 0
    blushed = painted(seen, cheeks)
    colours = [read_film(made, SURE, load_bare_prior()).painted[Region.CHEEKS] for made in (blushed, painted(blushed, rim, 3 * PAINT))]
    blush, glow = (float(np.median(np.hypot(*colour[rim > 0.5][:, 1:].T))) for colour in colours)
    assert blush < glow < 1.2 * blush, "as it is read, it would be 1.8 times as strong"


def test_blush_has_one_hue(seen: Unrolled) -> None:
    """One half of either cheek lies in a blue shade: what was laid on both is the same."""
    cheeks = np.asarray(region_zone(Region.CHEEKS) > 0.02, np.float32)
    upper = cheeks.copy()
    upper[int(np.average(np.arange(SIDE), weights=cheeks.sum(axis=1))) :] = 0
    shaded = painted(painted(seen, cheeks), upper, PAINT + np.float32([-0.1, 0, 0.25]))
    film = read_film(shaded, SURE, load_bare_prior())
    left = (film.painted[Region.CHEEKS] - film.bare[Region.CHEEKS])[film.presence[Region.CHEEKS] > 0.5]
    hue = np.degrees(np.arctan2(left[:, 2], left[:, 1]))
    strays = np.ptp(np.degrees(np.arctan2(*beside_skin(shaded, shaded.ratio[cheeks > 0])[:, :0:-1].T)))
    assert strays > 10, "the test's own shade must turn the hue"
    assert np.ptp(hue) < 0.1
    assert (left[:, 1] > 5).all()


@pytest.mark.parametrize("region", [Region.LIPS, Region.EYES])
def test_of_a_region_s_light_only_the_trusted_part_is_taken_out(seen: Unrolled, region: Region) -> None:
    made = painted(seen, np.asarray(region_zone(region) > 0.02, np.float32))
    level = 0.8
    shaded = dataclasses.replace(made, even=np.full((SIDE, SIDE), level, np.float32))
    lit, dim = (typical(read_film(each, SURE, load_bare_prior()), region) for each in (made, shaded))
    expected = beside_skin(seen, PAINT, level ** (1 - LIGHT_OUT[region])) - beside_skin(seen, PAINT)
    assert dim[0] < lit[0]
    assert dim[0] - lit[0] == pytest.approx(expected[0], abs=0.6)


def test_lids_are_as_dark_as_they_show_wherever_the_light_lies_on_them(seen: Unrolled) -> None:
    """Pale where the socket's shade is, dark in the light: neither the middle of the colours nor that of the light is what one sees."""
    core = zone_mask(LIDS, SIDE) > 0.5
    rows = np.broadcast_to(np.arange(SIDE)[:, None], core.shape)
    upper, lower = (rows[core] < np.quantile(rows[core], share) for share in (0.4, 0.7))
    ratio, even = seen.ratio.copy(), seen.even.copy()
    ratio[core] = np.select([upper, lower], [0.0, -0.5], -2.0)[:, None]
    even[core] = np.where(upper, 0.5, 1.0)
    film = read_film(dataclasses.replace(seen, ratio=ratio, even=even), SURE, load_bare_prior())
    shown = np.exp(ratio[core]) * seen.photo_skin * even[core][:, None]
    expected = float(np.median(lab_from_linear(shown)[:, 0])) - float(lab_from_linear(seen.photo_skin)[0])
    assert float(np.median(film.painted[Region.EYES][core][:, 0])) == pytest.approx(expected, abs=1.5)


def test_what_is_not_seen_is_not_painted(seen: Unrolled) -> None:
    hidden = dataclasses.replace(seen, skin_seen=np.zeros((SIDE, SIDE), np.float32), lips_seen=np.zeros((SIDE, SIDE), np.float32))
    film = read_film(hidden, dict.fromkeys(SURE, 0.0), load_bare_prior())
    for region in SURE:
        assert film.presence[region].max() == 0
        assert np.isfinite(film.painted[region]).all()


def test_lips_are_held_against_all_skin_and_cheeks_against_the_skin_in_their_light(seen: Unrolled) -> None:
    """A warm lamp on half a face: `photo_skin` has its hue, what one sees between both halves is less golden."""
    bare, shade = zone_mask(BARE, SIDE) > 0.02, np.array([-0.05, 0.0, 0.3], np.float32)
    cool = painted(seen, np.asarray(bare, np.float32), shade)
    (skin, of_light), lit = seen_skin(cool), lab_from_linear(seen.photo_skin)
    np.testing.assert_allclose(skin + of_light, lit, atol=1e-4)
    assert skin[0] == pytest.approx(lit[0])
    np.testing.assert_allclose(skin[1:], lab_from_linear(np.exp(shade) * seen.photo_skin)[1:], atol=0.1)
    assert lit[2] - skin[2] > 3
    for region in (Region.LIPS, Region.CHEEKS):
        worn = [painted(each, np.asarray(region_zone(region) > 0.02, np.float32)) for each in (seen, cool)]
        even, lamp = (typical(read_film(each, SURE, load_bare_prior()), region) for each in worn)
        np.testing.assert_allclose(lamp - even, lit - skin if region is Region.LIPS else 0, atol=0.5)


def test_skin_that_is_hardly_seen_counts_as_it_is_lit(seen: Unrolled) -> None:
    hidden = dataclasses.replace(seen, skin_seen=np.zeros((SIDE, SIDE), np.float32))
    np.testing.assert_allclose(seen_skin(hidden)[0], lab_from_linear(seen.photo_skin))


def test_shadow_on_lids_is_one_rounded_shape_with_a_blended_edge(seen: Unrolled) -> None:
    """Lid, crease and outer corner meet in notches; what is brushed on them does not, and it ends over some points of the chart."""
    made = painted(seen, np.asarray(region_reach(Region.EYES) > 0, np.float32))
    worn = read_film(made, SURE, load_bare_prior()).presence[Region.EYES]
    cover = region_cover(Region.EYES)
    assert notches(cover > 0.5) < 0.003
    assert cover[region_reach(Region.EYES) <= RIM].max() == 0, "nothing is beyond what is fitted"
    orbit = zone_mask(ORBIT, SIDE) > 0.9
    assert np.abs(np.diff(worn, axis=0))[orbit[1:] & orbit[:-1]].max() < 0.3
    assert worn[zone_mask(LIDS, SIDE) > 0.9].min() > 0.9, "the lid itself is covered"


def test_blush_is_one_soft_shape_below_the_eyes(seen: Unrolled) -> None:
    """The zone is an apple and a band up to the temple: laid on as it is, it is a notch below the eye and a horn beside it."""
    made = painted(seen, np.asarray(region_reach(Region.CHEEKS) > 0, np.float32))
    worn = read_film(made, SURE, load_bare_prior()).presence[Region.CHEEKS]
    cover = region_cover(Region.CHEEKS)
    assert notches(worn > 0.5) < 0.01
    assert max(float(np.abs(np.diff(worn, axis=axis)).max()) for axis in (0, 1)) < 0.055
    above_the_eyes = np.arange(SIDE) < load_topology().chart[33, 1] * SIDE - 5
    assert cover[above_the_eyes].max() < 0.5, "a temple is no cheek"
    assert cover[region_reach(Region.CHEEKS) <= RIM].max() <= RIM, "nothing is beyond what is fitted"
    assert np.median(worn[zone_mask(CHEEKS, SIDE) > 0.5]) > 0.8


def notches(shape: npt.NDArray[np.bool_]) -> float:
    """Share of a shape that a disc of twenty points would have to fill."""
    solid = shape.astype(np.uint8)
    closed = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (21, 21)))
    return float((closed - solid).sum() / solid.sum())


@pytest.mark.parametrize("region", [Region.LIPS, Region.EYES])
def test_a_core_weighs_as_many_pixels_as_show_it(drawn_image: Image, drawn_face: Face, region: Region) -> None:
    core = Core.of(unroll_face(drawn_image, drawn_face), region)
    assert float(core.areas.sum()) == pytest.approx(float((window_region(drawn_face, region) > 0.5).sum()), rel=0.15)


def test_a_lip_s_typical_colour_is_that_of_its_pixels(drawn_image: Image, drawn_face: Face) -> None:
    """A vivid middle and a dark rim, which fills many points of the chart and few pixels."""
    window, lips = drawn_face.window_slices, drawn_face.masks.lips
    image = drawn_image.copy()
    rim = lips - cv2.erode(lips, np.ones((9, 9)))
    image[window] = image[window] * (1 - lips[..., None]) + np.float32([0.7, 0.15, 0.2]) * (lips * (1 - 0.6 * rim))[..., None]
    unrolled = unroll_face(image, drawn_face)
    film = read_film(unrolled, SURE, load_bare_prior())
    colours = region_colors(image, drawn_face)
    read = film.skin + Core.of(unrolled, Region.LIPS).middle(film.painted[Region.LIPS])
    np.testing.assert_allclose(read, colours.skin + colours.relative[Region.LIPS], atol=1.5)


def test_cheeks_on_a_smaller_chart_are_the_same_cheeks(seen: Unrolled, monkeypatch: pytest.MonkeyPatch) -> None:
    made = painted(seen, region_cover(Region.CHEEKS))
    films = [read_film(made, SURE, load_bare_prior())]
    monkeypatch.setitem(READ_AT, Region.CHEEKS, SIDE)
    films.append(read_film(made, SURE, load_bare_prior()))
    (small, whole), (few, many) = ([getattr(film, name)[Region.CHEEKS] for film in films] for name in ("painted", "presence"))
    assert small.shape == whole.shape == (SIDE, SIDE, 3)
    np.testing.assert_allclose(few, many, atol=0.03)
    worn = many > 0.3
    assert worn.sum() > 1000
    np.testing.assert_allclose(small[worn], whole[worn], atol=2)
    assert np.abs(small[worn] - whole[worn]).mean() < 0.1


def test_a_smaller_chart_is_the_mean_of_the_whole_one(seen: Unrolled) -> None:
    random = np.random.default_rng(0).random((SIDE, SIDE, 3), np.float32)
    small = dataclasses.replace(seen, ratio=random).at_side(SIDE // 2)
    assert (small.side, small.view.at.shape) == (SIDE // 2, (SIDE // 2, SIDE // 2, 2))
    np.testing.assert_allclose(small.ratio[3, 5], random[6:8, 10:12].mean((0, 1)), rtol=1e-5)
    assert seen.at_side(SIDE) is seen
