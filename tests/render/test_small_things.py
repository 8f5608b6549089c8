"""Small things that decks by other hands have, as a slide's HTML."""

from pathlib import Path

import pytest

from castdeck.deck import parse_deck
from castdeck.render import render_slide
from castdeck.render.page import page_settings

DECK = Path("deck.md")


def html(text: str) -> str:
    """The body of the slides."""
    deck = parse_deck(text, DECK)
    slides = [render_slide(slide, path=DECK, root=Path(), casts={}, notices={}).html for slide in deck.slides]
    return "".join(slides)


FRAGMENT = '<!-- .element: class="fragment" -->'


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        (f"- a {FRAGMENT}\n- b\n", '<li class="fragment">a </li>\n<li>b</li>'),
        (f"- a\n  {FRAGMENT}\n- b\n", '<li class="fragment">a'),
        (f"1. a {FRAGMENT}\n   - b {FRAGMENT}\n", '<li class="fragment">a \n<ul>\n<li class="fragment">b </li>'),
        (f"- a {FRAGMENT}\n\n- b\n", '<li>\n<p class="fragment">a </p>\n</li>'),
        (f"![i](https://a/b.png){FRAGMENT} text", '<img src="https://a/b.png" alt="i" class="fragment" />'),
        (f"**x**{FRAGMENT} in", '<strong class="fragment">x</strong> in'),
        (f"**x {FRAGMENT}** in", '<strong class="fragment">x </strong> in'),
        (f"a **x** and `y` {FRAGMENT}", '<code class="fragment">y</code>'),
        (f"text {FRAGMENT}", '<p class="fragment">text </p>'),
        (f"# Title {FRAGMENT}", '<h1 class="fragment">Title </h1>'),
        (f"# Title\n\n## Head {FRAGMENT}", '<h2 class="fragment">Head </h2>'),
        (f"| a |\n|---|\n| 1 {FRAGMENT} |\n", '<td class="fragment">1 </td>'),
        (f"> quote\n\n{FRAGMENT}", '<blockquote class="fragment">'),
        (f"1. x\n2. y\n\n{FRAGMENT}", '<ol class="fragment">'),
        (f"```js\ncode\n```\n{FRAGMENT}", 'class="code-box fragment"'),
    ],
)
def test_a_comment_for_an_element_is_for_the_one_before_it_or_around_it(markdown: str, wanted: str) -> None:
    assert wanted in html(markdown)


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        ("- one {.fragment}\n- two\n", '<li class="fragment">one</li>\n<li>two</li>'),
        ("- one {.fragment fragment-index=2}\n  - two {.x}\n", '<li class="fragment" data-fragment-index="2">one'),
        ("words {.fragment}", '<p class="fragment">words</p>'),
        ("words {.other}", "<p>words {.other}</p>"),
        ("# Title {.fragment}", '<h1 class="fragment">Title</h1>'),
        ("# One\n\na\n\n. . .\n\nb", '<div class="fragment step">\n<p>b</p>'),
    ],
)
def test_fragments(markdown: str, wanted: str) -> None:
    assert wanted in html(markdown)


@pytest.mark.parametrize(
    ("info", "first", "steps"),
    [
        ("python [10: 1|2-3]", 10, ['data-lines="2,3"']),
        ("python [1|2-3]", None, ['data-lines="2,3"']),
        ("python [5:]", 5, []),
        ("python {.numberLines}", 1, []),
        ("{.python .numberLines startFrom=7}", 7, []),
        ("yaml {1-2|3}{lines:true,startLine:5}", 5, ['data-lines="3"']),
        ("yaml {lines:true}", 1, []),
        ("yaml {hide|all}", None, ['data-lines=""']),
        ("python [1|2] {fragment-index=3}", None, ['data-fragment-index="3" data-lines="2"']),
    ],
)
def test_numbers_and_steps_of_code(info: str, first: int | None, steps: list[str]) -> None:
    page = html(f"# One\n\n```{info}\na\nb\nc\n```\n")
    assert ("data-numbers" in page) == (first is not None)
    assert first is None or f"counter-reset:line {first - 1}" in page
    assert page.count("line-step") == len(steps)
    assert all(step in page for step in steps)


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        ("**注意：**本文です。", "<strong>注意：</strong>本文です。"),
        ("**「強調」**文字", "<strong>「強調」</strong>文字"),
        ("これは**「重要」**です", "これは<strong>「重要」</strong>です"),
        ("a * b 日本 * c", "a * b 日本 * c"),
        ("これは\n続き", "<p>これは続き</p>"),
        ("これは\nword", "<p>これは\nword</p>"),
    ],
)
def test_text_without_blanks(markdown: str, wanted: str) -> None:
    assert wanted in html(markdown)


@pytest.mark.parametrize(
    ("settings", "is_rtl"),
    [({}, False), ({"rtl": True}, True), ({"lang": "ar"}, True), ({"lang": "he-IL"}, True)]
    + [({"lang": "ar", "rtl": False}, False), ({"lang": "de"}, False)],
)
def test_slides_from_right_to_left(settings: dict[str, object], is_rtl: bool) -> None:
    assert page_settings(settings)["reveal"]["rtl"] is is_rtl


