"""The drawn case that every contestant is tried on."""

from __future__ import annotations

import pytest
from drawn_cases import drawn_case

from kohl.evaluation.case import Case


@pytest.fixture(scope="session")
def case() -> Case:
    return drawn_case()
