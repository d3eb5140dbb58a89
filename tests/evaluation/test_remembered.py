"""What is worked out for one portrait is worked out once, and goes with it."""

from __future__ import annotations

import gc
import weakref

from kohl.evaluation.metrics.remembered import remembered


class Given:
    """Stands for a portrait."""


def test_it_is_worked_out_once_for_each_and_forgotten_with_it():
    asked: list[int] = []

    @remembered
    def number(given: Given) -> int:
        asked.append(1)
        return len(asked)

    first, second = Given(), Given()
    assert [number(first), number(second), number(first)] == [1, 2, 1]
    seen = weakref.ref(first)
    del first
    gc.collect()
    assert seen() is None
    assert number(second) == 2
    assert len(asked) == 2
