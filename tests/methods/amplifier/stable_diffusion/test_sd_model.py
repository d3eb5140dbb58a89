"""Tokens, LoRA and what they do to a backbone."""

from __future__ import annotations

import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from kohl.core.errors import UsageError
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone, Control
from kohl.methods.amplifier.stable_diffusion.config import SD15, TINY
from kohl.methods.amplifier.stable_diffusion.edges import find_edges
from kohl.methods.amplifier.stable_diffusion.loading import load_backbone
from kohl.methods.amplifier.stable_diffusion.lora import add_lora, lora_parameters
from kohl.methods.amplifier.stable_diffusion.model import Amplifier
from kohl.methods.amplifier.stable_diffusion.styles import embed_style, style_picture
from kohl.methods.amplifier.stable_diffusion.tokens import TokenProjector
from tiny_diffusion import Fresh, example

STEP = torch.tensor([20])


def latent(seed: int = 0, side: int = 16) -> torch.Tensor:
    return torch.randn(1, 4, side, side, generator=torch.Generator().manual_seed(seed))


def embedding(backbone: Backbone, seed: int) -> torch.Tensor:
    return torch.randn(1, backbone.embedding_dim, generator=torch.Generator().manual_seed(seed))


def shake(amplifier: Amplifier, seed: int = 0) -> None:
    """As if trained: every trainable weight moves."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in amplifier.trainable().values():
        parameter.data += 0.3 * torch.randn(parameter.shape, generator=generator)


def test_tokens_have_their_shape_and_are_normalised():
    tokens = TokenProjector(embedding_dim=12, num_tokens=5, cross_dim=16)(torch.randn(3, 12))
    assert tokens.shape == (3, 5, 16)
    assert tokens.mean(-1).abs().max() < 1e-5
    assert (tokens.std(-1, unbiased=False) - 1).abs().max() < 1e-2


def test_published_sizes_on_the_published_architecture():
    """Stable Diffusion 1.5's UNet, without its weights: rank 4 on q, k, v, out of its 32 attentions; the projector of ViT-H/14."""
    with torch.device("meta"):
        unet = UNet2DConditionModel(sample_size=64, cross_attention_dim=768)
        add_lora(unet, rank=SD15.lora_rank, alpha=SD15.lora_alpha, seed=0)
        projector = TokenProjector(embedding_dim=1024, num_tokens=SD15.num_tokens, cross_dim=768)
    lora = lora_parameters(unet)
    assert len(lora) == 32 * 4 * 2
    assert sum(parameter.numel() for parameter in lora.values()) == 797_184
    assert sum(parameter.numel() for parameter in projector.parameters()) == 25_191_936
    assert {name for name, parameter in unet.named_parameters() if parameter.requires_grad} == {
        name.replace(".weight", ".kohl.weight") for name in lora
    }


def test_fresh_lora_changes_nothing(backbone: Backbone):
    context = torch.randn(1, 8, 16, generator=torch.Generator().manual_seed(5))
    before = backbone.unet(latent(), STEP, context).sample
    amplifier = Amplifier(backbone, TINY)
    assert torch.allclose(amplifier.predict(latent(), STEP, context), before, atol=1e-6)


def test_lora_counts_by_its_scale(backbone: Backbone):
    context = torch.randn(1, 8, 16, generator=torch.Generator().manual_seed(5))
    before = backbone.unet(latent(), STEP, context).sample
    amplifier = Amplifier(backbone, TINY)
    shake(amplifier)
    whole, half, none, again = (amplifier.predict(latent(), STEP, context, lora_scale=scale) for scale in (1.0, 0.5, 0.0, 1.0))
    assert torch.allclose(none, before, atol=1e-6)
    assert not torch.allclose(whole, half, atol=1e-4)
    assert torch.equal(whole, again)


def test_content_and_style_both_count_and_are_not_the_same(backbone: Backbone):
    amplifier = Amplifier(backbone, TINY)
    shake(amplifier)
    one, two = embedding(backbone, 1), embedding(backbone, 2)
    assert amplifier.context(one, two).shape == (1, 2 * TINY.num_tokens, 16)
    asked = [amplifier.predict(latent(), STEP, amplifier.context(*pair)) for pair in ((one, one), (one, two), (two, one))]
    assert not torch.allclose(asked[0], asked[1], atol=1e-5)
    assert not torch.allclose(asked[0], asked[2], atol=1e-5)


