"""Networks need torch; without it their tests are left out, with a reason."""

from __future__ import annotations

import pytest
from drawn_cases import drawn_case

from kohl.evaluation.case import Case

for name in ("torch", "transformers", "safetensors", "onnx"):
    pytest.importorskip(name, reason="networks are tried with kohl[diffusion]")


@pytest.fixture(scope="session")
def case() -> Case:
    return drawn_case(truth=True)
