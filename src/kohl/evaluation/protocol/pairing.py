"""Which makeup goes to whom: drawn with a seed, every skin tone as often as the others, and the same on every machine."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Sequence

from kohl.color.skin import SkinTone
from kohl.core.errors import UsageError
from kohl.evaluation.protocol.evaluation_set import ListedCase
from kohl.evaluation.protocol.picture import Picture

_UNKNOWN = ""


def draw_cases(pictures: Iterable[Picture], wanted: int, seed: int) -> tuple[ListedCase, ...]:
    """Draw up to `wanted` cases: classes of skin take turns, within one persons do, and references are used equally often.

    Nobody is paired with a picture of the same person, and no pair comes twice, so a small set gives fewer. The order comes from
    checksums of seed and file name and not from a random generator: no library's version can change it.
    Raises UsageError when no picture may be a source or none a reference, or `wanted` is below 1.
    """
    if wanted < 1:
        raise UsageError(f"expected at least 1 pair, got {wanted}")
    everybody = sorted(pictures, key=lambda picture: _ticket(seed, picture.file))
    sources = [picture for picture in everybody if picture.role != "reference"]
    references = [picture for picture in everybody if picture.role != "source"]
    if not sources or not references:
        raise UsageError(f"expected at least one source and one reference, got {len(sources)} and {len(references)}; see the column role")
    return _deal(_queues(sources), references, wanted)


def _ticket(seed: int, text: str) -> str:
    return hashlib.sha256(f"{seed} {text}".encode()).hexdigest()


def _queues(sources: Sequence[Picture]) -> list[deque[Picture]]:
    """One queue per class of skin, lightest first; in it every person once, then every person a second time, and so on."""
    turns: Counter[str] = Counter()
    by_tone: dict[str, list[tuple[int, Picture]]] = {}
    for source in sources:
        person = source.person or source.file
        by_tone.setdefault(source.ita, []).append((turns[person], source))
        turns[person] += 1
    order = [*map(str, SkinTone), _UNKNOWN]
    return [deque(source for _, source in sorted(by_tone[tone], key=lambda item: item[0])) for tone in order if tone in by_tone]


def _deal(queues: list[deque[Picture]], references: Sequence[Picture], wanted: int) -> tuple[ListedCase, ...]:
    cases: list[ListedCase] = []
    used: Counter[str] = Counter()
    taken: set[tuple[str, str]] = set()
    turn = 0
    while len(cases) < wanted and any(queues):
        queue = queues[turn % len(queues)]
        turn += 1
        while queue:
            source = queue.popleft()
            reference = _least_used(source, references, used, taken)
            if reference is not None:
                queue.append(source)
                used[reference.file] += 1
                taken.add((source.file, reference.file))
                cases.append(ListedCase(case_name(source.file, reference.file), source, reference, seed=len(cases)))
                break
    return tuple(cases)


def _least_used(source: Picture, references: Sequence[Picture], used: Counter[str], taken: set[tuple[str, str]]) -> Picture | None:
    free = [other for other in references if (source.file, other.file) not in taken and not _same_person(source, other)]
    return min(free, key=lambda other: used[other.file], default=None)


def _same_person(first: Picture, second: Picture) -> bool:
    return first.file == second.file or (bool(first.person) and first.person == second.person)


def case_name(source: str, reference: str) -> str:
    """Name a case after its two files, without their endings."""
    return f"{source.rpartition('.')[0] or source} + {reference.rpartition('.')[0] or reference}"