def test_one_projector_serves_content_and_style(backbone: Backbone):
    amplifier = Amplifier(backbone, TINY)
    one, two = embedding(backbone, 1), embedding(backbone, 2)
    swapped = amplifier.context(two, one)
    assert torch.equal(amplifier.context(one, two), torch.cat([swapped[:, 4:], swapped[:, :4]], dim=1))


def test_no_context_is_the_projection_of_nothing(backbone: Backbone):
    amplifier = Amplifier(backbone, TINY)
    nothing = torch.zeros(1, backbone.embedding_dim)
    assert torch.equal(amplifier.no_context(), amplifier.context(nothing, nothing))


def test_same_seed_same_start(fresh: Fresh):
    starts = [Amplifier(fresh(), TINY, seed=seed).trainable() for seed in (1, 1, 2)]
    assert all(torch.equal(starts[0][name], starts[1][name]) for name in starts[0])
    assert not all(torch.equal(starts[0][name], starts[2][name]) for name in starts[0])


def test_making_one_leaves_the_processs_randomness_alone(backbone: Backbone):
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    Amplifier(backbone, TINY)
    assert torch.equal(torch.rand(1), expected)


def test_a_backbone_carries_one_amplifier_at_a_time(backbone: Backbone):
    context = torch.randn(1, 8, 16, generator=torch.Generator().manual_seed(5))
    before = backbone.unet(latent(), STEP, context).sample
    first = Amplifier(backbone, TINY)
    shake(first)
    with pytest.raises(UsageError, match="already carries an amplifier"):
        Amplifier(backbone, TINY)
    first.detach()
    assert torch.equal(backbone.unet(latent(), STEP, context).sample, before)
    Amplifier(backbone, TINY)


def test_half_precision_keeps_what_is_trained_in_full(sd_folder, fresh: Fresh):
    amplifier = Amplifier(load_backbone(sd_folder, dtype=torch.bfloat16), TINY)
    assert {parameter.dtype for parameter in amplifier.trainable().values()} == {torch.float32}
    predicted = amplifier.predict(latent(), STEP, amplifier.no_context())
    assert predicted.dtype == torch.float32
    exact = Amplifier(fresh(), TINY)
    assert torch.allclose(predicted, exact.predict(latent(), STEP, exact.no_context()), atol=0.1)
    predicted.sum().backward()
    assert all(parameter.grad is not None for parameter in amplifier.trainable().values())


def test_a_controlnet_is_asked_where_there_is_one(sd_folder, backbone: Backbone):
    guided = load_backbone(sd_folder, controlnet=sd_folder / "controlnet")
    # As saved its last layers are zero, as every ControlNet's are before training.
    for parameter in guided.controlnet.parameters():
        parameter.data += 0.05
    edges = find_edges(torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)))
    context = torch.zeros(1, 8, 16)
    plain = backbone.predict(latent(), STEP, context, control=Control(edges))
    # Not bit for bit: loaded again, weights lie elsewhere in memory, and some processors then sum them in another order.
    assert torch.allclose(guided.predict(latent(), STEP, context), plain, atol=1e-5)
    assert torch.allclose(guided.predict(latent(), STEP, context, control=Control(edges, 0.0)), plain, atol=1e-5)
    assert not torch.allclose(guided.predict(latent(), STEP, context, control=Control(edges)), plain, atol=1e-3)


def test_edges_are_where_the_picture_jumps():
    pixels = torch.zeros(1, 3, 32, 32)
    pixels[..., 16:] = 1
    edges = find_edges(pixels)
    assert edges.shape == (1, 3, 32, 32)
    assert set(edges.unique().tolist()) == {0.0, 1.0}
    assert edges[0, 0].sum(0).nonzero().flatten().tolist() in ([15], [16])


def test_a_style_is_the_same_in_any_order(backbone: Backbone):
    examples = [example(seed) for seed in range(4)]
    assert torch.equal(embed_style(backbone, examples), embed_style(backbone, examples[::-1]))
    assert not torch.equal(embed_style(backbone, examples), embed_style(backbone, examples[:2]))


def test_a_style_sees_only_what_the_masks_show(backbone: Backbone):
    shown = example()
    outside = (sum(shown.masks.values()) == 0)[..., None]
    painted = type(shown)(shown.before, (shown.after * ~outside).astype("float32"), shown.masks)
    assert torch.equal(style_picture(backbone, shown), style_picture(backbone, painted))
    assert torch.equal(embed_style(backbone, [shown]), embed_style(backbone, [painted]))


def test_a_style_needs_an_example(backbone: Backbone):
    with pytest.raises(UsageError, match="at least one example"):
        embed_style(backbone, [])
