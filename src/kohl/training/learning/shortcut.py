"""`kohl.learn`: learning a look, from Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kohl.core.errors import UnknownNameError
from kohl.training.learning.learner import Learned, Tell
from kohl.training.learning.learner import learn as learn_request
from kohl.training.learning.request import LearnRequest


def learn(pairs: str | Path, out: str | Path, *, faces: str | Path | None = None, tell: Tell | None = None, **options: Any) -> Learned:
    """Learn a look from before/after pairs and write it to `out`.

    Parameters
    ----------
    pairs
        A folder with `before/NAME.*` and `after/NAME.*`.
    out
        A name that ends in `.onnx`; a preview sheet, curves and a report are written beside it.
    faces
        Any folder of faces to amplify over; without one, variations of the given people are used.
    tell
        Called with a stage, its progress from 0 to 1 and a sentence.
    options
        The other fields of `kohl.training.learning.request.LearnRequest`: minutes, steps, seed, resume, force, strict, licence, …

    Returns
    -------
    The look (`Learned.look` can be given to `kohl.apply`), its path and the report.

    Raises
    ------
    UsageError, InputError, OutputError, MissingExtraError, TrainingError
        As `kohl.training.learning.learner.learn`.
    """
    known = LearnRequest.__dataclass_fields__
    for name in options:
        if name not in known:
            raise UnknownNameError("keyword", name, known)
    return learn_request(LearnRequest(Path(pairs), Path(out), None if faces is None else Path(faces), **options), tell)
