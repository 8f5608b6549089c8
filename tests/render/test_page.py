"""The page of a small deck, read as HTML."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from castdeck.cast.model import Cast, Event
from castdeck.errors import WorkspaceError
from castdeck.render import Theme, load_theme, render_deck
from tests.render.small_decks import make_deck, make_slide

PLAIN = Theme("plain", "")
RUN = "```bash\necho hi\n```\n"


def html_of(*slides: object, **settings: object) -> str:
    return render_deck(make_deck(*slides, **settings), {}, PLAIN).html  # type: ignore[arg-type]


def sections(html: str) -> str:
    """The nesting of the page's sections: "(" opens one, ")" closes it, with its id."""
    tags = re.finditer(r'<section(?: id="(\w+)")?|</section', html)
    return "".join(")" if tag[0].startswith("</") else f"({tag[1] or ''}" for tag in tags)


def test_vertical_slides_stand_in_a_section_with_the_one_above() -> None:
    slides = [make_slide(name, id=name, vertical=name in "ce") for name in "abcde"]
    assert sections(html_of(*slides)) == "(a)((b)(c))((d)(e))"


def test_a_first_slide_that_is_vertical_stands_alone() -> None:
    assert sections(html_of(make_slide("a", id="a", vertical=True), make_slide("b", id="b"))) == "(a)(b)"


def test_what_follows_a_step_is_one_fragment() -> None:
    html = html_of("first\n\n--\n\nsecond\n\nthird\n\n--\n\nfourth")
    assert html.count('<div class="fragment step">') == 2
    assert html.index("first") < html.index("fragment step") < html.index("second") < html.index("third")


def test_notes_are_not_part_of_the_slides_body() -> None:
    html = html_of(make_slide("shown", notes="for *me*"))
    assert '</div>\n<aside class="notes">\n<p>for <em>me</em></p>\n</aside>\n</section>' in html


def test_the_page_has_the_decks_language_and_title() -> None:
    html = html_of("x", lang="fr")
    assert '<html lang="fr"' in html
    assert "<title>A deck</title>" in html


def test_no_script_stands_in_the_page_and_nothing_comes_from_elsewhere(cast: Cast) -> None:
    html = render_deck(make_deck(RUN), {"one-1": cast}, PLAIN).html
    for tag in re.findall(r"<script[^>]*>", html):
        assert 'type="application/json"' in tag or 'src="lib/' in tag
    assert all(url.startswith("lib/") for url in re.findall(r'(?:src|href)="([^"]+)"', html))


def test_a_block_with_a_cast_is_a_terminal_that_shows_its_code(cast: Cast) -> None:
    html = render_deck(make_deck(RUN), {"one-1": cast}, PLAIN).html
    assert 'data-block="one-1"' in html
    assert "--rows:3" in html
    assert "not recorded" not in html


def test_a_block_without_a_cast_says_so() -> None:
    assert '<span class="badge">not recorded</span>' in html_of(RUN)


def test_a_notice_says_why_there_is_no_cast() -> None:
    html = render_deck(make_deck(RUN), {}, PLAIN, {"one-1": "recording <failed>"}).html
    assert '<span class="badge">recording &lt;failed&gt;</span>' in html


@pytest.mark.parametrize("fence", ["```bash {.norun}", "```python"])
def test_code_that_is_not_run_has_no_badge(fence: str) -> None:
    html = html_of(f"{fence}\necho hi\n```\n")
    assert "badge" not in html
    assert '<pre class="code">' in html


def test_a_hidden_block_shows_nothing(cast: Cast) -> None:
    html = render_deck(make_deck(make_slide(RUN, hidden=True)), {"one-1": cast}, PLAIN).html
    assert "echo" not in html


class Scripts(HTMLParser):
    """Collects the text of each JSON script as a browser would see it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.last = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and ("type", "application/json") in attrs:
            self.texts.append("")
        self.last = tag

    def handle_data(self, data: str) -> None:
        if self.last == "script" and self.texts:
            self.texts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.last = ""


@pytest.mark.parametrize("evil", ["</script><b>", "<!--<script>", "]]>\u2028 é \x1b[0m \\u003c"])
def test_output_that_looks_like_html_stays_text(evil: str) -> None:
    cast = Cast(80, 24, (Event(0.5, "o", evil),))
    scripts = Scripts()
    scripts.feed(render_deck(make_deck(RUN), {"one-1": cast}, PLAIN).html)
    assert json.loads(scripts.texts[0]) == [{"version": 2, "width": 80, "height": 24}, [0.5, "o", evil]]


def test_marked_lines_start_with_the_first_group() -> None:
    html = html_of("```python [1-2|4]\na\nb\nc\nd\n```\n")
    assert html.count('class="line marked"') == 2
    assert 'class="fragment line-step" data-lines="4"' in html


def test_reveal_settings_come_from_the_front_matter() -> None:
    text = re.search(
        r'id="castdeck-settings">(.*?)</script>', html_of("x", width=1600, reveal={"loop": True}, play="auto")
    )
    assert text
    settings = json.loads(text[1])
    assert settings["play"] == "auto"
    assert (settings["reveal"]["width"], settings["reveal"]["loop"], settings["reveal"]["hash"]) == (1600, True, True)


def test_an_unknown_play_mode_is_a_warning() -> None:
    rendered = render_deck(make_deck("x", play="fast"), {}, PLAIN)
    assert [problem.message for problem in rendered.problems] == ["play: 'fast' is not known"]


def test_a_theme_may_bring_its_own_layout() -> None:
    theme = Theme("own", "", '{% extends "page.html.j2" %}{% block head %}<meta name="own">{% endblock %}')
    assert '<meta name="own">' in render_deck(make_deck("x"), {}, theme).html


def test_a_broken_layout_is_an_error_that_names_the_theme() -> None:
    with pytest.raises(WorkspaceError, match=r"themes/own/layout.html.j2:1: error: .*extends"):
        render_deck(make_deck("x"), {}, Theme("own", "", "{{ nothing }}"))


def test_an_unknown_theme_names_its_near_miss() -> None:
    with pytest.raises(WorkspaceError) as caught:
        load_theme("ligth")
    assert caught.value.problem.hint == "did you mean light?"


def test_a_workspaces_theme_comes_first(tmp_path: Path) -> None:
    (tmp_path / "light").mkdir()
    (tmp_path / "light/theme.css").write_text("/* mine */")
    assert load_theme("light", [tmp_path]).css == f"{load_theme('light').css}\n/* mine */"


def test_two_themes_are_one_by_day_and_one_by_night() -> None:
    both = load_theme("contrast+dark")
    day, night = load_theme("contrast"), load_theme("dark")
    assert both.css == f"{day.css}\n@media screen and (prefers-color-scheme: dark) {{\n{night.css}}}\n"
    assert load_theme("auto").css == load_theme("light+dark").css


def test_an_unknown_theme_of_two_is_named() -> None:
    with pytest.raises(WorkspaceError, match="no theme is called 'drak'"):
        load_theme("light+drak")
