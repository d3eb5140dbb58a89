from __future__ import annotations

import numpy as np
import pytest

from kohl.core.errors import UnknownNameError, UsageError
from kohl.methods.amplifier.stable_diffusion.examples import BareFace, Example
from tiny_diffusion import box, example, region_boxes

IMAGE = np.full((32, 32, 3), 0.5, np.float32)


def test_a_sound_example_is_taken():
    made = example()
    assert set(made.masks) == {"face", "lips", "eyes", "brows"}


@pytest.mark.parametrize(
    ("before", "after", "masks", "error", "words"),
    [
        (IMAGE, IMAGE[:16, :16], region_boxes(), UsageError, "one size"),
        (IMAGE[:16], IMAGE[:16], {"lips": box(32, 0, 16)[:16]}, UsageError, "must be square, got 16×32"),
        (IMAGE, IMAGE, {}, UsageError, "at least one region mask"),
        (IMAGE, IMAGE, {"lip": box(32, 1, 5)}, UnknownNameError, "did you mean 'lips'"),
        (IMAGE, IMAGE, {"lips": box(16, 1, 5)}, UsageError, "mask of lips must be of size"),
        (IMAGE, IMAGE, {"lips": 2 * box(32, 1, 5)}, UsageError, r"\[0, 1\]"),
        (IMAGE, IMAGE * np.float32("nan"), region_boxes(), UsageError, "after must be finite"),
        ((IMAGE * 255).astype(np.uint8), IMAGE, region_boxes(), UsageError, "before must be a float32 array"),
        (IMAGE[..., :1], IMAGE, region_boxes(), UsageError, "before must have the shape"),
        ("photo.png", IMAGE, region_boxes(), UsageError, "before must be a float32 array, got str"),
    ],
)
def test_unsound_examples_are_refused(before: object, after: object, masks: object, error: type[Exception], words: str):
    with pytest.raises(error, match=words):
        Example(before, after, masks)  # type: ignore[arg-type]


def test_an_unsound_face_is_refused():
    with pytest.raises(UsageError, match="image must be square"):
        BareFace(IMAGE[:, :20], {"face": box(32, 0, 32)[:, :20]})
