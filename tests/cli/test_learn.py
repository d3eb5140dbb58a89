"""`kohl learn` as a command: its options reach the request, its refusals have exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Kohl

from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.training.learning import learner
from kohl.training.learning.learner import Learned
from kohl.training.learning.request import STEPS, LearnRequest
from learned_looks import tint_look

NOTE = "note: 3 of 5 pairs"
METRICS = {"psnr_pairs": 36.0, "psnr_pairs_doing_nothing": 30.0}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[LearnRequest]:
    """What the command asked for; nothing is trained."""
    requests: list[LearnRequest] = []

    def stand_in(request: LearnRequest, tell: learner.Tell | None = None) -> Learned:
        requests.append(request)
        assert tell is not None
        tell("training", 0.5, "half way")
        return Learned(LearnedLook.from_bytes(tint_look(metrics=METRICS)), request.out, {"seconds": 1.5, "notes": [NOTE]})

    monkeypatch.setattr(learner, "learn", stand_in)
    return requests


def test_options_reach_the_request(kohl: Kohl, asked: list[LearnRequest]):
    numbers = ("--minutes", "3", "--steps", "7", "--seed", "5", "--adapt-steps", "9")
    flags = ("--resume", "--strict", "--force")
    texts = ("--licence", "CC0-1.0", "--description", "mine")
    result = kohl("learn", "pairs", "-o", "mine.onnx", "--faces", "faces", *numbers, *flags, *texts)
    assert result.exit_code == 0, result.stderr
    (request,) = asked
    assert (request.pairs, request.out, request.faces) == (Path("pairs"), Path("mine.onnx"), Path("faces"))
    assert (request.minutes, request.steps, request.seed, request.adapt_steps) == (3.0, 7, 5, 9)
    assert (request.resume, request.strict, request.force) == (True, True, True)
    assert (request.licence, request.description) == ("CC0-1.0", "mine")
    assert result.stdout.splitlines()[0] == "mine.onnx"
    assert "half way" in result.stderr
    assert "36.0 dB on your pairs (nothing: 30.0 dB)" in result.stderr


def test_without_options_the_defaults_hold(kohl: Kohl, asked: list[LearnRequest]):
    assert kohl("learn", "pairs", "-o", "mine.onnx", "--quiet").exit_code == 0
    assert (asked[0].steps, asked[0].minutes, asked[0].faces, asked[0].resume) == (STEPS, None, None, False)


def test_json_is_one_object(kohl: Kohl, asked: list[LearnRequest]):
    result = kohl("learn", "pairs", "-o", "mine.onnx", "--json")
    told = json.loads(result.stdout)
    assert (told["ok"], told["card"]["metrics"], told["seconds"], told["notes"]) == (True, METRICS, 1.5, [NOTE])
    assert len(asked) == 1


def test_help_says_what_minutes_count_when_a_run_is_resumed(kohl: Kohl):
    told = " ".join(kohl("learn", "--help").stdout.replace("│", " ").split())
    assert "with --resume also what the run before trained" in told


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nothing", "-o", "mine.onnx"), 2, "found no folder nothing"),
        (("nothing", "-o", "mine.pt"), 2, ".onnx"),
        (("nothing", "-o", "mine.onnx", "--minutes", "0"), 2, "above 0 minutes"),
        (("nothing", "-o", "nowhere/mine.onnx"), 7, "does not exist"),
    ],
)
def test_what_cannot_be_is_refused(kohl: Kohl, arguments: tuple[str, ...], code: int, told: str):
    result = kohl("learn", *arguments)
    assert result.exit_code == code
    assert told in result.stderr
    assert not Path("mine.onnx").exists()
