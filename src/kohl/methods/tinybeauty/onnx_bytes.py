"""The few facts about an ONNX file that must be known before a runtime opens it, read straight from its bytes.

An ONNX file is a protocol buffer (`onnx.proto3` of the ONNX project): tagged fields one after another, messages within messages. The
package that reads all of it belongs to training. Here only its envelope is walked: nothing in it is executed, allocated or believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = int | memoryview

_DEEPEST = 24
"""Messages within messages; a network with branches inside branches needs a dozen."""

# Message → the fields in it that are messages which can lead to a tensor; numbers from onnx.proto3.
_PATHS: dict[str, dict[int, str]] = {
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
_IR_VERSION, _GRAPH, _METADATA = 1, 7, 14
_EXTERNAL_DATA, _DATA_LOCATION, _IN_ANOTHER_FILE = 13, 14, 1


@dataclass(frozen=True, slots=True)
class OnnxFacts:
    """What the bytes say of themselves."""

    metadata: dict[str, str]
    """The model's `metadata_props`."""
    has_external_data: bool
    """Whether a tensor asks for the contents of another file."""


def read_facts(data: bytes) -> OnnxFacts:
    """Walk an ONNX file's messages. Raises ValueError where the bytes are no such file, end too early or are nested without end."""
    view = memoryview(data)
    top: dict[int, list[Value]] = {}
    for number, value in _fields(view):
        top.setdefault(number, []).append(value)
    if not all(isinstance(value, memoryview) for value in top.get(_GRAPH, [0])) or not isinstance(top.get(_IR_VERSION, [view])[0], int):
        raise ValueError("no graph in it")
    entries = [_entry(value) for value in top.get(_METADATA, []) if isinstance(value, memoryview)]
    return OnnxFacts(dict(entries), _asks_for_files(view, "model", 0))


def _entry(message: memoryview) -> tuple[str, str]:
    """A StringStringEntryProto as (key, value)."""
    texts = {number: bytes(value).decode("utf-8") for number, value in _fields(message) if isinstance(value, memoryview)}
    return texts.get(1, ""), texts.get(2, "")


def _asks_for_files(message: memoryview, kind: str, depth: int) -> bool:
    if depth > _DEEPEST:
        raise ValueError(f"nested more than {_DEEPEST} deep")
    for number, value in _fields(message):
        if kind == "tensor" and (number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value == _IN_ANOTHER_FILE)):
            return True
        inner = _PATHS[kind].get(number)
        if inner and isinstance(value, memoryview) and _asks_for_files(value, inner, depth + 1):
            return True
    return False


def _fields(message: memoryview) -> Iterator[tuple[int, Value]]:
    """(field number, value) of one message: whole numbers as they are, everything else as its bytes."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, place = _varint(message, place)
            yield number, value
            continue
        if wire == 2:
            length, place = _varint(message, place)
        else:
            length = {1: 8, 5: 4}.get(wire, -1)
        if length < 0 or number == 0 or place + length > len(message):
            raise ValueError(f"byte {place} is where a field should be, and none is")
        yield number, message[place : place + length]
        place += length


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    """(number, where it ends): seven bits a byte, the lowest first."""
    number = 0
    for shift in range(0, 70, 7):
        if place >= len(message):
            raise ValueError("it ends in the middle of a number")
        byte = message[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
    raise ValueError("a number in it is longer than numbers are")
