"""A learned look from its `.onnx`: checked before it is opened, run with onnxruntime on the CPU."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

import numpy as np

from kohl.core.arrays import FloatArray, Image
from kohl.core.checks import check_image
from kohl.core.errors import ModelFormatError, UsageError
from kohl.core.onnx_session import open_session
from kohl.core.unreadable import why_unreadable
from kohl.methods.tinybeauty.card import CARD_KEY, LearnedLookCard
from kohl.methods.tinybeauty.onnx_bytes import read_facts
from kohl.methods.tinybeauty.worn import CropRegions

MAX_BYTES = 16 * 1024 * 1024
"""A learned look is a few hundred kB; a file larger than this is refused before it is read."""
SIDE = 256
SHAPE = [1, 3, SIDE, SIDE]
"""Of the network's input `crop` and its output `residual`, float32."""
THREADS = 2
"""Threads that one frame is computed with; more do not make so small a network faster."""

_LOOSE_WEIGHTS = ".safetensors"
_PICKLES = (".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".npz", ".npy", ".bin")
NEVER_OPENED = (*_PICKLES, _LOOSE_WEIGHTS)
"""Endings of weights that are refused by their name."""
_PICKLE_STARTS = (b"PK\x03\x04", *(b"\x80" + bytes([protocol]) for protocol in range(1, 6)), b"\x93NUMPY")
"""How zip archives (which torch and numpy pickle into), pickles and numpy's arrays begin. No ONNX file begins so."""
_PICKLE = "it is a pickle or may hold one, and kohl loads only ONNX and safetensors: a pickle can run code; export the network as ONNX"
_LOOSE = "safetensors hold weights without a network; a learned look is one .onnx: name that file"


class LearnedLook:
    """One look, learned by one small network. Make it with `load` or `from_bytes`.

    Frozen and safe to share between threads. It can be sent to another process: its file's bytes go, the session is opened there anew.
    """

    def __init__(self, data: bytes, *, source: str = "the model", threads: int = THREADS) -> None:
        """Take a file's bytes. Nothing is run yet; `source` names it in messages. Raises ModelFormatError as `read_card`."""
        if threads < 1:
            raise UsageError(f"threads must be at least 1, got {threads}")
        self._data, self._source, self._threads = data, source, threads
        self._card = read_card(data, source=source)
        self._lock = threading.Lock()
        self._opened: Any = None

    @classmethod
    def load(cls, path: str | Path, *, threads: int = THREADS) -> LearnedLook:
        """Open the learned look at `path`. Raises ModelFormatError: missing, not ours, broken, or of a kind that is never opened."""
        return cls.from_bytes(read_model(path), source=str(path), threads=threads)

    @classmethod
    def from_bytes(cls, data: bytes, *, source: str = "the model", threads: int = THREADS) -> LearnedLook:
        """Open a learned look from its file's bytes, and check that it runs. Raises ModelFormatError."""
        look = cls(data, source=source, threads=threads)
        look._session()
        return look

    @property
    def card(self) -> LearnedLookCard:
        """Its papers."""
        return self._card

    @property
    def data(self) -> bytes:
        """The file, byte for byte."""
        return self._data

    @property
    def sha256(self) -> str:
        """The file's checksum."""
        return hashlib.sha256(self._data).hexdigest()

    def residual(self, crop: Image, regions: CropRegions | None = None) -> FloatArray:
        """What the makeup adds to `crop`; see `ResidualLook.residual`."""
        check_crop(crop)
        planes = np.ascontiguousarray(crop.transpose(2, 0, 1)[None])
        try:
            (answer,) = self._session().run(None, {"crop": planes})
        except ModelFormatError:
            raise
        except Exception as error:  # onnxruntime raises classes of its own, which are no API
            raise ModelFormatError(self._source, f"onnxruntime cannot run it ({_first_line(error)}); get the file again") from error
        if answer.shape != tuple(SHAPE) or not np.isfinite(answer).all():
            raise ModelFormatError(self._source, f"it gave no residual but {answer.shape} values, NaN or infinity among them; train it again")
        return np.ascontiguousarray(np.clip(answer[0], -1, 1).transpose(1, 2, 0), np.float32)

    def __getstate__(self) -> dict[str, Any]:
        return {"data": self._data, "source": self._source, "threads": self._threads}

    def __setstate__(self, state: dict[str, Any]) -> None:
        LearnedLook.__init__(self, **state)

    def _session(self) -> Any:
        with self._lock:
            if self._opened is None:
                self._opened = open_look(self._data, source=self._source, threads=self._threads)
            return self._opened


def read_model(path: str | Path) -> bytes:
    """Return a model file's bytes, at most one more than `MAX_BYTES`. Raises ModelFormatError: missing, or by its ending never opened."""
    path, source = Path(path), str(path)
    if path.suffix.lower() in _PICKLES:
        raise ModelFormatError(source, _PICKLE)
    if path.suffix.lower() == _LOOSE_WEIGHTS:
        raise ModelFormatError(source, _LOOSE)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ModelFormatError(source, why_unreadable(error)) from error
    return data


def read_card(data: bytes, *, source: str) -> LearnedLookCard:
    """The card in a model's bytes, read without running anything.

    Raises ModelFormatError: too large, a pickle, not ONNX or cut short, dependent on other files, without a card or with a bad one.
    """
    if len(data) > MAX_BYTES:
        raise ModelFormatError(source, f"expected at most {MAX_BYTES // 2**20} MiB, it is larger; a learned look has a few hundred kB")
    if data.startswith(_PICKLE_STARTS):
        raise ModelFormatError(source, _PICKLE)
    try:
        facts = read_facts(data)
    except ValueError as error:  # also what is no UTF-8
        raise ModelFormatError(source, f"expected a whole ONNX file: {error}; it may be cut short, get it again") from error
    if facts.has_external_data:
        raise ModelFormatError(source, "it asks for weights in other files, and kohl opens one file only; save it with its weights inside")
    if CARD_KEY not in facts.metadata:
        raise ModelFormatError(source, f"it is ONNX, but has no card (metadata {CARD_KEY!r}), so another program made it; kohl learn makes ours")
    return LearnedLookCard.from_json(facts.metadata[CARD_KEY], source=source)


def open_look(data: bytes, *, source: str, threads: int) -> Any:
    """An onnxruntime session on the CPU whose input and output are those of a learned look. Raises ModelFormatError."""
    try:
        session = open_session(data, threads=threads)
    except Exception as error:  # onnxruntime raises classes of its own, which are no API
        raise ModelFormatError(source, f"onnxruntime cannot open it ({_first_line(error)}); get the file again") from error
    for side, name, found in (("input", "crop", session.get_inputs()), ("output", "residual", session.get_outputs())):
        told = [(port.name, port.type, port.shape) for port in found]
        if told != [(name, "tensor(float)", SHAPE)]:
            raise ModelFormatError(source, f"expected one {side} {name!r}, float32 of shape {SHAPE}, got {told}; it is not a learned look")
    return session


def check_crop(crop: Image) -> None:
    """Require a (256, 256, 3) picture. Raises UsageError."""
    check_image(crop, name="crop")
    if crop.shape != (SIDE, SIDE, 3):
        raise UsageError(f"crop must have the shape ({SIDE}, {SIDE}, 3), got {crop.shape}; cut it with kohl.methods.tinybeauty.crop")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
