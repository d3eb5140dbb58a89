"""What all metrics that compare two pictures ask of them."""

from __future__ import annotations

from kohl.core.arrays import AnyArray, Image, Mask
from kohl.core.errors import UsageError


def check_same_shape(first: Image, second: Image) -> None:
    """Require two pictures (H, W, 3) of one shape. Raises UsageError: a method that gives back another size has failed."""
    if first.shape != second.shape or first.ndim != 3:
        raise UsageError(
            f"expected two pictures (H, W, 3) of one shape, got {first.shape} and {second.shape}; measure what the method gave back as it is"
        )


def core_of(mask: Mask, picture: AnyArray, *, purpose: str) -> AnyArray:
    """Return the pixels (bool) where `mask`, (H, W) in [0, 1], is above 0.5.

    Raises UsageError when the mask has not the picture's size, or there is nothing to measure for `purpose`.
    """
    if mask.shape != picture.shape[:2]:
        raise UsageError(f"expected a mask of the picture's size {picture.shape[:2]} for the {purpose}, got {mask.shape}")
    inside: AnyArray = mask > 0.5
    if not inside.any():
        raise UsageError(f"expected somewhere to measure the {purpose}, got a mask that is nowhere above 0.5; leave this metric out for this picture")
    return inside
