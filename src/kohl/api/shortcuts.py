"""The package's own functions: one studio's, made when the first of them is asked for."""

from __future__ import annotations

from kohl.api.studio import Studio

_studio = Studio()

analyze = _studio.analyze
apply = _studio.apply
read = _studio.read
transfer = _studio.transfer
