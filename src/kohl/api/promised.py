"""A mapping that another thread is still making: whoever looks into it waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from typing import TypeVar

from kohl.core.side_by_side import waiting

Key = TypeVar("Key")
Value = TypeVar("Value")


class Promised(Mapping[Key, Value]):
    """What `future` will give. Where making it failed, every look into it raises that error."""

    def __init__(self, future: Future[dict[Key, Value]]) -> None:
        """Take the future; nothing waits yet."""
        self._future = future

    def __getitem__(self, key: Key) -> Value:
        return self._made()[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._made())

    def __len__(self) -> int:
        return len(self._made())

    def _made(self) -> dict[Key, Value]:
        with waiting():
            return self._future.result()
