"""A mapping that another thread is still making."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kohl.api.promised import Promised
from kohl.core.errors import FaceError


def test_who_looks_into_it_waits():
    go = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        promised = Promised(pool.submit(lambda: go.wait(5) and {"a": 1, "b": 2}))
        go.set()
        assert promised["b"] == 2
        assert list(promised) == ["a", "b"]
        assert len(promised) == 2
        assert dict(promised.items()) == {"a": 1, "b": 2}


def test_its_error_is_that_of_the_work():
    def fail() -> dict[str, int]:
        raise FaceError("no face")

    with ThreadPoolExecutor(1) as pool:
        promised = Promised(pool.submit(fail))
        for look in (lambda: promised["a"], lambda: len(promised), lambda: list(promised)):
            with pytest.raises(FaceError, match="no face"):
                look()
