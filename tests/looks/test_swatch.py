"""Product photos, drawn: the pigment comes out whatever lies around it."""

import numpy as np
import pytest

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.errors import UsageError
from kohl.looks.layers import Blush, Eyeshadow, Lipstick
from kohl.looks.pigment import Pigment
from kohl.looks.swatch import find_swatches, layer_from_photo

PLUM = Pigment("#5f2143")


def canvas(colour: str, size: tuple[int, int] = (120, 160)) -> np.ndarray:
    return np.full((*size, 3), Pigment(colour).rgb, np.float32)


def smear(background: str = "#f2efea", pigment: Pigment = PLUM, seed: int = 0) -> np.ndarray:
    """A round smear with uneven light, grain, a glint and a shadow beside it."""
    rng = np.random.default_rng(seed)
    photo = canvas(background)
    rows, columns = np.mgrid[:120, :160]
    inside = ((rows - 60) / 42) ** 2 + ((columns - 80) / 55) ** 2 < 1
    light = 1 + 0.12 * (columns / 160 - 0.5)
    photo[inside] = np.array(pigment.rgb) * light[inside][:, None]
    photo[((rows - 45) / 6) ** 2 + ((columns - 70) / 18) ** 2 < 1] = 0.97
    photo[((rows - 104) / 3) ** 2 + ((columns - 80) / 45) ** 2 < 1] = 0.02
    return np.clip(photo + rng.normal(0, 0.012, photo.shape), 0, 1).astype(np.float32)


def difference(pigment: Pigment, expected: str) -> float:
    return float(delta_e2000(lab_from_srgb(pigment.rgb), lab_from_srgb(Pigment(expected).rgb)))


@pytest.mark.parametrize("pigment", ["#5f2143", "#a5131f", "#d6b088", "#8d392b", "#bf4a6c", "#17110f", "#c4913c"])
@pytest.mark.parametrize("background", ["#f2efea", "#202020", "#8fa0b0"])
def test_a_smear_on_a_plain_background(pigment, background):
    if difference(Pigment(pigment), background) > 12:
        assert difference(find_swatches(smear(background, Pigment(pigment)))[0].pigment, pigment) < 4


def test_a_swatch_that_fills_the_photo():
    swatch = find_swatches(canvas("#8d392b"))[0]
    assert swatch.pigment == "#8d392b"
    assert swatch.share == 1


def test_a_busy_background_does_not_win():
    rng = np.random.default_rng(1)
    photo = rng.random((120, 160, 3), dtype=np.float32)
    photo[20:100, 30:130] = PLUM.rgb
    assert difference(find_swatches(photo)[0].pigment, PLUM) < 3


def test_a_palette_gives_its_pans_by_size():
    photo = canvas("#f4f2ee")
    photo[20:100, 10:70], photo[20:100, 80:120], photo[20:100, 128:150] = (Pigment(name).rgb for name in ("#8d392b", "#146b70", "#c4913c"))
    swatches = find_swatches(photo, count=5)
    assert [difference(swatch.pigment, name) < 2 for swatch, name in zip(swatches, ("#8d392b", "#146b70", "#c4913c"), strict=True)] == [True] * 3
    assert sum(swatch.share for swatch in swatches) == pytest.approx(1, abs=0.02)


def test_large_photos_are_thinned_first():
    photo = np.kron(smear(), np.ones((12, 12, 1), np.float32))
    assert difference(find_swatches(photo)[0].pigment, PLUM) < 4


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 3)])
def test_tiny_photos(size):
    assert find_swatches(canvas("#8d392b", size))[0].pigment == "#8d392b"


@pytest.mark.parametrize(("product", "kind"), [("lipstick", Lipstick), ("blush", Blush), ("eyeshadow", Eyeshadow)])
def test_a_photo_becomes_a_layer(product, kind):
    layer = layer_from_photo(canvas("#8d392b"), product)
    assert isinstance(layer, kind)
    assert (layer.pans[0] if product == "eyeshadow" else layer).pigment == "#8d392b"


def test_bad_calls_are_refused():
    with pytest.raises(UsageError, match="float32"):
        find_swatches(np.zeros((4, 4, 3)))
    with pytest.raises(UsageError, match="at least 1 colour, got 0"):
        find_swatches(canvas("#fff"), count=0)
    for product in ("decal", "wig"):
        with pytest.raises(UsageError, match=f"expected a product with a pigment, one of .*, got '{product}'"):
            layer_from_photo(canvas("#fff"), product)
