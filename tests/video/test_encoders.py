"""How encoders are set, and that the default is worth what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from films import background, write_film
from kohl.video.encoders import Encoding, options_of
from kohl.video.render import Production, make_up


def test_superfast_keeps_its_look_ahead():
    assert "mbtree=1" in options_of("libx264", Encoding())["x264-params"]
    assert "x264-params" not in options_of("libx264", Encoding(preset="veryfast"))
    assert "x264-params" not in options_of("libx265", Encoding())
    assert "x264-params" not in options_of("libvpx-vp9", Encoding())
    assert options_of("libx264", Encoding(quality=21))["crf"] == "21"


def test_the_default_makes_smaller_files_than_plain_superfast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What the look-ahead is for; on a panning pattern it is a good deal."""
    wide = background((144, 512))
    film = write_film(tmp_path / "in.mp4", [wide[:, 3 * number : 3 * number + 256] for number in range(30)], sound=False)

    def size(name: str) -> int:
        return make_up(film, None, out=tmp_path / name, production=Production()).output.stat().st_size

    with_it = size("with.mp4")
    monkeypatch.setattr("kohl.video.encoders._LOOK_AHEAD", "mbtree=0")
    assert with_it < 0.9 * size("without.mp4")
