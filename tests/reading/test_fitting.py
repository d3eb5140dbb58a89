"""Fitting: the wearer gets the colour that was read, wherever her own lips are dark."""

from __future__ import annotations

import numpy as np

from kohl.color.lab import lab_from_linear, lab_from_srgb
from kohl.core.arrays import FloatArray, Image
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.reading.film import ReadFilm
from kohl.reading.fitting import _of_its_hue, fit_films
from kohl.reading.on_skin import colour_on_skin
from kohl.reading.region_zones import region_zone
from kohl.reading.unrolled import SIDE, unroll_window
from kohl.reading.wearer import Wearer
from kohl.reading.zones import LIDS, zone_mask
from kohl.rendering.canvas import Canvas
from kohl.rendering.chart_film import ChartFilm, paint_chart_films
from kohl.rendering.light import luminance
from kohl.rendering.stencil import Stencil

RED = np.array([-18, 38, 14], np.float32)
"""Lab of the lipstick minus Lab of the skin that it was read beside."""
SKIN = np.array([65, 15, 20], np.float32)
"""Lab of that skin."""


def painted_red(image: Image, face: Face) -> Image:
    canvas = Canvas.of(image, face)
    painted = np.broadcast_to(RED, (SIDE, SIDE, 3)).copy()
    film = ReadFilm({Region.LIPS: painted}, {Region.LIPS: region_zone(Region.LIPS)}, SKIN)
    paint_chart_films(canvas, fit_films(film, Wearer.of(canvas, unroll_window(canvas.linear, face))))
    return canvas.finish()


def test_lips_get_the_asked_colour_beside_their_skin(drawn_image: Image, drawn_face: Face) -> None:
    result = painted_red(drawn_image, drawn_face)
    lips, skin = drawn_face.masks.lips > 0.9, drawn_face.masks.skin > 0.9
    step = np.median(lab_from_srgb(result[lips]), axis=0) - np.median(lab_from_srgb(drawn_image[drawn_face.window_slices][skin]), axis=0)
    assert abs(step[1] - RED[1]) < 10
    assert abs(step[2] - RED[2]) < 10


def test_a_near_black_plum_over_a_vivid_spot_is_no_blue() -> None:
    """All of the ground's red taken away leaves blue in a pigment, and that shows where the ground is paler."""
    wanted, solved = np.float32([[0.02, 0.006, 0.018], [0.2, 0.01, 0.02]]), np.float32([[0.002, 0.002, 0.009], [0.3, 0.004, 0.01]])
    kept = _of_its_hue(solved, wanted)
    np.testing.assert_allclose(kept, np.float32([[0.009, 0.002, 0.009], [0.3, 0.004, 0.01]]))


def test_a_seam_too_dark_for_the_colour_does_not_turn_into_its_opposite(drawn_image: Image, drawn_face: Face) -> None:
    """Red cut at what a surface can reflect, green and blue left as they were: that is teal."""
    dim = drawn_image.copy()
    lips = np.zeros(drawn_face.size, np.float32)
    lips[drawn_face.window_slices] = drawn_face.masks.lips
    rows = np.flatnonzero(lips.max(1) > 0.5)
    seam = slice(int(rows.mean()) - 2, int(rows.mean()) + 3)
    dim[seam] *= 1 - 0.85 * lips[seam][..., None]
    result = painted_red(dim, drawn_face)
    here = (lips > 0.9)[drawn_face.window_slices]
    here[: seam.start - drawn_face.window[0]] = False
    here[seam.stop - drawn_face.window[0] :] = False
    assert here.sum() > 10
    assert np.percentile(lab_from_srgb(result[here])[:, 1], 5) > 0


def test_lips_keep_their_depth_on_lighter_skin_and_stay_above_black_on_deeper(drawn_image: Image, drawn_face: Face) -> None:
    """The same contrast beside lighter skin would be a paler lip; what the light would make of it on deeper skin is black."""
    canvas = Canvas.of(drawn_image, drawn_face)
    wearer = Wearer.of(canvas, unroll_window(canvas.linear, drawn_face))
    own = lab_from_linear(wearer.skin)
    depths = []
    for darker in (-20.0, 0.0, 20.0):
        theirs = np.asarray(own - [darker, 0, 0], np.float32)
        film = ReadFilm({Region.LIPS: np.broadcast_to(RED, (SIDE, SIDE, 3)).copy()}, {Region.LIPS: region_zone(Region.LIPS)}, theirs)
        depths.append(float(np.median(lab_from_linear(fit_films(film, wearer)[Region.LIPS].opaque[region_zone(Region.LIPS) > 0.9])[:, 0])))
    assert depths[2] < depths[1] - 2
    assert depths[0] > depths[1]


