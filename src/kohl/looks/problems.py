"""Says in plain words what pydantic found wrong with a look: where, what was expected, what came, what was meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from kohl.looks.layers import PRODUCTS, Model, Ombre, Pan
from kohl.looks.look import Look

_MAX_SHOWN = 60
_QUOTED = re.compile(r"'([^']*)'")


def plain_words(error: ValidationError) -> list[str]:
    """One line per fault, in the order of the file: "layer 2 (lipstick), coverage: expected a number up to 1, got 1.4"."""
    return [_line(dict(fault)) for fault in error.errors(include_url=False)]


def _line(fault: dict[str, Any]) -> str:
    place = _place(fault["loc"])
    told = _told(fault)
    return f"{place}: {told}" if place else told


def _place(location: Sequence[str | int]) -> str:
    """`('layers', 1, 'eyeshadow', 'pans', 0, 'zone')` as "layer 2 (eyeshadow), pan 1, zone"; people count from 1."""
    words: list[str] = []
    previous: str | int | None = None
    for step in location:
        if isinstance(step, int):
            words[-1] = f"{str(previous).removesuffix('s')} {step + 1}"
        elif isinstance(previous, int) and words[-1].startswith("layer "):
            words[-1] += f" ({step})"
        else:
            words.append(step)
        previous = step
    return ", ".join(words)


def _told(fault: dict[str, Any]) -> str:
    tell = _TELLERS.get(fault["type"])
    return tell(fault) if tell else f"{_lower_first(fault['msg'])}, got {_shown(fault['input'])}"


def _unknown_field(fault: dict[str, Any]) -> str:
    return f"no such field; {_hint(str(fault['loc'][-1]), _fields_at(fault['loc'][:-1]))}"


def _unknown_product(fault: dict[str, Any]) -> str:
    name = str(fault["ctx"]["tag"])
    return f"no product is called {name!r}; {_hint(name, PRODUCTS)}"


def _no_product(fault: dict[str, Any]) -> str:
    return f'needs a field "product", one of {", ".join(PRODUCTS)}'


def _unknown_choice(fault: dict[str, Any]) -> str:
    # pydantic lists the choices as "'lid', 'crease' or …", enumerations as "<Finish.MATTE: 'matte'>, …".
    return f"got {_shown(fault['input'])}; {_hint(str(fault['input']), _QUOTED.findall(fault['ctx']['expected']))}"


def _out_of_range(fault: dict[str, Any]) -> str:
    context = fault["ctx"]
    bound = f"at least {context['ge']:g}" if "ge" in context else f"at most {context['le']:g}"
    return f"expected {bound}, got {_shown(fault['input'])}"


def _wrong_count(fault: dict[str, Any]) -> str:
    context = fault["ctx"]
    bound = f"at least {context['min_length']}" if "min_length" in context else f"at most {context['max_length']}"
    return f"expected {bound}, got {context['actual_length']}"


_TELLERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda fault: "is missing",
    "extra_forbidden": _unknown_field,
    "union_tag_invalid": _unknown_product,
    "union_tag_not_found": _no_product,
    "literal_error": _unknown_choice,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "too_short": _wrong_count,
    "too_long": _wrong_count,
    "value_error": lambda fault: str(fault["ctx"]["error"]),
}


def _hint(name: str, known: Iterable[str]) -> str:
    names = list(known)
    nearest = difflib.get_close_matches(name, names, n=2, cutoff=0.5)
    if nearest:
        return f"did you mean {' or '.join(map(repr, nearest))}?"
    return f"expected one of {', '.join(names)}"


def _fields_at(location: Sequence[str | int]) -> list[str]:
    return list(_model_at(location).model_fields)


def _model_at(location: Sequence[str | int]) -> type[Model]:
    """The model that a location lies in: the innermost one that is named on the way."""
    steps = [step for step in location if isinstance(step, str)]
    if "pans" in steps:
        return Pan
    if "ombre" in steps:
        return Ombre
    return next((PRODUCTS[step] for step in steps if step in PRODUCTS), Look)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
