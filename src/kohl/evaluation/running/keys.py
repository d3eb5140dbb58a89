"""What makes two rows speak of the same work: the pictures' bytes, the contestant, the engine's code, the metrics, the set's rules."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import kohl
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.protocol.evaluation_set import EvaluationSet, ListedCase
from kohl.evaluation.running.plan import Entry

_ENGINE_SUFFIXES = frozenset({".py", ".npz", ".json", ".onnx", ".safetensors"})
_NO_ENGINE = ("cli/", "server/", "evaluation/report/", "evaluation/leaderboard")
"""What shows results, and decides none."""


@functools.cache
def engine_digest() -> str:
    """SHA-256 over kohl's own code and weights, so that numbers of an older state of a checkout are never taken for today's."""
    root, digest = Path(kohl.__file__).parent, hashlib.sha256(kohl.__version__.encode())
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix in _ENGINE_SUFFIXES and not name.startswith(_NO_ENGINE):
            digest.update(name.encode() + path.read_bytes())
    return digest.hexdigest()


class Keys:
    """Makes the keys of one run; every file is read once."""

    def __init__(self, evaluated: EvaluationSet, metrics: Iterable[Metric], metrics_version: str = "") -> None:
        self._set = evaluated
        self._shared = [engine_digest(), evaluated.side, sorted(metric.name for metric in metrics), metrics_version]
        self._files: dict[str, str] = {}

    def of(self, case: ListedCase, entry: Entry) -> str:
        """SHA-256 for one case with one contestant. A file that cannot be read counts as empty: opening it will say why."""
        pictures = [self._sha256(file) for file in (case.source.file, case.reference.file, case.truth) if file]
        stated = [case.source.slices, case.source.file, case.reference.file, case.reference.worn]
        decides = [self._shared, pictures, stated, case.seed, case.name, entry.name, entry.version]
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()

    def _sha256(self, file: str) -> str:
        if file not in self._files:
            try:
                self._files[file] = hashlib.sha256((self._set.folder / file).read_bytes()).hexdigest()
            except OSError:
                self._files[file] = ""
        return self._files[file]
