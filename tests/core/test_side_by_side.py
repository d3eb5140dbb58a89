"""Parts that run at once give what they give one after the other."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

import cv2
import pytest

from kohl.core import side_by_side as module
from kohl.core.side_by_side import at_work, both, side_by_side, waiting


@pytest.fixture(params=[1, 2])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(request.param)
    yield request.param
    cv2.setNumThreads(before)


def giving(value: int) -> Callable[[], int]:
    return lambda: value


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_results_are_in_the_order_of_the_tasks(count: int):
    assert side_by_side([giving(number) for number in range(count)]) == list(range(count))


@pytest.mark.usefixtures("threads")
def test_both_gives_two_of_different_kinds():
    assert both(lambda: "a", lambda: 2) == ("a", 2)


def test_tasks_may_have_tasks_of_their_own(threads: int):
    def tree(depth: int) -> int:
        return 1 if depth == 0 else sum(side_by_side([lambda: tree(depth - 1)] * 3))

    assert tree(4) == 3**4


def test_two_run_at_once_where_two_threads_are_allowed(threads: int):
    met = threading.Barrier(2)

    def meet() -> bool:
        try:
            met.wait(timeout=5 if threads == 2 else 0.05)
        except threading.BrokenBarrierError:
            return False
        return True

    assert side_by_side([meet, meet]) == [threads == 2] * 2


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_error_of_any_task_is_raised(place: int):
    def fail() -> int:
        raise ValueError("no")

    tasks = [giving(1), giving(2), giving(3)]
    tasks[place] = fail
    with pytest.raises(ValueError, match="no"):
        side_by_side(tasks)


def workers_of_two_tasks() -> int:
    """How many threads share two tasks of which each would wait for the other."""
    met = threading.Barrier(2)

    def meet() -> int:
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(timeout=0.2)
        return threading.get_ident()

    return len(set(side_by_side([meet, meet])))


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("threads", [2], indirect=True)
def test_where_every_core_has_a_thread_at_work_nobody_is_asked_for_help(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_CORES", 2)
    started, done = threading.Event(), threading.Event()

    @at_work()
    def work() -> None:
        started.set()
        done.wait(timeout=10)

    other = threading.Thread(target=work)
    with at_work():
        assert workers_of_two_tasks() == 2
        other.start()
        started.wait(timeout=10)
        assert workers_of_two_tasks() == 1
        with waiting():
            assert module._at_work == 1
        with at_work():  # counts once
            assert module._at_work == 2
        done.set()
        other.join()
        assert workers_of_two_tasks() == 2
    assert module._at_work == 0


def test_waiting_without_being_at_work_counts_nothing():
    before = module._at_work
    with waiting():
        assert module._at_work == before


def test_an_error_at_work_is_counted_out():
    before = module._at_work
    with pytest.raises(ValueError, match="no"), at_work():
        raise ValueError("no")
    assert module._at_work == before