def lids_film(image: Image, face: Face, painted: tuple[float, float, float]) -> FloatArray:
    """(N, 3) pigments of the film that gives lids the Lab colour `painted` beside `SKIN`."""
    canvas = Canvas.of(image, face)
    wearer = Wearer.of(canvas, unroll_window(canvas.linear, face))
    zone = region_zone(Region.EYES)
    film = ReadFilm({Region.EYES: np.broadcast_to(np.float32(painted), (SIDE, SIDE, 3)).copy()}, {Region.EYES: zone}, SKIN)
    return fit_films(film, wearer)[Region.EYES].opaque[zone > 0.9]


def test_a_black_lid_is_black_and_not_dark_red(drawn_image: Image, drawn_face: Face) -> None:
    """Skin shining through a thin film must not be paid for with a channel that reflects nothing: every highlight would show the others."""
    opaque = lids_film(drawn_image, drawn_face, (-50, -13, -18))
    assert np.median(luminance(opaque)) < 0.06
    assert np.percentile(opaque.max(-1) / opaque.min(-1), 99) < 3


def test_a_dark_brown_lid_is_no_more_vivid_than_it_is_asked_to_be(drawn_image: Image, drawn_face: Face) -> None:
    """The same of a colour that has a hue: the film's channels lie no further apart than those of what is seen of it."""
    brown = np.float32([[-50, 2, 2]])
    canvas = Canvas.of(drawn_image, drawn_face)
    asked = colour_on_skin(brown, SKIN, Wearer.of(canvas, unroll_window(canvas.linear, drawn_face)).skin, Region.EYES)
    opaque = lids_film(drawn_image, drawn_face, (-50, 2, 2))
    assert np.percentile(opaque.max(-1) / opaque.min(-1), 99) < asked.max() / asked.min()
    assert np.median(luminance(opaque)) < 0.06


def test_a_dark_red_lid_on_deep_skin_is_no_black_one(drawn_image: Image, drawn_face: Face) -> None:
    """As dark as it would have to be there, no powder is: it keeps its hue."""
    dim = np.asarray(drawn_image * np.float32(0.35), np.float32)
    red, black = lids_film(dim, drawn_face, (-48, 10, -8)), lids_film(dim, drawn_face, (-50, -13, -18))
    assert np.median(red[:, 0] / red[:, 1]) > 3
    assert np.median(black[:, 0] / black[:, 1]) < 1.5
    assert np.median(luminance(red)) < 0.03


def test_the_shine_of_bare_lids_is_no_grey_veil_on_dark_shadow(drawn_image: Image, drawn_face: Face) -> None:
    """Shadow is a powder: of a shine that a bare lid shows, hardly more than half is left on it, and pores still glint."""
    lids = drawn_face.field.sample(zone_mask(LIDS, SIDE)) * drawn_face.masks.skin
    shone = drawn_image.copy()
    shone[drawn_face.window_slices] += 0.25 * (1 - drawn_image[drawn_face.window_slices]) * lids[..., None]
    canvas = Canvas.of(shone, drawn_face)
    black = np.full((SIDE, SIDE, 3), 0.02, np.float32)
    paint_chart_films(canvas, {Region.EYES: ChartFilm(black, 0.97 * region_zone(Region.EYES))})
    core = Stencil.of(np.asarray(lids > 0.9, np.float32))
    mirrored = core.take(canvas.shading.highlight).mean()
    under = (core.take(canvas.albedo) * core.take(canvas.shading.shade)[..., None] * canvas.shading.light.color).mean()
    assert mirrored > 0.02
    assert canvas.shown(core).mean() - under < 0.75 * mirrored


def test_a_pixel_that_lips_half_fill_is_half_painted(drawn_image: Image, drawn_face: Face) -> None:
    """Half the thickness all over it would be a filter: a line around the lips that is more vivid than they are."""
    lips = drawn_face.masks.lips
    edge = (lips > 0.4) & (lips < 0.6)
    assert edge.sum() > 20
    canvas = Canvas.of(drawn_image, drawn_face)
    red = np.broadcast_to(np.float32([0.4, 0.01, 0.02]), (SIDE, SIDE, 3)).copy()
    paint_chart_films(canvas, {Region.LIPS: ChartFilm(red, np.ones((SIDE, SIDE), np.float32))})
    share = lips[edge][:, None]
    half_way = canvas.shading.albedo[edge] * (1 - share) + red[0, 0] * share
    np.testing.assert_allclose(canvas.albedo[edge], half_way, atol=0.015)
