import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

PAGE = Path(__file__).parents[2] / "docs/faces.md"


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_the_pages_example_runs(drawn_image, tmp_path, monkeypatch, capsys):
    Image.fromarray(np.rint(drawn_image * 255).astype(np.uint8)).save(tmp_path / "me.jpg", quality=95)
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.M | re.S)
    exec(compile(block, str(PAGE), "exec"), {})
    yaw, matches = capsys.readouterr().out.split()
    assert abs(float(yaw)) < 5
    assert matches == "True"
