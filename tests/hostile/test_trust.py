"""No script of a deck runs before its folder is trusted, and the trust is kept outside of that folder."""

import re
from pathlib import Path

import pytest

from castdeck.render.own_scripts import OwnScripts
from castdeck.render.svg import acts_by_itself
from castdeck.repository import repository_of
from tests.conftest import Cli

DECK = (
    '# A {#a}\n\n<div id="chart" onclick="draw()"></div>\n<script src="chart.js"></script>\n<script>draw()</script>\n'
)


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    course = tmp_path / "course"
    (course / "slides/a").mkdir(parents=True)
    (course / "castdeck.toml").touch()
    (course / "slides/a/chart.js").write_text("function draw() {}")
    path = course / "slides/a/deck.md"
    path.write_text(DECK)
    return path


def built(cli: Cli, deck: Path, *arguments: str) -> tuple[Path, str]:
    done = cli("build", "a", "--no-record", *arguments, cwd=deck.parents[2])
    assert done.status == 0, done.err
    folder = deck.parents[2] / "public/a"
    return folder, (folder / "index.html").read_text()


def test_a_deck_runs_its_scripts_once_its_folder_is_trusted(deck: Path, cli: Cli) -> None:
    folder, page = built(cli, deck)
    assert '<script type="text/plain" src="chart.js">' in page and '<script type="text/plain">draw()' in page
    assert "unsafe-inline" not in script_policy(page) and not (folder / "chart.js").exists()

    asked = cli("trust", "--yes", cwd=deck.parents[2])
    assert asked.status == 0
    assert (
        "slides/a/deck.md:3: warning: this deck has active content (scripts: chart.js, inline; handlers: onclick"
        in asked.err
    )
    assert f"the decks in {deck.parents[2]} run the scripts that they bring" in asked.err
    folder, page = built(cli, deck)
    assert '<script src="chart.js">' in page and "'unsafe-inline'" in script_policy(page)
    assert (folder / "chart.js").read_text() == "function draw() {}"
    _, page = built(cli, deck, "--sanitize")
    assert "chart.js" not in page and "unsafe-inline" not in script_policy(page)
    one = cli("export", "a", "--single-file", cwd=deck.parents[2])
    assert one.status == 0, one.err
    single = (deck.parents[2] / one.out.strip()).read_text()
    assert 'src="data:text/javascript;base64,' in single and "sha256" not in script_policy(single)

    assert cli("trust", "--withdraw", cwd=deck.parents[2]).status == 0
    folder, page = built(cli, deck)
    assert "unsafe-inline" not in script_policy(page) and not (folder / "chart.js").exists()


def test_nothing_in_the_folder_can_trust_it_nor_does_the_trust_go_with_a_copy(deck: Path, cli: Cli) -> None:
    course = deck.parents[2]
    cli("trust", "--yes", cwd=course)
    moved = course.rename(course.with_name("copy"))
    assert "unsafe-inline" not in script_policy(built(cli, moved / "slides/a/deck.md")[1])
    (moved / "castdeck.toml").write_text("trust = true\n")
    assert "unknown setting 'trust'" in cli("build", "a", "--no-record", cwd=moved).err
    (moved / "castdeck.toml").write_text("")
    assert cli("trust", cwd=moved).status == 1  # nobody answers


def script_policy(page: str) -> str:
    found = re.search(r"script-src ([^;]*);", page.replace("&#39;", "'").replace("&#x27;", "'"))
    assert found
    return found[1]


@pytest.mark.parametrize(
    "script",
    [
        '<script src="notes.txt"></script>',
        '<SCRIPT\nsrc="notes.txt"></SCRIPT>',
        '<script/src="notes.txt"></script>',
        '<svg><script href="notes.txt"></script></svg>',
        '<script type="module" src="notes.txt"></script>',
        '<script type="application/jsonx" src="notes.txt"></script>',
    ],
)
def test_no_other_file_of_a_deck_is_run_as_a_script(deck: Path, cli: Cli, script: str) -> None:
    deck.write_text(f"# A {{#a}}\n\n[notes](notes.txt)\n\n{script}\n")
    (deck.parent / "notes.txt").write_text("alert(1)")
    folder, page = built(cli, deck)
    assert (folder / "notes.txt").exists()
    for html in (page, (folder / "handout.html").read_text()):
        runs = re.findall(r'<script(?! type="(?:text/plain|application/json)"[\s>])[^>]*>', html, re.IGNORECASE)
        assert runs and all(re.fullmatch(r'<script src="lib/[\w.-]+">', one) for one in runs)


