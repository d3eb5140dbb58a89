"""Whether everything that kohl needs is there and works; what `kohl doctor` shows."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import numpy as np
from PIL import features

from kohl.api.samples import SAMPLE_LOOK, sample_photo
from kohl.api.studio import Studio
from kohl.core.errors import KohlError, MissingExtraError
from kohl.methods import registry
from kohl.weights import catalog, files

_PACKAGES = ("kohl", "mediapipe", "numpy", "opencv-contrib-python", "pillow", "pydantic", "typer", "rich", "coloraide")
_TRAIN = {name: name for name in ("torch", "onnx", "onnxscript", "safetensors", "tensorboard", "matplotlib")}
_EXTRAS = {
    "samples": {"scikit-image": "skimage"},
    "heif": {"pillow-heif": "pillow_heif"},
    "video": {"av": "av"},
    "train": _TRAIN,
    "diffusion": _TRAIN | {name: name for name in ("diffusers", "transformers", "peft", "accelerate")},
    "eval": {"matplotlib": "matplotlib", "scipy": "scipy"},
    "tflite": _TRAIN | {"litert-torch": "litert_torch"},
    "coreml": _TRAIN | {"coremltools": "coremltools"},
}
"""Extra → package → the module that is looked for; as in pyproject.toml, which is not there once kohl is installed."""
_CODECS = {"JPEG": "jpg", "PNG": "zlib", "WebP": "webp", "TIFF (compressed)": "libtiff", "AVIF": "avif"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    part: str
    ok: bool
    detail: str
    needed: bool = True
    """Whether kohl's main job fails without it."""


def check_up() -> tuple[Finding, ...]:
    """Look at the machine, the packages, the networks' files and the picture formats, and make up the sample."""
    return (*_machine(), *_packages(), *_extras(), *_formats(), *_networks(), _self_test())


def _machine() -> Iterable[Finding]:
    yield Finding("python", sys.version_info[:2] in ((3, 11), (3, 12)), platform.python_version())
    yield Finding("device", True, f"CPU, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}")
    yield Finding("methods", True, ", ".join(registry.names()))


def _packages() -> Iterable[Finding]:
    for name in _PACKAGES:
        installed = _version(name)
        yield Finding(name, installed is not None, installed or "not installed; type: pip install --force-reinstall kohl")


def _extras() -> Iterable[Finding]:
    """Look for the modules without importing them: torch alone takes seconds."""
    for extra, packages in _EXTRAS.items():
        missing = [package for package, module in packages.items() if find_spec(module) is None]
        found = ", ".join(f"{package} {_version(package) or ''}".rstrip() for package in packages if package not in missing)
        advice = f'not installed: {", ".join(missing)}; type: pip install "kohl[{extra}]"'
        yield Finding(f"extra {extra}", not missing, advice if missing else found, needed=False)


def _formats() -> Iterable[Finding]:
    for name, codec in _CODECS.items():
        there = bool(features.check(codec))
        yield Finding(name, there, "read and written" if there else "this Pillow was built without it", needed=False)


def _networks() -> Iterable[Finding]:
    for card in catalog.CARDS:
        try:
            files.verify(card)
        except KohlError as error:
            yield Finding(card.name, False, str(error))
        else:
            yield Finding(card.name, True, f"{card.purpose} ({card.licence}, checksum right)")


def _self_test() -> Finding:
    """Make up the sample: something must change, and the photo's border must not."""
    try:
        photo = sample_photo()
    except MissingExtraError as error:
        return Finding("self-test", False, str(error), needed=False)
    start = time.perf_counter()
    try:
        painted = Studio().apply(photo, SAMPLE_LOOK)
    except KohlError as error:
        return Finding("self-test", False, str(error))
    changed = (painted != photo).any(axis=2)
    border = np.concatenate([changed[0], changed[-1], changed[:, 0], changed[:, -1]])
    ok = bool(changed.any()) and not bool(border.any())
    return Finding("self-test", ok, f"{changed.mean():.1%} of the sample's pixels painted in {time.perf_counter() - start:.2f} s, start-up included")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