def test_pictures_with_a_size_and_beside_the_text() -> None:
    page = html(
        "![w:200](https://a/b.png)\n\n---\n\n![:scale 40%](https://a/b.png)\n\n---\n\n# A\n\n![bg left:30% x](https://a/b.png)\n\nwords\n"
    )
    assert '<img src="https://a/b.png" alt="" style="width:200px" />' in page
    assert '<img src="https://a/b.png" alt="" style="width:40%" />' in page
    assert '<div class="columns beside"><div class="column" style="width:30%">' in page.replace("\n", "")
    assert page.index('alt="x"') < page.index("<h1>A</h1>") < page.index("words")


def test_remarks_columns_stand_side_by_side_and_one_alone_does_not() -> None:
    page = html(
        "---\ndialect: remark\n---\n# A\n\n.left-column[\na\n]\n.right-column[\nb\n]\n\n---\n\n.left-column[\nc\n]\n"
    ).replace("\n", "")
    pair = '<div class="columns"><div class="left-column column"><p>a</p></div><div class="right-column column"><p>'
    assert pair in page
    assert '<div class="left-column"><p>c</p></div>' in page


def test_slidevs_settings_of_the_page_are_all_taken() -> None:
    deck = parse_deck("---\nmdc: true\nhtml:\n  lang: ar\nhtmlAttrs:\n  dir: rtl\n---\n\n# A\n", DECK)
    assert (deck.settings["lang"], page_settings(deck.settings)["reveal"]["rtl"]) == ("ar", True)


def test_marps_footer_is_shown_as_words() -> None:
    deck = parse_deck(
        '---\nmarp: true\nfooter: "**Me** at [home](x), `now`"\npaginate: true\nsize: 4:3\n---\n\n# A\n', DECK
    )
    settings = page_settings(deck.settings)
    assert settings["footer"] == "Me at home, now"
    assert (settings["reveal"]["slideNumber"], settings["reveal"]["width"]) == ("c", 960)


def test_a_style_for_its_slide_only() -> None:
    page = html("# One\n\n<style scoped>\nsection { color: red }\nh1, section.a { top: 0 }\n</style>\n")
    assert '[id="one"] {' in page and "& { color: red }" in page and "h1, " in page


def test_the_notes_of_marp_and_slidev_are_the_speakers_and_not_in_the_slide() -> None:
    for dialect in ("marp", "slidev"):
        page = html(f"---\ndialect: {dialect}\n---\n\n# One\n\n<!--\nTell *them*.\n-->\n")
        assert '<aside class="notes">\n<p>Tell <em>them</em>.</p>\n</aside>' in page
        assert "<!--" not in page


def test_clicks_of_slidev() -> None:
    page = html('---\ndialect: slidev\n---\n<v-clicks>\n\n- a\n- b\n\n</v-clicks>\n\n<p v-click="2" class="x">c</p>\n')
    assert page.count('<li class="fragment">') == 2
    assert '<p data-fragment-index="2" class="fragment x">c</p>' in page


def test_a_qr_block_is_a_picture_with_its_address_or_a_caption_below() -> None:
    shown = html("# Go\n\n```qr\nhttps://example.org/x\n```\n\n```qr\nhttps://example.org/y\nThe lab\n```\n")
    assert shown.count("<svg") == 2
    assert "<figcaption>example.org/x</figcaption>" in shown
    assert "<figcaption>The lab</figcaption>" in shown


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (106, []),
        (107, [(5, "a QR code of 107 bytes is too fine to be read from the last row: 106 are the most")]),
        (601, [(5, "601 bytes are too many for a QR code, so they are shown as text")]),
    ],
)
def test_a_qr_code_of_a_long_address_is_told_with_its_line(size: int, told: list[tuple[int, str]]) -> None:
    (slide,) = parse_deck(f"# Go\n\nHere:\n\n```qr\n{'é' * (size // 2)}{'a' * (size % 2)}\n```\n", DECK).slides
    rendered = render_slide(slide, path=DECK, root=Path(), casts={}, notices={})
    assert [(problem.line, problem.message) for problem in rendered.problems] == told


def test_a_file_s_name_stands_above_its_code() -> None:
    assert '<div class="file-name">run&amp;.py</div><pre class="code">' in html(
        '```{.python filename="run&.py"}\n1\n```'
    )


@pytest.mark.parametrize(
    ("markdown", "name"),
    [
        ("- [ ] still `to` do\n", "still to do"),
        ('- [x] say "done" & **go on**\n  here\n', "say &quot;done&quot; &amp; go on here"),
        (f"- [ ] later {FRAGMENT}\n", "later"),
    ],
)
def test_a_task_s_box_is_named_by_the_task(markdown: str, name: str) -> None:
    assert f'<input class="task-list-item-checkbox" aria-label="{name}" ' in html(markdown)
