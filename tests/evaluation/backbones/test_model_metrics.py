"""The catalogue with networks: what is there, what is missing, and the numbers on drawn cases."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from drawn_cases import drawn_case, sample
from tiny_networks import save_clip, save_lpips, save_onnx, save_vit

from kohl.core.errors import MissingModelError, UnknownNameError
from kohl.evaluation.case import Case
from kohl.evaluation.metrics.catalog import all_metrics, metric, set_metrics
from kohl.evaluation.metrics.embeddings import cosine
from kohl.evaluation.metrics.shelves.models import Models, unavailable

NEEDING = {"lpips", "cls", "clip_i", "csd", "key_sim", "self_sim", "identity", "fid", "kid"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("networks")
    return Models(
        vit=save_vit(folder / "vit"),
        clip=save_clip(folder / "clip"),
        csd=save_clip(folder / "csd"),
        identity=save_onnx(folder / "identity.onnx", side=112),
        lpips=save_lpips(folder / "lpips.safetensors"),
        inception=save_onnx(folder / "inception.onnx", side=64, length=4),
    )


def test_without_networks_their_metrics_are_named_as_missing():
    assert set(unavailable(Models())) == NEEDING
    assert not NEEDING & {entry.name for entry in all_metrics()}
    assert set_metrics() == ()
    with pytest.raises(MissingModelError, match=r"'vit'.*nothing is downloaded"):
        metric("key_sim")


def test_with_networks_all_are_there(models: Models):
    there = {entry.name for entry in (*all_metrics(models), *set_metrics(models))}
    assert there >= NEEDING
    assert unavailable(models) == {}
    assert metric("key_sim", models).side == "keeping"


def test_the_numbers_are_perfect_where_nothing_is_lost(models: Models, case: Case):
    assert case.truth is not None
    same, bare = sample(case, case.truth), sample(case, case.source.image)
    for name in ("key_sim", "self_sim", "identity"):
        assert metric(name, models).measure(bare)[name] == pytest.approx(metric(name, models).wanted, abs=1e-5)
    assert metric("lpips", models).measure(same)["lpips"] == 0
    assert metric("key_sim", models).measure(same)["key_sim"] < 1
    assert metric("self_sim", models).measure(same)["self_sim"] > 0
    assert math.isnan(metric("lpips", models).measure(sample(drawn_case(), case.source.image))["lpips"])


def test_the_reference_itself_is_nearest_to_the_reference(models: Models, case: Case):
    copied = Case("same", case.reference, case.reference)
    for name in ("cls", "clip_i", "csd"):
        assert metric(name, models).measure(sample(copied, case.reference.image))[name] == pytest.approx(1, abs=1e-5)
        assert metric(name, models).measure(sample(case, case.source.image))[name] < 1


def test_sets_of_results_are_apart_from_their_references_and_not_from_their_truths(models: Models, case: Case):
    assert case.truth is not None
    samples = [sample(case, case.truth), sample(case, case.source.image)]
    perfect = [sample(Case(str(number), case.source, case.reference, truth=entry.result), entry.result) for number, entry in enumerate(samples)]
    for entry in set_metrics(models):
        found = entry.measure(perfect)
        assert found[f"{entry.name}.truths"] == pytest.approx(0, abs=1e-2 * abs(found[f"{entry.name}.references"])) or entry.name == "kid"
        assert found[f"{entry.name}.references"] > found[f"{entry.name}.truths"]
        assert math.isnan(entry.measure(perfect[:1])[f"{entry.name}.references"])
        without = [sample(Case("x", case.source, case.reference), case.source.image), *perfect]
        assert math.isnan(entry.measure(without)[f"{entry.name}.truths"])


def test_paths_that_lead_nowhere_and_names_that_are_none(tmp_path: Path):
    with pytest.raises(MissingModelError, match="'vit'"):
        Models(vit=tmp_path / "none")
    with pytest.raises(UnknownNameError, match="vit"):
        Models.of({"vitt": tmp_path})
    assert Models.of({"clip": str(tmp_path)}) == Models(clip=tmp_path)


def test_identity_uses_the_aligned_crop_of_both(models: Models, case: Case):
    identity = metric("identity", models)
    source = case.source.image
    mirrored = np.ascontiguousarray(source[:, ::-1])
    assert identity.measure(sample(case, mirrored))["identity"] < 0.9999, "a drawn face is nearly its own mirror image"
    negative, elsewhere = 1 - source, source.copy()
    elsewhere[:8] = 0
    same, none, beside = (identity.measure(sample(case, image))["identity"] for image in (source, negative, elsewhere))
    assert same == pytest.approx(1, abs=1e-5)
    assert none < 0.9
    assert beside == pytest.approx(1, abs=1e-5), "what lies outside the crop does not count"
    assert cosine(np.ones(3), -np.ones(3)) == pytest.approx(-1)
