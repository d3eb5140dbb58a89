"""On what, with what and from which source a number was measured: stands beside every result."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("kohl", "numpy", "opencv-contrib-python", "mediapipe", "pillow", "onnxruntime")
BUSY = 0.7
"""Load per core from which on times are called those of a shared machine."""


def machine() -> dict[str, Any]:
    """Processor, cores, memory in GiB (None where the system doesn't tell) and system."""
    return {"processor": _processor(), "cores": os.cpu_count(), "memory_gib": _memory(), "system": f"{platform.system()} {platform.machine()}"}


def versions() -> dict[str, str]:
    """Version of each of `PACKAGES` that is installed, and of Python."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found | {"python": platform.python_version()}


def load() -> float | None:
    """How many processes wanted a core during the last minute, on average; None where the system doesn't tell."""
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):
        return None


def is_busy(average: float | None) -> bool:
    """Whether that load, of `load()`, means that other programs run."""
    return average is not None and average > BUSY * (os.cpu_count() or 1)


def commit_of(root: Path) -> tuple[str | None, bool | None]:
    """Return the short commit of the checkout at `root`, and whether its src/ differs from it; twice None where `root` is none."""
    if not (root / ".git").exists():
        return None, None
    commit = _git(root, "rev-parse", "--short", "HEAD")
    return commit or None, bool(_git(root, "status", "--porcelain", "--", "src"))


def own_checkout() -> Path:
    """The folder that is the root of kohl's checkout, if this kohl runs from one."""
    return Path(__file__).resolve().parents[3]


def _git(root: Path, *arguments: str) -> str:
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def _processor() -> str:
    try:
        names = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def _memory() -> float | None:
    try:
        return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None
