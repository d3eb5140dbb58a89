"""Thousands of pairs from a few: every bare face puts on the look, or a mix of looks region by region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from torch import Tensor

from kohl.core.arrays import Image, Mask
from kohl.core.errors import KohlError, UnknownNameError, UsageError
from kohl.geometry.warp import resize
from kohl.methods.amplifier.stable_diffusion.config import SamplingKnobs
from kohl.methods.amplifier.stable_diffusion.examples import REGIONS, BareFace, Example
from kohl.methods.amplifier.stable_diffusion.masks import changed_mask
from kohl.methods.amplifier.stable_diffusion.model import Amplifier
from kohl.methods.amplifier.stable_diffusion.residual import Wear, find_residual
from kohl.methods.amplifier.stable_diffusion.tensors import array_from_tensor, tensor_from_image, tensor_from_mask

DEFAULT_KNOBS = SamplingKnobs()


def generate(
    amplifier: Amplifier,
    styles: Mapping[str, Tensor],
    faces: Iterable[BareFace],
    *,
    regions: Mapping[str, str] | None = None,
    knobs: SamplingKnobs = DEFAULT_KNOBS,
    seed: int = 0,
) -> Iterator[Example]:
    """Put the look on one face after another; lazily, so `faces` may be as long as it likes.

    Parameters
    ----------
    amplifier
        Trained by `kohl.training.recipes.stable_diffusion.fit`, or loaded by `files.load_amplifier`.
    styles
        Style embeddings (1, E) by name (`styles.embed_style`).
    faces
        Square faces of any size. The network works at the backbone's size; its residual is added at the face's own.
    regions
        Which style each region wears, such as ``{"lips": "plum", "eyes": "smoky"}``; a region that is missing stays as it is.
        None wears the only style everywhere.
    knobs
        Sampler, strengths, λm and λd.
    seed
        The noise of face number n depends on `seed` and n alone.

    Yields
    ------
    Example
        `before` is the face's own image; `after` equals it bit for bit wherever the worn regions' masks are 0.

    Raises
    ------
    UsageError
        `regions` is empty, or None with more than one style.
    UnknownNameError
        `regions` names a region or a style that does not exist.
    """
    worn = check_regions(styles, regions)
    return (put_on(amplifier, styles, face, worn, knobs=knobs, seed=_seed_of(seed, index)) for index, face in enumerate(faces))


def put_on(
    amplifier: Amplifier, styles: Mapping[str, Tensor], face: BareFace, worn: Mapping[str, str], *, knobs: SamplingKnobs, seed: int
) -> Example:
    """One face of `generate`; `worn` as `check_regions` returns it."""
    wearable = {region: style for region, style in worn.items() if region in face.masks}
    if not wearable or _changes_nothing(knobs):
        return Example(face.image, face.image.copy(), face.masks)
    backbone = amplifier.backbone
    places = {style: changed_mask(face.masks, [r for r, s in wearable.items() if s == style]) for style in dict.fromkeys(wearable.values())}
    wears = [Wear(styles[name], tensor_from_mask(mask, backbone.latent_side, backbone.device)) for name, mask in places.items()]
    pixels = tensor_from_image(face.image, backbone.side, backbone.device)
    residual = array_from_tensor(find_residual(amplifier, pixels, wears, knobs, seed=seed))
    if not np.isfinite(residual).all():
        raise KohlError(f"the backbone {backbone.source} gave numbers that are not finite; load it with dtype=torch.float32 or bfloat16")
    return Example(face.image, paste(face.image, residual, changed_mask(face.masks, wearable)), face.masks)


def paste(image: Image, residual: Image, mask: Mask) -> Image:
    """Add a residual (s, s, 3), enlarged to the image's size, under `mask` (S, S); bit for bit the image (S, S, 3) where the mask is 0."""
    own_size = image.shape[:2]
    fitted = residual if residual.shape[:2] == own_size else resize(residual, (own_size[0], own_size[1]))
    return np.clip(image + mask[..., None] * fitted, 0, 1).astype(np.float32)


def check_regions(styles: Mapping[str, object], regions: Mapping[str, str] | None) -> dict[str, str]:
    """Which style each region wears, checked. Raises as `generate`."""
    if regions is None:
        if len(styles) != 1:
            raise UsageError(f"with {len(styles)} styles ({', '.join(styles)}) say which region wears which: regions={{'lips': …}}")
        return dict.fromkeys(REGIONS, next(iter(styles)))
    if not regions:
        raise UsageError(f"regions must name at least one of {', '.join(REGIONS)}, got none; leave it out to wear the only style everywhere")
    for region, style in regions.items():
        if region not in REGIONS:
            raise UnknownNameError("region", region, REGIONS)
        if style not in styles:
            raise UnknownNameError("style", style, styles)
    return dict(regions)


def _changes_nothing(knobs: SamplingKnobs) -> bool:
    return knobs.makeup == 0 and knobs.detail == 1


def _seed_of(seed: int, index: int) -> int:
    return int(np.random.SeedSequence([seed, index]).generate_state(1)[0])
