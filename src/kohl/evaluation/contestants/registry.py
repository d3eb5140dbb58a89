"""The contestants by name: baselines of our own making, and kohl's methods that can transfer."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from kohl.core.errors import UnknownNameError
from kohl.evaluation.contestants.base import Contestant
from kohl.evaluation.contestants.external import External
from kohl.evaluation.contestants.method import MethodContestant
from kohl.methods import registry as methods

_BASELINES = {
    "guo-sim": "kohl.evaluation.contestants.guo_sim.method:GuoSim",
    "histogram": "kohl.evaluation.contestants.histogram:Histogram",
    "nothing": "kohl.evaluation.contestants.nothing:Nothing",
    "reinhard": "kohl.evaluation.contestants.reinhard:Reinhard",
    "truth": "kohl.evaluation.contestants.truth:Truth",
    "uv-paste": "kohl.evaluation.contestants.uv_paste:UvPaste",
}
"""Name → `module:class`, as text, so that knowing the names loads none of them."""
EXTERNAL = "external:"
"""What a name starts with when a command follows: `external:python run.py --fast`."""


def names() -> tuple[str, ...]:
    """Every contestant's name, sorted. `external:COMMAND` is one more, for any command there is."""
    return tuple(sorted({*_BASELINES, *methods.names()}))


def create(name: str) -> Contestant:
    """Make the contestant called `name`, or `external:COMMAND`.

    Raises UnknownNameError, naming the nearest; UsageError for a method that cannot transfer, or no command; MissingPartError for a command
    whose program is not there.
    """
    if name.startswith(EXTERNAL):
        return External(name.removeprefix(EXTERNAL))
    if name in _BASELINES:
        module, _, class_name = _BASELINES[name].partition(":")
        make: Callable[[], Contestant] = getattr(import_module(module), class_name)
        return make()
    if name in methods.names():
        return MethodContestant(name)
    raise UnknownNameError("contestant", name, names())
