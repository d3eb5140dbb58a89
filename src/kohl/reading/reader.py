"""Photo + face → what it wears."""

from __future__ import annotations

from kohl.core.arrays import Image
from kohl.faces.face import Face
from kohl.reading.bare import load_bare_prior, zone_means
from kohl.reading.film import read_film
from kohl.reading.layers import ask_networks, look_of, said_of
from kohl.reading.plain_colour import heed_colour
from kohl.reading.presence import find_presence
from kohl.reading.reading import Reading
from kohl.reading.texture import LazyTexture
from kohl.reading.unrolled import unroll_window, window_light


def read_makeup(image: Image, face: Face) -> Reading:
    """Read what `face` of `image`, (H, W, 3) sRGB [0, 1], wears. Light and skin are taken out: see `kohl.reading.unrolled`."""
    linear, prior = window_light(image, face), load_bare_prior()
    unrolled = unroll_window(linear, face)
    answers = ask_networks(linear, face, unrolled)
    means = zone_means(unrolled)
    confidence = heed_colour(said_of(answers), means, unrolled.skin, prior)
    film = read_film(unrolled, find_presence(means, confidence), prior)
    return Reading(look_of(answers, confidence), confidence, film, LazyTexture.of(linear, face), face.is_sure)
