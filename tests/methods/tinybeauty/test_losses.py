"""What the tiny network is trained with: each loss against its definition or a case that can be worked out."""

from __future__ import annotations

import pytest
import torch
from scipy import ndimage
from torch import Tensor, nn

from kohl.methods.tinybeauty.losses import eyeliner_loss, feature_loss, gradient_loss, pixel_loss, sobel


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


ZERO = torch.zeros(2, 3, 16, 16)


def test_equal_residuals_cost_nothing():
    made = random(2, 3, 16, 16)
    eyes = torch.ones(2, 1, 16, 16)
    for loss in (pixel_loss(made, made, 0.1), eyeliner_loss(made, made, eyes, 0.1), gradient_loss(made, made, 0.1)):
        assert float(loss) == 0


def test_pixels_count_in_units_of_the_change():
    assert float(pixel_loss(ZERO + 0.1, ZERO, 0.1)) == pytest.approx(2.0, rel=1e-5), "square and absolute, one each"
    faint, bold = (pixel_loss(scale * random(2, 3, 16, 16), ZERO, 0.1 * scale) for scale in (0.1, 1.0))
    assert float(faint) == pytest.approx(float(bold), rel=1e-4)


def test_sobel_is_sobel():
    picture = random(1, 1, 12, 9)
    across, down = sobel(picture)
    for found, axis in ((across, 1), (down, 0)):
        expected = ndimage.sobel(picture[0, 0].numpy().astype("float64"), axis=axis)[1:-1, 1:-1] / 8
        torch.testing.assert_close(found[0, 0], torch.from_numpy(expected).float(), atol=1e-5, rtol=1e-4)


def test_the_eyeliner_loss_sees_eyes_alone():
    made, eyes = ZERO.clone(), torch.zeros(2, 1, 16, 16)
    made[..., 4, 4] = 1.0
    eyes[..., 10:14, 10:14] = 1.0
    assert float(eyeliner_loss(made, ZERO, eyes, 1.0)) == 0
    made[..., 12, 12] = 1.0
    assert float(eyeliner_loss(made, ZERO, eyes, 1.0)) > 0
    assert float(eyeliner_loss(made, ZERO, torch.zeros_like(eyes), 1.0)) == 0, "no eyes, no loss, and no division by 0"


def test_structure_does_not_mind_a_shift_of_brightness():
    assert float(gradient_loss(ZERO + 0.3, ZERO, 1.0)) == pytest.approx(0, abs=1e-6)
    edge = ZERO.clone()
    edge[..., 8:] = 1.0
    assert float(gradient_loss(edge, ZERO, 1.0)) > 0.01


def test_features_are_compared_in_shares_of_doing_nothing():
    features = nn.Conv2d(3, 4, 3).requires_grad_(requires_grad=False)
    before, wanted = random(2, 3, 16, 16), 0.2 * random(2, 3, 16, 16, seed=1)
    assert float(feature_loss(features, before, ZERO, wanted)) == pytest.approx(1.0, rel=1e-5)
    assert float(feature_loss(features, before, 0.5 * wanted, wanted)) == pytest.approx(0.5, rel=1e-3)
    assert float(feature_loss(features, before, wanted, wanted)) == 0
