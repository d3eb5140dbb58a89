"""Every error in the tree is raised somewhere, and the tree drawn at the top of its file is the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kohl.core import errors
from kohl.core.errors import KohlError

SOURCE = Path(__file__).parents[2] / "src/kohl"
CODE = "\n".join(path.read_text() for path in SOURCE.rglob("*.py"))
# Bases: what is raised is one of their children.
ABSTRACT = {"KohlError", "FaceError", "InputError"}


def family(error: type[KohlError]) -> Iterator[type[KohlError]]:
    yield error
    for child in error.__subclasses__():
        yield from family(child)


ALL = [error for error in family(KohlError) if error.__module__ == errors.__name__]


@pytest.mark.parametrize("error", [error for error in ALL if error.__name__ not in ABSTRACT], ids=lambda error: error.__name__)
def test_error_is_raised(error: type[KohlError]):
    assert re.search(rf"(raise|return|=)\s+{error.__name__}\(", CODE)


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_tree_is_drawn_with_its_exit_codes(error: type[KohlError]):
    assert re.search(rf"^[│├└─\s]*{error.__name__}\s+{error.exit_code}\s", errors.__doc__ or "", re.M)
