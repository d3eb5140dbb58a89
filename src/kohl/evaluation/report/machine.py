"""Where and with what a run was made: what a reader of its numbers must know."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import kohl

_PACKAGES = ("kohl", "numpy", "opencv-contrib-python", "mediapipe", "onnxruntime", "pillow")


def machine() -> dict[str, Any]:
    """Processor, cores and system."""
    return {"processor": _processor(), "cores": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}"}


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide numbers; those that are not installed are missing."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def commit() -> dict[str, Any]:
    """The commit of the checkout that kohl runs from and whether its sources differ from it; empty outside a checkout."""
    root = Path(kohl.__file__).parents[2]
    if not (root / ".git").exists():
        return {}
    head = _git(root, "rev-parse", "--short", "HEAD")
    return {"commit": head, "differs_from_commit": bool(_git(root, "status", "--porcelain", "--", "src"))} if head else {}


def _git(root: Path, *arguments: str) -> str:
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor() or platform.machine())
