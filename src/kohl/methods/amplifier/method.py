"""The amplifier: reads a look from a few pairs, and puts it on any face, aligned to the pixel, for a tiny network to learn from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from kohl.core.arrays import FloatArray, Image
from kohl.core.checks import check_unit
from kohl.core.errors import InputError, UsageError
from kohl.diffusion.haar import from_haar, to_haar
from kohl.diffusion.noise import karras_sigmas
from kohl.diffusion.preconditioning import precondition
from kohl.diffusion.samplers import sample_euler
from kohl.faces.face import Face
from kohl.methods.amplifier.config import REGIONS, AmplifierSpec
from kohl.methods.amplifier.model import ResidualDenoiser, Situation
from kohl.methods.amplifier.regions import allowed_of, region_masks
from kohl.methods.amplifier.situations import Styles, guess_on, put_back, situate
from kohl.nn.devices import device_of

FORMAT = "kohl.amplifier.1"
HIGHEST, LOWEST = 8.0, 0.1
"""Noise levels of sampling, in `sigma_data`."""


@dataclass(frozen=True, slots=True)
class AmplifierKnobs:
    """What one may turn. Raises UsageError for a value out of range."""

    makeup: float = 1.0
    """The paper's λm: how much of the makeup is worn, 0 to 1."""
    detail: float = 1.0
    """The paper's λd: how much of the face's own detail is kept, 0 to 1. At 1 the face's pixels are its own where no makeup is; the paper
    takes 0.8, since its backbone over-saturates."""
    prior: float = 1.0
    """How far the diffusion prior may correct what the chart's lines say, 0 to 1."""
    trust: tuple[float, ...] = (1.0,) * len(REGIONS)
    """The same for each of `REGIONS`, times `prior`: what `trust_in_prior` hears from the pairs."""
    steps: int = 1
    """Steps of the sampler. One step gives the mean of all that the look could be on this face, which is what a pixel loss wants to learn;
    more give a sample of it."""
    compose: bool = True
    """Whether the residual composition is used; without it the conditioned reconstruction is taken as it is. This and the next two are for
    ablations."""
    confine: bool = True
    """Whether region masks confine what is painted."""
    style_tokens: bool = True
    """Whether the denoiser sees the examples, or only what the chart's lines make of them."""

    def __post_init__(self) -> None:
        check_unit(self.makeup, name="makeup")
        check_unit(self.detail, name="detail")
        check_unit(self.prior, name="prior")
        if len(self.trust) != len(REGIONS):
            raise UsageError(f"expected a trust for each of {', '.join(REGIONS)}, got {len(self.trust)}")
        for region, trust in zip(REGIONS, self.trust, strict=True):
            check_unit(trust, name=f"trust in {region}")
        if self.steps < 1:
            raise UsageError(f"expected at least one step, got {self.steps}")


