"""Files that are either whole or not there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kohl.core.errors import OutputError, OutputExistsError


def check_writable(path: Path, *, force: bool) -> None:
    """Refuse a target that can't be written, before work is spent on it.

    Raises OutputExistsError (a file is there and `force` is not set) or OutputError (a folder is there, or its folder is not).
    """
    if path.is_dir():
        raise OutputError(f"cannot write {path}: a folder has that name; name a file inside it")
    if not path.parent.is_dir():
        raise OutputError(f"cannot write {path}: the folder {path.parent} does not exist; create it first")
    if path.exists() and not path.is_file():
        raise OutputError(f"cannot write {path}: it is not a regular file; name another one")
    if path.exists() and not force:
        raise _exists(path)


def write_atomically(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write `data` to `path` in one step: a temporary file beside it, then a rename.

    Whatever fails (full disk, missing rights, a crash), `path` keeps what it held and nothing half-written stays behind.
    A symbolic link is followed: its target is replaced, the link stays.

    Raises
    ------
    OutputExistsError
        `path` exists and `force` is not set; this holds even when another process creates it meanwhile.
    OutputError
        It cannot be written; the message says why.
    """
    target = Path(os.path.realpath(path))
    check_writable(target, force=force)
    temporary = target.parent / f".kohl-{secrets.token_hex(8)}.part"
    try:
        try:
            _write_new(temporary, data)
            publish(temporary, target, force=force)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}; check the folder's rights and free space") from error


def _write_new(path: Path, data: bytes) -> None:
    # Not tempfile: its files are readable by their owner alone, and ours becomes the user's picture.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        # Without it a power cut after the rename can leave an empty file under the final name.
        os.fsync(file.fileno())


def publish(temporary: Path, target: Path, *, force: bool) -> None:
    """Give a finished temporary file its name, in one step; it must lie on the target's file system.

    Raises FileExistsError where the target exists and `force` is not set, OSError where it cannot be done.
    """
    if force:
        os.replace(temporary, target)  # noqa: PTH105 (tests make exactly this call fail)
        return
    try:
        os.link(temporary, target)  # fails where the target exists, which a rename would not
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: the check just before is the best there is.
        check_writable(target, force=False)
        os.replace(temporary, target)  # noqa: PTH105


def _exists(path: Path) -> OutputExistsError:
    return OutputExistsError(f"{path} already exists; choose another name or give --force (force=True) to replace it")
