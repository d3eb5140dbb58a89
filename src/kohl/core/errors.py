"""Every error that kohl raises on purpose, and the exit code that the command line gives it.

KohlError                         1   anything below; catch this one to catch them all
├── UsageError                    2   the call itself is wrong: an option, an array, a combination
│   ├── UnknownNameError          2   a look, region, product, finish or word that does not exist (names the nearest)
│   └── LookFormatError           2   a look file that does not follow the schema
├── FaceError                     3   no face that makeup can be put on
│   ├── NoFaceError               3   nothing found
│   ├── FaceTooSmallError         3   found, but under 64 px
│   └── FaceOutOfReachError       3   turned too far away, or mostly outside the picture
├── ItemsFailedError              4   a batch went through, but some of its items failed
├── MissingPartError              5   something that is not installed
│   ├── MissingExtraError         5   an optional dependency: says what to type
│   └── MissingModelError         5   a model file
├── InputError                    6   a file or bytes that cannot be used
│   ├── UnreadableImageError      6   missing, empty, truncated, or not a picture at all
│   ├── ImageTooLargeError        6   more pixels than the cap
│   ├── UnreadableVideoError      6   missing, empty, truncated, or not a video at all
│   └── ModelFormatError          6   a model file that is no learned look, is broken, or of a kind that is never opened
├── TrainingError                 1   learning went astray: a loss that is not finite
├── CommandError                  1   an outside program that was asked for a result failed
└── OutputError                   7   the result cannot be written
    ├── OutputExistsError         7   it would overwrite a file, and --force was not given
    └── ParityError               7   an exported model computes other numbers than its original

Messages say what was expected, what came, and what to do next; what a program needs of them is in attributes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class KohlError(Exception):
    """Base of every error raised on purpose."""

    exit_code = 1


class UsageError(KohlError):
    """The call itself is wrong: an option, an array, a combination of them."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A name that does not exist; the message lists the nearest ones that do."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        self.nearest = tuple(difflib.get_close_matches(name, self.known, n=3, cutoff=0.5))
        hint = f"did you mean {' or '.join(map(repr, self.nearest))}?" if self.nearest else f"known: {', '.join(self.known)}"
        super().__init__(f"unknown {kind} {name!r}: {hint}")


class LookFormatError(UsageError):
    """A look that does not follow the schema; `problems` has one line per fault."""

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__(f"{source} is not a look that kohl can read: {'; '.join(self.problems)}")


class FaceError(KohlError):
    """No face in the picture that makeup can be put on."""

    exit_code = 3


class NoFaceError(FaceError):
    """The detector found nothing."""


class FaceTooSmallError(FaceError):
    """A face was found, but it has too few pixels to carry makeup."""


class FaceOutOfReachError(FaceError):
    """A face was found, but it is turned too far away or lies mostly outside the picture."""


class ItemsFailedError(KohlError):
    """A batch went through, but some of its items failed; `failed` and `total` count them."""

    exit_code = 4

    def __init__(self, failed: int, total: int, listing: str, *, advice: str = "mend each, then run again with --retry-failed") -> None:
        self.failed = failed
        self.total = total
        self.listing = listing
        super().__init__(f"{failed} of {total} items failed; they are listed in {listing}; {advice}")


class MissingPartError(KohlError):
    """Something that the call needs is not installed."""

    exit_code = 5


class MissingExtraError(MissingPartError):
    """An optional dependency is not installed; `extra` names the extra that brings it."""

    def __init__(self, purpose: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f'{purpose} needs the extra {extra!r}, which is not installed; type: pip install "kohl[{extra}]"')


class MissingModelError(MissingPartError):
    """A model file is not where it should be."""


class InputError(KohlError):
    """A file or bytes that cannot be used as a picture or a model."""

    exit_code = 6


class UnreadableImageError(InputError):
    """Missing, empty, truncated, or not a picture at all."""


class ImageTooLargeError(InputError):
    """More pixels than the cap allows; refused before decoding."""


class UnreadableVideoError(InputError):
    """A video that is missing, empty, truncated, or not a video at all."""


class ModelFormatError(InputError):
    """A model file that is no learned look: broken, another program's, or of a kind that is never opened. `source` names it."""

    def __init__(self, source: str, problem: str) -> None:
        self.source = source
        self.problem = problem
        super().__init__(f"{source} is not a learned look that kohl can run: {problem}")


class TrainingError(KohlError):
    """Learning went astray: a loss that is not finite."""


class OutputError(KohlError):
    """The result cannot be written."""

    exit_code = 7


class OutputExistsError(OutputError):
    """Writing would replace a file, and nobody asked for that."""


class ParityError(OutputError):
    """An exported model computes other numbers than its original; nothing was written. `difference` and `tolerance` are in units of [0, 1]."""

    def __init__(self, format_name: str, difference: float, tolerance: float) -> None:
        self.format_name = format_name
        self.difference = difference
        self.tolerance = tolerance
        super().__init__(
            f"expected {format_name} to be within {tolerance:g} of the original, got a largest difference of {difference:g}; nothing was written: "
            "export as plain onnx, or report it with the file"
        )


class CommandError(KohlError):
    """An outside program that was asked for a result failed; `command` is its name, `tail` the end of what it said."""

    def __init__(self, command: str, reason: str, *, tail: str = "") -> None:
        self.command = command
        self.tail = tail
        super().__init__(f"{command} failed: {reason}")