class Amplifier:
    """A trained `ResidualDenoiser` and how it is used. Without one (`Amplifier(None)`) only the chart's style is painted."""

    def __init__(self, denoiser: ResidualDenoiser | None) -> None:
        self.denoiser = None if denoiser is None else denoiser.eval()

    @classmethod
    def load(cls, path: str | Path) -> Amplifier:
        """Load a prior from safetensors. Raises InputError for a file that is none."""
        try:
            with safe_open(path, framework="pt") as file:
                header = dict(file.metadata() or {})
                tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118  not a dict
            if header.get("format") != FORMAT:
                raise InputError(f"{path} is not an amplifier of kohl: expected the format {FORMAT!r}, got {header.get('format')!r}")
            denoiser = ResidualDenoiser(AmplifierSpec.from_dict(json.loads(header["spec"])))
            denoiser.load_state_dict(tensors)
        except (OSError, SafetensorError, RuntimeError, KeyError, ValueError) as error:
            raise InputError(f"expected an amplifier's weights as safetensors, could not load {path}: {error}") from error
        return cls(denoiser)

    def to(self, device: str | torch.device) -> Amplifier:
        """Move the denoiser to a device, and return the amplifier itself; pictures stay where they are."""
        if self.denoiser is not None:
            self.denoiser.to(device)
        return self

    def paint(self, image: Image, face: Face, styles: Styles, knobs: AmplifierKnobs | None = None, *, seed: int = 0) -> Image:
        """Put the styles on `face`.

        Parameters
        ----------
        image
            (H, W, 3) sRGB [0, 1], the face about as large and in the middle as `crop_from_image` cuts it, at least 256 pixels each way.
        face
            Found in `image`.
        styles
            Region → style; different ones mix, each confined to its region.
        knobs, seed
            Same seed, same picture; it matters from two steps on.

        Returns
        -------
        (H, W, 3) float32 sRGB [0, 1]: y = F(x) + λm Rm + λd Rd, with F(x) = x + r(x, nothing), Rm = r(x, styles) - r(x, nothing) and
        Rd = x - F(x) (DAL, arXiv 2403.15033), r the denoiser's residual. Outside the regions it is `image`.
        """
        knobs = knobs or AmplifierKnobs()
        masks = region_masks(face)
        guess, doubt = guess_on(image, face, styles, masks)
        allowed = allowed_of(masks) if knobs.confine else np.ones((), np.float32)
        # A prior that is not trusted at all need not be asked: composed without it, the chart's guess is all there is.
        is_chart_alone = self.denoiser is None or not styles or (knobs.compose and not any(knobs.prior * trust for trust in knobs.trust))
        residual = knobs.makeup * guess if is_chart_alone else self._compose(image, masks, styles, (guess, doubt), knobs, seed)
        return np.asarray(np.clip(image + residual * allowed, 0, 1), np.float32)

    def _compose(
        self, image: Image, masks: FloatArray, styles: Styles, known: tuple[FloatArray, FloatArray], knobs: AmplifierKnobs, seed: int
    ) -> FloatArray:
        """What the paper's composition adds to the image: F(x) + λm Rm + λd Rd - x."""
        guess, _ = known
        share = _share_of_prior(masks, knobs)
        worn = guess + share * (self.residual_of_styles(image, masks, styles, known, knobs, seed) - guess)
        if not knobs.compose:
            return worn
        situation = situate(image, masks, next(iter(styles.values())), *known)
        bare = share * put_back(self._sample(situation.bare(), knobs.steps, seed), np.zeros_like(guess))
        composed: FloatArray = bare + knobs.makeup * (worn - bare) - knobs.detail * bare
        return composed

    def residual_of_styles(
        self, image: Image, masks: FloatArray, styles: Styles, known: tuple[FloatArray, FloatArray], knobs: AmplifierKnobs, seed: int
    ) -> FloatArray:
        """r(x, styles), (H, W, 3): each style's own sample inside its regions; beyond what the denoiser sees, the chart's guess.

        masks, known: what `region_masks` and `guess_on` give. Raises UsageError without a denoiser.
        """
        samples: dict[int, FloatArray] = {}
        for style in styles.values():
            if id(style) not in samples:
                situation = _told(situate(image, masks, style, *known), knobs)
                samples[id(style)] = put_back(self._sample(situation, knobs.steps, seed), known[0])
        if len(samples) == 1:
            return next(iter(samples.values()))
        by_region = dict(zip(REGIONS, masks, strict=True))
        return np.asarray(sum(samples[id(style)] * by_region[region][..., None] for region, style in styles.items()), np.float32)

    @torch.no_grad()
    def _sample(self, situation: Situation, steps: int, seed: int) -> FloatArray:
        residual = self.sample(situation, steps, seed)[0]
        return np.ascontiguousarray(residual.permute(1, 2, 0).cpu().numpy(), np.float32)

    @torch.no_grad()
    def sample(self, situation: Situation, steps: int, seed: int) -> Tensor:
        """Residuals (B, 3, H, W) for a batch of situations, on the denoiser's device. Raises UsageError where there is no denoiser."""
        if self.denoiser is None:
            raise UsageError("expected an amplifier with a denoiser to sample from, this one has none; load the prior")
        denoiser, unit = self.denoiser, self.denoiser.spec.sigma_data
        situation = situation.to(device_of(denoiser))
        center = to_haar(situation.guess)
        sigmas = karras_sigmas(steps, lowest=LOWEST * unit, highest=HIGHEST * unit).to(center.device)
        noise = torch.randn(center.shape, generator=torch.Generator().manual_seed(seed)).to(center.device) * sigmas[0]
        moved = sample_euler(precondition(lambda z, level: denoiser(z, level, situation), unit), noise, sigmas)
        return from_haar(center + moved)


def _share_of_prior(masks: FloatArray, knobs: AmplifierKnobs) -> FloatArray:
    """(H, W, 1) in [0, 1]: what the regions' trust says at each pixel. masks: see `region_masks`."""
    shares = np.array(knobs.trust, np.float32) * np.float32(knobs.prior)
    return np.asarray((np.tensordot(shares, masks, axes=1) / np.maximum(masks.sum(axis=0), 1e-6))[..., None], np.float32)


def _told(situation: Situation, knobs: AmplifierKnobs) -> Situation:
    return situation if knobs.style_tokens else situation.without_tokens()
