"""The page: safe whatever names are in it, complete in one file, and alive in a browser without asking anybody for anything."""

from __future__ import annotations

import html.parser
import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import made_up_rows
import pytest

from drawn import Drawing
from kohl.core.errors import MissingExtraError
from kohl.evaluation.report import chart
from kohl.evaluation.report.markup import Markup, joined, tag, void
from kohl.evaluation.report.page import page
from kohl.evaluation.running.thumbnails import SIDE, face_cut, portrait_name, result_name, save_thumbnail
from kohl.faces.face import Face

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OWN_HOSTS = ("google.com", "googleapis.com", "gvt1.com", "googleusercontent.com")
"""Whom Chromium calls of itself, page or no page."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, drawing: Drawing, drawn_face: Face) -> Path:
    """The small pictures of every row, all showing the drawn face."""
    pytest.importorskip("matplotlib", reason="the charts need the extra eval")
    folder = tmp_path_factory.mktemp("pictures")
    for row in made_up_rows.rows():
        for name in (portrait_name(row.source), portrait_name(row.reference), result_name(row.key)):
            save_thumbnail(folder / name, drawing.image, drawn_face)
    return folder


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    return page(made_up_rows.evaluation(), folder)


class Reader(html.parser.HTMLParser):
    """Collects elements, and complains about what is closed and was not opened."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))
        if name not in ("meta", "img", "input"):
            self.open.append(name)

    def handle_startendtag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def test_markup_cannot_be_broken_out_of():
    assert tag("p", '<b>"&', title='"><script>') == '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&quot;&amp;</p>'
    assert joined("<", Markup("<br>")) == "&lt;<br>"
    assert void("img", data_x="1", alt="", class_="a") == '<img data-x="1" alt class="a">'


def test_the_page_is_well_formed_and_names_run_no_code(text: str):
    reader = read(text)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert [name for name, _ in reader.elements].count("script") == 2


