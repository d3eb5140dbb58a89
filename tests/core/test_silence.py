"""Other people's code keeps quiet, from any thread, and everything is as it was afterwards."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image as PillowImage

from kohl.core.silence import without_native_output, without_warnings
from pictures import encoded, smooth


def test_warnings_are_ignored_inside_only():
    before = list(warnings.filters)
    with without_warnings("PIL"):
        warnings.warn("of no concern", stacklevel=1)
    assert warnings.filters == before
    with pytest.warns(UserWarning, match="of concern"):
        warnings.warn("of concern", stacklevel=1)


def test_logger_is_left_as_it_was():
    logger = logging.getLogger("PIL")
    before = list(logger.handlers)
    with without_warnings("PIL"):
        assert len(logger.handlers) == len(before) + 1
    assert logger.handlers == before


def test_native_output_goes_nowhere_and_comes_back(capfd):
    os.write(2, b"before ")
    with without_native_output():
        os.write(2, b"chatter ")
    os.write(2, b"after")
    assert capfd.readouterr().err == "before after"


def test_threads_do_not_undo_each_other(capfd):
    def work(_: int) -> None:
        with without_native_output():
            os.write(2, b"chatter")
        with without_warnings("PIL"):
            warnings.warn("chatter", stacklevel=1)

    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(200)))
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"
    assert warnings.filters == before


def test_ctrl_c_waits_until_the_library_is_done(capfd):
    """A library that is left in the middle goes on in threads of its own, and would speak when nobody silences it any more."""
    before, steps = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with without_native_output():
            with without_native_output():
                signal.raise_signal(signal.SIGINT)
                os.write(2, b"chatter")
                steps.append("done inside")
            steps.append("done outside")
        steps.append("went on")

    with pytest.raises(KeyboardInterrupt):
        work()
    os.write(2, b"after")
    assert steps == ["done inside", "done outside"]
    assert signal.getsignal(signal.SIGINT) is before
    assert capfd.readouterr().err == "after"


def test_ctrl_c_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with without_native_output():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_closed_stderr_is_no_hindrance(monkeypatch):
    def closed(_: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    with without_native_output():
        pass


def test_damaged_tiff_says_nothing_but_our_error():
    """In a bare process, where neither pytest nor a logging set-up catches what Pillow and libtiff print."""
    whole = encoded(PillowImage.fromarray(smooth()), "TIFF", compression="tiff_adobe_deflate")
    broken = whole[:20] + b"\xff" * 60 + whole[80:]
    many = whole.replace(b"\x15\x01\x03\x00\x01\x00\x00\x00\x03", b"\x15\x01\x03\x00\x01\x00\x00\x00\x32")
    assert many != whole
    program = (
        "import sys\nfrom kohl.core.errors import UnreadableImageError\nfrom kohl.core.images import open_image\n"
        "for data in map(bytes.fromhex, sys.argv[1:]):\n"
        "    try: open_image(data)\n    except UnreadableImageError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", program, broken.hex(), many.hex()], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("refused\nrefused\n", "")
