"""Folders that are either whole or not there."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from kohl.core.errors import OutputError, OutputExistsError


def check_folder_writable(path: Path, *, marker: str, force: bool) -> None:
    """Refuse a target folder that can't be written, before work is spent on it.

    `marker` is a file that every folder of this kind holds: with `force` only such a folder is replaced, never somebody's pictures.
    Raises OutputExistsError or OutputError.
    """
    if not path.parent.is_dir():
        raise OutputError(f"cannot write {path}: the folder {path.parent} does not exist; create it first")
    if not path.exists():
        return
    if not force:
        raise OutputExistsError(f"{path} already exists; choose another name or give --force (force=True) to replace it")
    if path.is_symlink() or not (path / marker).is_file():
        raise OutputError(f"cannot replace {path}: it is not a folder that kohl export wrote ({marker} is not in it); name another one")


def write_folder(path: Path, files: Mapping[str, bytes], *, marker: str, force: bool = False) -> None:
    """Write `files`, relative path → contents, as the folder `path`, in one step: a folder beside it, then a rename.

    Raises OutputExistsError or OutputError; whatever fails, `path` keeps what it held and nothing half-written stays behind.
    """
    check_folder_writable(path, marker=marker, force=force)
    token = secrets.token_hex(8)
    fresh, old = path.parent / f".kohl-{token}.part", path.parent / f".kohl-{token}.old"
    try:
        try:
            for name, data in files.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / name).write_bytes(data)
            _swap(fresh, path, old)
        finally:
            for folder in (fresh, old):
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}; check the folder's rights and free space") from error


def _swap(fresh: Path, path: Path, old: Path) -> None:
    """Put `fresh` in the place of `path`. A folder cannot be renamed over a full one, so the old one steps aside first."""
    if not path.exists():
        os.rename(fresh, path)  # noqa: PTH104 (tests make exactly this call fail)
        return
    os.rename(path, old)  # noqa: PTH104
    try:
        os.rename(fresh, path)  # noqa: PTH104
    except OSError:
        os.rename(old, path)  # noqa: PTH104
        raise
