"""A mapping that another thread is still making: whoever looks into it waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Promised(Mapping[Key, Value]):
    """What `future` will give. Where making it failed, every look into it raises that error."""

    def __init__(self, future: Future[dict[Key, Value]]) -> None:
        """Take the future; nothing waits yet."""
        self._future = future

    def __getitem__(self, key: Key) -> Value:
        return self._future.result()[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._future.result())

    def __len__(self) -> int:
        return len(self._future.result())
