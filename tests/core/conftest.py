from __future__ import annotations

from collections.abc import Callable

import pytest

from kohl.core.arrays import AnyArray
from kohl.core.encoding import encode
from kohl.core.opened import Raw
from pictures import samples


@pytest.fixture(scope="session")
def deep_file() -> Callable[[str, int], tuple[AnyArray, bytes]]:
    """(samples, file) of a 16-bit picture in a format, with that many channels."""

    def make(format_name: str, channels: int) -> tuple[AnyArray, bytes]:
        array = samples((300, 11, channels), "uint16")
        return array, encode(Raw(array), format_name).data

    return make