def test_no_address_leads_out(text: str):
    for name, attributes in read(text).elements:
        for attribute in ("src", "href", "action", "srcset", "data", "xlink:href"):
            assert (attributes.get(attribute) or "#").startswith(("#", "data:")), (name, attribute)
    assert not re.findall(r"url\((?!#)", text)
    assert "@import" not in text
    policy = next(attributes["content"] for _, attributes in read(text).elements if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_the_page_shows_counts_failures_slices_and_charts(text: str):
    words = re.sub(r"<[^>]+>", " ", text)
    assert "ValueError: no | such" in words
    assert "no face in 5.png" in words
    assert words.index("ita: dark") < words.index("ita: light")
    assert text.count("<svg") == 1
    assert "currentColor" in text
    assert "<metadata>" not in text
    assert "2 / 1" in words, "failed / refused stands in every table"


def test_the_ten_best_and_worst_of_everybody_are_shown_each_picture_once(text: str):
    reader = read(text)
    assert len([1 for name, attributes in reader.elements if name == "input" and attributes["type"] == "range"]) == 3 * 20
    pictures = json.loads(re.findall(r'<script type="application/json" id="pictures">(.*?)</script>', text, re.S)[0])
    shown = [attributes["data-picture"] for name, attributes in reader.elements if name == "img"]
    assert set(shown) == set(pictures)
    assert len(shown) == 3 * 60
    assert all(uri.startswith("data:image/jpeg;base64,") for uri in pictures.values())
    labels = {attributes["aria-label"] for name, attributes in reader.elements if name == "input"}
    assert all(label and label.startswith("Source on the left") for label in labels)


def test_without_pictures_nobody_is_shown():
    bare = page(made_up_rows.evaluation(), None)
    assert "<img" not in bare
    assert "data:image" not in bare


def test_pictures_that_were_not_kept_are_counted(tmp_path: Path):
    assert "60 pictures were not kept" in page(made_up_rows.evaluation(), tmp_path)


def test_without_matplotlib_the_page_says_what_to_type(monkeypatch: pytest.MonkeyPatch):
    def missing(*args: object, **more: str) -> None:
        raise MissingExtraError(more["purpose"], more["extra"])

    monkeypatch.setattr(chart, "require", missing)
    assert "pip install &quot;kohl[eval]&quot;" in page(made_up_rows.evaluation(), None)


def test_cuts_hold_the_face_and_no_position(drawing: Drawing, drawn_face: Face, tmp_path: Path):
    cut = face_cut(drawing.image, drawn_face)
    assert cut.shape == (SIDE, SIDE, 3)
    centre = cut[SIDE // 2, SIDE // 2]
    x, y = (drawn_face.box[0] + drawn_face.box[2]) / 2, (drawn_face.box[1] + drawn_face.box[3]) / 2
    assert abs(centre - drawing.image[int(y - 0.075 * (drawn_face.box[3] - drawn_face.box[1])), int(x)]).max() < 0.2
    save_thumbnail(tmp_path / "a.jpg", drawing.image, drawn_face)
    data = (tmp_path / "a.jpg").read_bytes()
    assert b"algorithmicallyEnhanced" in data
    assert b"Exif" not in data


PROBE = """<script>
const slider = document.querySelector(".compare input");
slider.focus();
slider.value = 80;
slider.dispatchEvent(new Event("input"));
const over = document.querySelector(".compare .over");
document.title = JSON.stringify({
  clip: getComputedStyle(over).clipPath, wide: document.documentElement.scrollWidth, window: innerWidth, focused: document.activeElement === slider,
  loaded: [...document.querySelectorAll("details[open] img")].every((image) => image.complete && image.naturalWidth > 0),
  asked: performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => !name.startsWith("data:")),
});
</script></body>"""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("width", [500, 1300])
def test_in_a_browser_the_slider_works_and_nobody_is_asked(width: int, text: str, tmp_path: Path):
    (tmp_path / "page.html").write_text(text.replace("</body>", PROBE))
    found, hosts = browse(tmp_path, width)
    assert found["clip"] == "inset(0px 0px 0px 80%)"
    assert found["focused"]
    assert found["loaded"]
    assert found["wide"] <= found["window"], "the page must not scroll sideways"
    assert found["asked"] == []
    assert [host for host in hosts if not host.endswith(OWN_HOSTS)] == []


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_the_browser_test_would_see_a_request(text: str, tmp_path: Path):
    """Without the policy and with a foreign picture, the log names the stranger: so its silence above means something."""
    open_page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    (tmp_path / "page.html").write_text(open_page.replace("</body>", '<img src="http://stranger.invalid/a.png">' + PROBE))
    _, hosts = browse(tmp_path, 1300)
    assert "stranger.invalid" in hosts
    (tmp_path / "page.html").write_text(text.replace("</body>", '<img src="http://stranger.invalid/a.png">' + PROBE))
    _, hosts = browse(tmp_path, 1300)
    assert "stranger.invalid" not in hosts, "the page's own policy forbids it"


def browse(folder: Path, width: int) -> tuple[dict[str, object], set[str]]:
    """Open page.html in Chromium; return what the probe wrote and the hosts that were asked for."""
    quiet = ("quic", "background-networking", "component-update", "sync", "gpu", "default-apps", "extensions")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    command += [f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900", f"--log-net-log={folder / 'net.json'}"]
    told = subprocess.run([*command, "--dump-dom", (folder / "page.html").as_uri()], capture_output=True, text=True, timeout=120, check=True).stdout
    title = re.search(r"<title>(.*?)</title>", told, re.S)
    assert title, told[:500]
    urls = re.findall(r'"url":"(https?://[^"]*)"', (folder / "net.json").read_text(errors="replace"))
    return json.loads(title[1].replace("&quot;", '"')), {str(urlsplit(url).hostname) for url in urls}
