"""End to end on the tiny backbone: which pixels change, which do not, and what the knobs do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.errors import KohlError, UnknownNameError, UsageError
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.config import SAMPLERS, TINY, Sampler, SamplingKnobs
from kohl.methods.amplifier.stable_diffusion.examples import BareFace, Example
from kohl.methods.amplifier.stable_diffusion.generating import generate, paste
from kohl.methods.amplifier.stable_diffusion.loading import load_backbone
from kohl.methods.amplifier.stable_diffusion.masks import changed_mask
from kohl.methods.amplifier.stable_diffusion.model import Amplifier
from kohl.methods.amplifier.stable_diffusion.residual import Wear, compose_residual, find_residual, mix_latents, share_out
from kohl.methods.amplifier.stable_diffusion.styles import embed_style
from kohl.methods.amplifier.stable_diffusion.tensors import tensor_from_image, tensor_from_mask
from tiny_diffusion import Fresh, bare_face, example

KNOBS = SamplingKnobs(steps=4, strength=0.5, guidance=7.5)


@pytest.fixture(scope="module")
def amplifier(fresh: Fresh) -> Amplifier:
    """Not trained, but shaken, so that its conditions count. Sampling leaves it as it is, so one serves all tests."""
    return shaken(fresh())


@pytest.fixture(scope="module")
def styles(amplifier: Amplifier) -> dict[str, torch.Tensor]:
    colours = {"red": (0.7, 0.1, 0.2), "green": (0.0, 0.9, 0.1)}
    return {name: embed_style(amplifier.backbone, [example(1, colour=colour)]) for name, colour in colours.items()}


def shaken(backbone: Backbone) -> Amplifier:
    amplifier = Amplifier(backbone, TINY)
    generator = torch.Generator().manual_seed(0)
    for parameter in amplifier.trainable().values():
        parameter.data += 0.5 * torch.randn(parameter.shape, generator=generator)
    return amplifier


def wear(amplifier: Amplifier, styles: dict[str, torch.Tensor], face: BareFace, regions: dict[str, str] | None = None, **options: object) -> Example:
    """`face` in one style ("red"), or in a mix."""
    chosen = styles if regions else {"red": styles["red"]}
    (made,) = generate(amplifier, chosen, [face], regions=regions, **{"knobs": KNOBS} | options)  # type: ignore[arg-type]
    return made


def moved(made: Example) -> np.ndarray:
    return (made.after != made.before).any(-1)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("side", [32, 48, 20])
def test_outside_the_masks_the_photo_is_untouched(amplifier: Amplifier, styles: dict[str, torch.Tensor], sampler: Sampler, side: int):
    face = bare_face(side=side)
    made = wear(amplifier, styles, face, knobs=SamplingKnobs(sampler=sampler, steps=4, strength=0.5))
    assert made.before is face.image
    assert made.after.shape == face.image.shape
    assert made.after.dtype == np.float32
    assert 0 <= made.after.min() <= made.after.max() <= 1
    inside = changed_mask(face.masks) > 0
    assert not (moved(made) & ~inside).any()
    assert moved(made)[inside].mean() > 0.9


def test_only_the_worn_regions_change(amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    face = bare_face()
    made = wear(amplifier, styles, face, {"lips": "red"})
    assert not (moved(made) & (face.masks["lips"] == 0)).any()
    assert moved(made)[face.masks["lips"] == 1].mean() > 0.9


def test_styles_mix_by_region(amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    """Lips follow the style that they wear, and hardly the one that the eyes wear."""
    face = bare_face()
    looks = {
        (lips, eyes): wear(amplifier, styles, face, {"lips": lips, "eyes": eyes}).after for lips in ("red", "green") for eyes in ("red", "green")
    }
    lips = face.masks["lips"] > 0

    def apart(one: np.ndarray, other: np.ndarray) -> float:
        return float(np.abs(one - other)[lips].mean())

    own = apart(looks["red", "red"], looks["green", "red"])
    foreign = apart(looks["red", "red"], looks["red", "green"])
    assert own > 1e-3
    # Not nothing: the tiny VAE's attention looks at the whole picture, as the real one's does.
    assert foreign < 0.4 * own


def test_same_seed_same_pairs_and_each_face_its_own_noise(amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    faces = [bare_face(1), bare_face(1), bare_face(2)]
    first, again, other = ([made.after for made in generate(amplifier, {"red": styles["red"]}, faces, knobs=KNOBS, seed=seed)] for seed in (5, 5, 6))
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    assert not np.array_equal(first[0], first[1])


def test_a_fresh_process_would_make_the_same(amplifier: Amplifier, styles: dict[str, torch.Tensor], fresh: Fresh):
    twin = shaken(fresh())
    assert np.array_equal(wear(amplifier, styles, bare_face()).after, wear(twin, styles, bare_face()).after)


def test_no_makeup_and_all_detail_is_the_photo(amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    face = bare_face()
    made = wear(amplifier, styles, face, knobs=SamplingKnobs(makeup=0.0, detail=1.0))
    assert np.array_equal(made.after, face.image)
    assert made.after is not face.image


def test_without_makeup_the_style_does_not_matter(amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    knobs = SamplingKnobs(steps=4, strength=0.5, makeup=0.0, detail=0.8)
    red, green = (wear(amplifier, styles, bare_face(), dict.fromkeys(("face", "lips"), name), knobs=knobs).after for name in styles)
    assert np.array_equal(red, green)
    with_makeup = wear(amplifier, styles, bare_face(), dict.fromkeys(("face", "lips"), "red")).after
    assert not np.array_equal(red, with_makeup)


def test_makeup_grows_with_its_knob(amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    def change(makeup: float) -> float:
        knobs = SamplingKnobs(steps=4, strength=0.5, makeup=makeup, detail=1.0)
        made = wear(amplifier, styles, bare_face(), knobs=knobs)
        return float(np.abs(made.after - made.before).mean())

    assert 0 < change(0.1) < change(0.3) < change(0.6)


def test_a_region_that_the_face_lacks_is_left_out(amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    face = bare_face()
    lips_only = BareFace(face.image, {"lips": face.masks["lips"]})
    assert np.array_equal(wear(amplifier, styles, lips_only, {"eyes": "red"}).after, face.image)
    assert moved(wear(amplifier, styles, lips_only)).any()


def test_faces_are_taken_one_by_one(amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    def endless() -> object:
        while True:
            yield bare_face()

    made = generate(amplifier, {"red": styles["red"]}, endless(), knobs=KNOBS)  # type: ignore[arg-type]
    assert next(made).after.shape == (32, 32, 3)


def test_a_controlnet_takes_part(sd_folder: Path, amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    guided = load_backbone(sd_folder, controlnet=sd_folder / "controlnet")
    for parameter in guided.controlnet.parameters():
        parameter.data += 0.05
    with_edges = wear(shaken(guided), styles, bare_face()).after
    assert not np.array_equal(with_edges, wear(amplifier, styles, bare_face()).after)


@pytest.mark.parametrize(
    ("regions", "error", "words"),
    [
        (None, UsageError, r"with 2 styles \(red, green\) say which region wears which"),
        ({}, UsageError, "must name at least one of face, lips, eyes, brows"),
        ({"lip": "red"}, UnknownNameError, "did you mean 'lips'"),
        ({"lips": "rad"}, UnknownNameError, "did you mean 'red'"),
    ],
)
def test_a_wrong_mix_is_refused_before_anything_runs(
    amplifier: Amplifier, styles: dict[str, torch.Tensor], regions: dict[str, str] | None, error: type[Exception], words: str
):
    with pytest.raises(error, match=words):
        generate(amplifier, styles, [], regions=regions)


def test_numbers_that_are_not_finite_are_an_error(backbone: Backbone, styles: dict[str, torch.Tensor]):
    broken = shaken(backbone)
    backbone.unet.conv_out.weight.data.fill_(float("nan"))
    with pytest.raises(KohlError, match="not finite; load it with dtype"):
        wear(broken, styles, bare_face())


def test_the_composition_is_the_papers(amplifier: Amplifier):
    photo, bare, made = torch.rand(3, 1, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    ours = photo + compose_residual(photo, bare, made, makeup=1.0, detail=0.8)
    assert torch.allclose(ours, bare + 1.0 * (made - bare) + 0.8 * (photo - bare), atol=1e-6)


@given(makeup=st.floats(0, 2), detail=st.floats(0, 1), seed=st.integers(0, 99))
def test_the_composition_is_the_papers_for_every_knob(makeup: float, detail: float, seed: int):
    photo, bare, made = torch.rand(3, 1, 3, 4, 4, generator=torch.Generator().manual_seed(seed))
    ours = photo + compose_residual(photo, bare, made, makeup=makeup, detail=detail)
    assert torch.allclose(ours, bare + makeup * (made - bare) + detail * (photo - bare), atol=1e-5)


@given(seed=st.integers(0, 99), count=st.integers(1, 4))
def test_shares_never_exceed_one_and_never_grow(seed: int, count: int):
    masks = list(torch.rand(count, 1, 1, 5, 5, generator=torch.Generator().manual_seed(seed)))
    shares = share_out(masks)
    assert torch.stack(shares).sum(0).max() <= 1 + 1e-6
    assert all((share <= mask + 1e-6).all() for share, mask in zip(shares, masks, strict=True))


def test_outside_the_shares_the_latent_is_the_photos_own():
    original, red, green = torch.rand(3, 1, 4, 5, 5, generator=torch.Generator().manual_seed(0))
    left, right = torch.zeros(2, 1, 1, 5, 5)
    left[..., :2], right[..., 3:] = 1, 1
    mixed = mix_latents(original, [(red, left), (green, right)])
    assert torch.equal(mixed[..., 2], original[..., 2])
    assert torch.allclose(mixed[..., :2], red[..., :2])
    assert torch.allclose(mixed[..., 3:], green[..., 3:])


def test_the_residual_does_not_care_whether_a_style_is_worn_in_one_piece_or_two(amplifier: Amplifier, styles: dict[str, torch.Tensor]):
    """Both passes start from the same noise, so the same style under two masks is the style under their sum."""
    face, device = bare_face(), torch.device("cpu")
    pixels = tensor_from_image(face.image, 32, device)
    lips, eyes = (tensor_from_mask(face.masks[region], 16, device) for region in ("lips", "eyes"))
    one = find_residual(amplifier, pixels, [Wear(styles["red"], lips + eyes)], KNOBS, seed=1)
    two = find_residual(amplifier, pixels, [Wear(styles["red"], lips), Wear(styles["red"], eyes)], KNOBS, seed=1)
    assert torch.allclose(one, two, atol=1e-5)


@given(side=st.integers(4, 40), small=st.integers(2, 40), seed=st.integers(0, 99))
def test_paste_touches_nothing_where_the_mask_is_zero(side: int, small: int, seed: int):
    rng = np.random.default_rng(seed)
    image, residual = rng.random((side, side, 3), np.float32), rng.uniform(-2, 2, (small, small, 3)).astype(np.float32)
    mask = (rng.random((side, side)) > 0.5).astype(np.float32)
    pasted = paste(image, residual, mask)
    assert np.array_equal(pasted[mask == 0], image[mask == 0])
    assert 0 <= pasted.min() <= pasted.max() <= 1
