"""The answer itself as a contestant."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from kohl.core.errors import UsageError
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.truth import Truth


def test_the_truth_is_given_back_as_a_picture_of_its_own(case: Case):
    known = dataclasses.replace(case, truth=np.clip(case.source.image + np.float32(0.1), 0, 1))
    result = Truth().transfer(known)
    np.testing.assert_array_equal(result, known.truth)
    assert not np.shares_memory(result, known.truth)


def test_without_an_answer_there_is_no_truth(case: Case):
    with pytest.raises(UsageError, match="column truth"):
        Truth().transfer(dataclasses.replace(case, truth=None))
