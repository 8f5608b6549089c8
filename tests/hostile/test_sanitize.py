"""`build --sanitize`: what is published of a stranger's HTML does nothing by itself and asks no other host."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from castdeck.render.sanitize import sanitized_html
from tests.conftest import Cli

GONE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script/src=data:,alert(1)>",
    '<img src=x onerror="alert(1)">',
    "<img/src=x/onerror=alert(1)>",
    '<svg onload="alert(1)"><script>alert(1)</script></svg>',
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" &#106;ava&#10;script:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="https://evil.example/"></iframe>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<object data="x.svg"></object><embed src="x.svg">',
    '<form action="https://evil.example/"><button formaction="javascript:alert(1)">x</button></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<base href="https://evil.example/">',
    "<style>@import 'https://evil.example/x.css';</style>",
    '<div style="background: url(https://evil.example/x.png)">x</div>',
    '<div style="background: u\\72l(//evil.example/x)">x</div>',
    '<img src="https://evil.example/x.png">',
    '<img src="//evil.example/x.png" srcset="https://evil.example/y.png 2x">',
    '<img src="/\\evil.example/x.png">',
    '<img data-src="https://evil.example/x.png">',
    '<video poster="https://evil.example/x.png"><source src="https://evil.example/x.mp4"></video>',
    '<section data-background-iframe="https://evil.example/">',
    '<a data-preview-link="https://evil.example/" href="#/x">x</a>',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    '<img title="--><img src=x onerror=alert(1)>">',
    "<a title='<img src=x onerror=alert(1)>'>",
    "<td onclick=alert(1) style='x:url(y)'>x</td>",
    "<x-y onclick=alert(1)>x</x-y>",
    "<img src=x `onerror=alert(1)>",
    "<img src=x\x00onerror=alert(1)>",
]


class _Tags(HTMLParser):
    """Every tag of what came out, as the strictest reader sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "iframe", "object", "embed", "svg", "math", "form", "meta", "link", "base"):
            self.wrong.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or name in ("srcdoc", "formaction", "srcset", "data-background-iframe"):
                self.wrong.append(name)
            if name != "href" and re.match(r"[a-z]+:|[/\\]{2}", address) and name not in ("title", "alt", "style"):
                self.wrong.append(f"{name}={value}")
            if re.match(r"(javascript|data|vbscript):", address) or (name == "style" and "url" in address):
                self.wrong.append(f"{name}={value}")


def wrong_in(html: str) -> list[str]:
    tags = _Tags()
    tags.feed(html)
    tags.close()
    return tags.wrong


@pytest.mark.parametrize("html", GONE)
def test_it_is_left_out(html: str) -> None:
    assert wrong_in(sanitized_html(html)) == []


@given(
    some.lists(
        some.sampled_from([*GONE, "<div>", "</div>", "<", ">", '"', "'", "<!--", "-->", "&lt;", "x"]), max_size=8
    )
)
@settings(max_examples=150, deadline=None)
def test_no_mixture_gets_through(pieces: list[str]) -> None:
    clean = sanitized_html("".join(pieces))
    assert wrong_in(clean) == []
    assert wrong_in(sanitized_html(clean)) == []


KEPT = [
    '<div class="columns" id="x" data-id="box">',
    "</div>",
    "<b>bold</b> &lt;script&gt; &amp; text",
    '<td colspan="2" class="x">cell</td>',
    '<img src="plan.svg" alt="a plan" width="100">',
    '<a href="https://example.org/" title="there">link</a>',
    '<a href="#/two">slide</a>',
    '<video src="film.mp4" controls=""></video>',
    '<span style="color: red">red</span>',
    '<details open=""><summary>more</summary></details>',
]


@pytest.mark.parametrize("html", KEPT)
def test_what_does_nothing_stays_as_it_is(html: str) -> None:
    assert sanitized_html(html) == html


def test_a_deck_that_is_built_so_does_nothing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text("")
    (tmp_path / "themes/evil").mkdir(parents=True)
    (tmp_path / "themes/evil/theme.css").write_text("h1 { color: red }")
    (tmp_path / "themes/evil/layout.html.j2").write_text("<script>alert('layout')</script>{{ slides }}")
    (tmp_path / "slides/a").mkdir(parents=True)
    deck = "\n\n".join(GONE[:6]) + "\n\ninline <b onclick=alert(1)>bold</b> ![far](https://evil.example/x.png)\n"
    front = (
        "---\ntheme: evil\nreveal:\n  parallaxBackgroundImage: https://evil.example/x.png\n  controls: false\n---\n\n"
    )
    slide = (
        '# One\n\n<!-- .slide: data-background-iframe="https://evil.example/" onclick="alert(1)" class="kept" -->\n\n'
    )
    (tmp_path / "slides/a/deck.md").write_text(front + slide + deck)
    done = cli("build", "--no-record", "--sanitize", "a")
    assert done.status == 0, done.err
    html = (tmp_path / "public/a/index.html").read_text()
    assert "evil.example" not in html
    assert wrong_in(html[html.index('<div class="slides">') : html.index('id="castdeck-settings"')][:-40]) == []
    assert "alert('layout')" not in html
    assert "https:" not in re.search(r'Policy" content="([^"]*)"', html)[1]  # type: ignore[index]
    assert '"controls": false' in html
    assert re.search(r'<section[^>]*class="kept[ "]', html)
    assert "<script>alert" not in (tmp_path / "public/a/handout.html").read_text()
    plain = cli("build", "--no-record", "a", "--theme", "light")
    assert "evil.example" in (tmp_path / "public/a/index.html").read_text(), plain.err


def test_check_tells_once_what_acts_by_itself(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text(
        "# One\n\ntext\n\n<script>x</script>\n\n---\n\n# Two\n\n"
        '<b onclick="x" onfocus="x">b</b> <a href="javascript:x">link</a> ![far](https://far.example/x.png)\n\n'
        '<iframe src="https://video.example/1"></iframe>\n\n<meta http-equiv="refresh" content="0;url=x">\n'
    )
    done = cli("check", "deck.md", "--no-browser", "--quiet")
    told = [line for line in done.out.splitlines() if "active-content" in line]
    assert told == [
        "deck.md:5:1: active-content warning: this deck has active content (scripts: inline; handlers: onclick, "
        "onfocus; links that run something: javascript:x; frames: video.example; pages that leave: 0;url=x; "
        "other hosts: far.example)"
    ]
    (tmp_path / "deck.md").write_text("# One\n\n[there](https://example.org/) ![x](x.svg){alt=x}\n\n<b>bold</b>\n")
    assert "active-content" not in cli("check", "deck.md", "--no-browser", "--quiet").out
