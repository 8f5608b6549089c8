"""A deck as one file, and as an archive."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from castdeck.cast.model import Cast
from castdeck.errors import WorkspaceError
from castdeck.export.archive import write_archive
from castdeck.export.single_file import single_file
from castdeck.render import Theme, render_deck, site_files
from castdeck.render.vendor import script_hash
from tests.render.small_decks import make_deck

PAGE = (
    '<meta http-equiv="Content-Security-Policy" content="script-src &#39;self&#39; &#39;wasm-unsafe-eval&#39;">'
    '<link rel="stylesheet" href="lib/a.css"><img src="un%20%C3%A9t%C3%A9.png"><script src="lib/a.js"></script>'
)


def test_everything_is_inside_and_scripts_are_named_by_their_hash(tmp_path: Path) -> None:
    image = tmp_path / "un été.png"
    image.write_bytes(b"picture")
    files: dict[str, str | Path] = {
        "index.html": PAGE,
        "lib/a.css": 'p { background: url("dot.png") url(data:x) }',
        "lib/dot.png": image,
        "lib/a.js": 'say("</script><!-- <script>")',
        "un été.png": image,
    }
    html = single_file(files)
    script = 'say("\\x3C/script>\\x3C!-- \\x3Cscript>")'
    assert f"<script>{script}</script>" in html
    assert script_hash(script).strip("'") in html
    assert "&#x27;self&#x27;" not in html
    assert html.count("data:image/png;base64,cGljdHVyZQ==") == 2
    assert "url(data:x)" in html


def test_a_deck_in_one_file_asks_for_nothing_else(cast: Cast) -> None:
    rendered = render_deck(make_deck("```bash\necho hi\n```\n"), {"one-1": cast}, Theme("plain", ""))
    files = site_files(rendered, {"one-1": cast}, Theme("plain", ""))
    for page in ("index.html", "handout.html"):
        html = single_file(files, page)
        assert not re.findall(r"<link[^>]*>|<script src=[^>]*>", html)


def test_an_archive_of_the_same_deck_has_the_same_bytes_and_its_page_at_the_top(cast: Cast) -> None:
    rendered = render_deck(make_deck("# été"), {"one-1": cast}, Theme("plain", ""))
    archives = [BytesIO(), BytesIO()]
    for archive in archives:
        write_archive(site_files(rendered, {"one-1": cast}, Theme("plain", "")), archive)
    assert archives[0].getvalue() == archives[1].getvalue()
    with zipfile.ZipFile(archives[0]) as read:
        assert read.read("index.html").decode() == rendered.html
        assert "casts/one-1.cast" in read.namelist()


def test_a_link_that_takes_the_place_of_a_picture_is_not_followed(tmp_path: Path) -> None:
    secret, picture = tmp_path / "secret", tmp_path / "a.png"
    secret.write_text("mine")
    picture.symlink_to(secret)
    files: dict[str, str | Path] = {"index.html": '<body><img src="a.png"></body>', "a.png": picture}
    with pytest.raises(WorkspaceError, match=r"a\.png"):
        write_archive(files, BytesIO())
    with pytest.raises(WorkspaceError, match=r"a\.png"):
        single_file(files)
