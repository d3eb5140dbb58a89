"""Any program as a contestant: `CMD SOURCE REFERENCE OUT`, so that published code can be put beside ours without being part of it."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kohl.core.arrays import Image
from kohl.core.errors import CommandError, MissingPartError, UsageError
from kohl.core.images import open_image, save_image
from kohl.evaluation.case import Case

_TAIL = 2000
"""Characters of what the program complained that an error repeats."""


class External:
    """Runs a command for every case, without a shell, on PNG files in a temporary folder that is gone afterwards.

    `command`: the program and its first arguments, as typed ("python run.py --fast") or already split; three paths are added:
    source, reference, and where the result must be written, all PNG of 8 bits. `name`: how tables call it; the program's own
    name without. `timeout`: seconds, after which it is ended together with what it started.

    Raises UsageError for no command, MissingPartError for a program that is not there or may not be run.
    """

    def __init__(self, command: str | Sequence[str], *, name: str | None = None, timeout: float = 120.0) -> None:
        self.command = _split(command)
        if not self.command or not timeout > 0:
            raise UsageError(f"expected a command to run and a time limit above 0 s, got {command!r} and {timeout}; give CMD as you would type it")
        _check_program(self.command[0])
        self.timeout = timeout
        self.name = name or f"external:{Path(self.command[0]).name}"

    def transfer(self, case: Case) -> Image:
        """Have the program put the makeup of `case.reference` on `case.source`; (H, W, 3) sRGB in [0, 1].

        Raises CommandError when it cannot be started, fails, takes too long, or writes no picture of the source's size.
        """
        with tempfile.TemporaryDirectory(prefix="kohl-external-") as folder:
            source, reference, out = (Path(folder) / f"{part}.png" for part in ("source", "reference", "out"))
            _write(source, case.source.image)
            _write(reference, case.reference.image)
            self._run([*self.command, str(source), str(reference), str(out)], Path(folder) / "complaints.txt")
            return self._result(out, case.source.image.shape)

    def _run(self, command: list[str], complaints: Path) -> None:
        with complaints.open("wb") as sink:
            try:
                # A session of its own, so that what the program starts can be ended with it.
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True)
            except OSError as error:
                raise CommandError(self.name, f"expected a program to start, got {error}; check the path of {self.command[0]!r}") from error
            try:
                code = process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                raise CommandError(self.name, f"expected a result within {self.timeout:g} s, got none; raise the time limit") from None
            finally:
                _end(process)
        if code != 0:
            tail = complaints.read_text(errors="replace")[-_TAIL:].strip()
            raise CommandError(self.name, f"expected exit code 0, got {code}; it said: {tail or 'nothing'}", tail=tail)

    def _result(self, out: Path, shape: tuple[int, ...]) -> Image:
        if not out.is_file():
            raise CommandError(self.name, "expected a picture at the path given last, got no file; write the result there")
        pixels = open_image(out).pixels
        if pixels.shape != shape:
            raise CommandError(self.name, f"expected a picture of the source's size {shape[:2]}, got {pixels.shape[:2]}; do not crop or resize")
        return pixels


def _split(command: str | Sequence[str]) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command) if isinstance(command, str) else command)
    except ValueError as error:
        raise UsageError(f"expected a command as one types it, got {command!r} ({error}); close its quotes") from error


def _check_program(program: str) -> None:
    if shutil.which(program) is None:
        raise MissingPartError(
            f"expected a program that can be run, found none called {program!r}; install it, give its whole path, or make the file executable"
        )


def _write(path: Path, image: Image) -> None:
    save_image(path, open_image(np.rint(image * 255).astype(np.uint8)), image)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and whatever it started; nothing of it may outlive its case."""
    if hasattr(os, "killpg"):
        # The whole group may have ended by itself.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
