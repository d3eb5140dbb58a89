"""Where a pretrained model's files lie: in a folder, or in the local copy of a hub. The only place that may reach the network."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kohl.core.errors import MissingModelError, UsageError
from kohl.core.extras import require

_HUB_ID = re.compile(r"(?P<repo>[\w][\w.-]*/[\w][\w.-]*)(?:/(?P<inside>[\w./-]+))?")
_INDEX = ".safetensors.index.json"
_PICKLES = (".bin", ".ckpt", ".pt", ".pth")


@dataclass(frozen=True, slots=True)
class Part:
    """One model of a pipeline: its `folder` (empty for the top), the class that its config must name, and its weights' file name."""

    folder: str
    architecture: str
    stem: str = "diffusion_pytorch_model"
    config: str = "config.json"
    has_weights: bool = True

    def patterns(self, inside: str = "") -> list[str]:
        """What to fetch from a hub: no other precision, no pickles, nothing that this part does not need."""
        names = [self.config, "preprocessor_config.json"]
        if self.has_weights:
            names += [f"{self.stem}.safetensors", f"{self.stem}-*-of-*.safetensors", f"{self.stem}{_INDEX}"]
        return ["/".join(filter(None, (inside, self.folder, name))) for name in names]


UNET = Part("unet", "UNet2DConditionModel")
VAE = Part("vae", "AutoencoderKL")
SCHEDULER = Part("scheduler", "", config="scheduler_config.json", has_weights=False)
ENCODER = Part("", "CLIPVisionModelWithProjection", stem="model")
CONTROLNET = Part("", "ControlNetModel")


def find_model(source: str | Path, parts: Sequence[Part], *, allow_download: bool) -> Path:
    """Return the folder that holds `parts`, every file in its place.

    Parameters
    ----------
    source
        A folder, or a hub id "owner/name", or "owner/name/folder/inside".
    parts
        What must be in it.
    allow_download
        False looks only into the hub's cache on this machine; True also fetches what is missing there.

    Raises
    ------
    MissingModelError
        It is not there, or files are missing, or its weights come as pickles only; the message lists the files.
    UsageError
        It is one file, or the folder holds another kind of model.
    """
    folder = Path(source).expanduser()
    if folder.is_file():
        raise UsageError(f"expected a folder or a hub id, got the file {source}; convert single-file checkpoints to diffusers' folders first")
    if not folder.is_dir():
        folder = _hub_folder(str(source), parts, allow_download=allow_download)
    for part in parts:
        _check_part(folder, part, source=str(source))
    return folder


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object. Raises MissingModelError where it is missing or damaged."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MissingModelError(f"{path} cannot be read ({error}); fetch it again") from error
    if not isinstance(stored, dict):
        raise MissingModelError(f"{path} must hold a JSON object, got {type(stored).__name__}; fetch it again")
    return stored


def variant_of(folder: Path, part: Part) -> str | None:
    """The precision in the weights' file names, "fp16" or None, whichever `folder` has; full precision first."""
    return None if _has_weights(folder / part.folder, part.stem) else "fp16"


def silence_telemetry() -> None:
    """Tell the hub's libraries to send no usage figures; what the user has already set stays."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    # The variable is read once, at import, which somebody may have done before us.
    constants: Any = require("huggingface_hub.constants", extra="diffusion", purpose="a pretrained backbone")
    constants.HF_HUB_DISABLE_TELEMETRY = True


def _hub_folder(source: str, parts: Sequence[Part], *, allow_download: bool) -> Path:
    match = _HUB_ID.fullmatch(source)
    if match is None:
        raise MissingModelError(
            f"expected a folder or a hub id like 'owner/name', got {source!r}, where there is no folder; it should hold {_listing(parts)}"
        )
    silence_telemetry()
    hub = require("huggingface_hub", extra="diffusion", purpose="a pretrained backbone")
    inside = match["inside"] or ""
    patterns = [pattern for part in parts for pattern in part.patterns(inside)]
    try:
        found = hub.snapshot_download(match["repo"], allow_patterns=patterns, local_files_only=not allow_download)
    except (OSError, ValueError) as error:
        raise MissingModelError(_absent(source, parts, allow_download=allow_download)) from error
    return Path(found) / inside


def _absent(source: str, parts: Sequence[Part], *, allow_download: bool) -> str:
    where = (
        "neither a folder, nor in the hub's cache on this machine" if not allow_download else "not a folder, and could not be fetched from the hub"
    )
    what_next = (
        "give a folder that holds these files, or allow the download once with allow_download=True"
        if not allow_download
        else "check the id, the connection and HF_HUB_OFFLINE, or give a folder that holds these files"
    )
    return f"{source!r} is {where}; kohl needs {_listing(parts)}: {what_next}"


def _check_part(folder: Path, part: Part, *, source: str) -> None:
    place = folder / part.folder
    _check_architecture(place, part)
    missing = [str(name) for name in _missing(place, part)]
    if not missing:
        return
    if part.has_weights and (pickles := sorted(path.name for path in place.glob("*") if path.suffix in _PICKLES)):
        raise MissingModelError(
            f"{place} holds pickles ({', '.join(pickles)}), which can run code when they are read; kohl reads {part.stem}.safetensors only: "
            "fetch that file, or convert it where you trust it"
        )
    raise MissingModelError(f"{source}: expected {', '.join(missing)}, not there; kohl needs {_listing([part])} in {place}: fetch what is missing")


def _check_architecture(place: Path, part: Part) -> None:
    """A wrong folder is told by its config, before anything else is missed in it."""
    if not part.architecture or not (place / part.config).is_file():
        return
    config = read_json(place / part.config)
    found = config.get("_class_name") or ", ".join(config.get("architectures") or ["nothing"])
    if part.architecture not in (found, _with_projection(found)):
        raise UsageError(f"{place / part.config} must describe a {part.architecture}, got {found}; it is the folder of another model")


def _with_projection(found: str) -> str:
    """A whole CLIP's folder serves as well: transformers takes the vision tower out of it."""
    return "CLIPVisionModelWithProjection" if found == "CLIPModel" else found


def _missing(place: Path, part: Part) -> Iterator[Path]:
    if not (place / part.config).is_file():
        yield place / part.config
    if part.has_weights and not (_has_weights(place, part.stem) or _has_weights(place, part.stem, ".fp16")):
        yield place / f"{part.stem}.safetensors"


def _has_weights(place: Path, stem: str, variant: str = "") -> bool:
    whole, index = place / f"{stem}{variant}.safetensors", place / f"{stem}{_INDEX[:-5]}{variant}.json"
    return whole.is_file() or index.is_file()


def _listing(parts: Sequence[Part]) -> str:
    files = [
        "/".join(filter(None, (part.folder, name))) for part in parts for name in (part.config, f"{part.stem}.safetensors")[: 1 + part.has_weights]
    ]
    return ", ".join(files)