def test_reveal_js_loads_no_script_for_a_deck(deck: Path, cli: Cli) -> None:
    deck.write_text(
        "---\nreveal:\n  dependencies: [{src: notes.txt}]\n  controls: false\n---\n\n# A {#a}\n\n[x](notes.txt)\n"
    )
    (deck.parent / "notes.txt").write_text("alert(1)")
    page = built(cli, deck)[1]
    assert '"controls": false' in page and "dependencies" not in page
    told = cli("check", "a", "--no-browser", "--all", cwd=deck.parents[2]).out
    assert "deck.md:3:3: unsupported warning: reveal.js's 'dependencies' do nothing here" in told, told


def test_a_theme_can_not_sign_its_own_scripts() -> None:
    own = OwnScripts()
    assert own.only(f'<script {own.sign} src="lib/a.js"></script><script castdeck-00 src="x">') == (
        '<script src="lib/a.js"></script><script type="text/plain" castdeck-00 src="x">'
    )


def test_a_layout_that_puts_its_scripts_together_from_pieces_runs_none(deck: Path, cli: Cli) -> None:
    theme = deck.parents[2] / "themes/own"
    theme.mkdir(parents=True)
    (theme / "theme.css").touch()
    (theme / "layout.html.j2").write_text(
        '{% extends "page.html.j2" %}{% block head %}<scr{{ "" }}ipt src="notes.txt"></script>{% endblock %}'
    )
    page = built(cli, deck, "--theme", "own")[1]
    assert '<script type="text/plain" src="notes.txt">' in page


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.mark.parametrize(
    "content",
    [
        SVG.format("<script>alert(1)</script>"),
        SVG.format('<rect onclick="alert(1)"/>'),
        SVG.format('<a x:href="java&#10;script:alert(1)"><text>x</text></a>'),
        SVG.format('<a><set attributeName="href" to="javascript:alert(1)"/></a>'),
        SVG.format('<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="x"/></foreignObject>'),
        SVG.format("<script>alert(1)</script>").encode("utf-16"),
        '<!DOCTYPE svg [<!ENTITY x "&#60;script>alert(1)&#60;/script>">]>' + SVG.format("&x;"),
        SVG.format("<script>alert(1)</script><"),
        SVG.format("<g>" * 5).replace("</svg>", ""),
        b"\xff\xfe not xml",
        SVG.format("<g/>" * 1_000_001),
        SVG.format("<g " + " ".join(f"a{number}=''" for number in range(1_000_000)) + "/>"),
    ],
)
def test_a_picture_that_would_act_as_a_page_is_not_published(deck: Path, cli: Cli, content: str | bytes) -> None:
    (deck.parent / "x.svg").write_bytes(content.encode() if isinstance(content, str) else content)
    deck.write_text("# A {#a}\n\n![x](x.svg)\n\n[x](x.svg)\n")
    done = cli("build", "a", "--no-record", cwd=deck.parents[2])
    assert "image 'x.svg' holds scripts, or can't be read" in done.err
    assert not (deck.parents[2] / "public/a/x.svg").exists()


def test_pictures_of_drawing_programs_are_published(tmp_path: Path) -> None:
    label = '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml" style="color: red">text</div></foreignObject>'
    picture = SVG.format(f'<style>text {{ fill: red }}</style>{label}<a x:href="https://example.org/"/><animate/>')
    (tmp_path / "x.svg").write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg>\n{picture}')
    assert not acts_by_itself(tmp_path / "x.svg")


def test_a_home_that_is_a_git_repository_is_not_the_deck_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    deck = tmp_path / "home/talks/git"
    deck.mkdir(parents=True)
    (tmp_path / "home/.git").mkdir()
    (tmp_path / ".git").mkdir()
    assert repository_of(deck) is None
    (tmp_path / "home/talks/.git").mkdir()
    assert repository_of(deck) == tmp_path / "home/talks"
