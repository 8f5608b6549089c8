"""Decks with the habits of other tools: every heading of the source stands on some slide."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from castdeck.deck import Deck, parse_deck

DECK = Path("deck.md")
EMPTY = st.sampled_from(["", "", "\n", "\n\n"])
LEVELS = st.sampled_from(["#", "##", "###"])
TITLES = st.sampled_from(["Part {}", "{}: why", "the {}", "{} & more", "`code` {}", "{} {{.fragment}}", "Über {}"])
BODY = st.sampled_from(
    (
        "words",
        "- a\n- b",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```yaml\n---\n# no heading\nclass: a\n---\n```",
        "<!-- a comment: with --- and # no heading -->",
        "![](a.png)",
        "key: value",
        "layout: of the land",
        "> # not at the margin",
        "Note: said",
        "???\nsaid",
        "<div>\n\n*a*\n\n</div>",
    )
)
STEP = st.sampled_from(["--\n", "--\ncount: false\n", "--\n\nclass: b\n\n"])
REMARK = st.sampled_from(
    (
        "class: center, middle\n",
        "class:center\n",
        "name: {}\n",
        "count: false\n",
        "layout: false\n",
        "background-image: url(a.png)\n",
        "class: inverse\nname: {}\nbackground-size: cover\n",
        "exclude: false\nclass: a\n",
        "class: a\n\nname: {}\n",
    )
)
SLIDEV = st.sampled_from(
    (
        "layout: center\n",
        "layout: cover\nclass: text-center\n",
        "layout: image-right\nimage: https://example.com/a.png\n",
        "class:\n  - a\n  - b\n\ntitle: 'Own: {}'\n",
        "transition: fade\n# a comment\nlevel: 2\n",
        "background: /a.png\nhideInToc: true\n",
    )
)
FRONT = st.sampled_from(
    (
        "",
        "---\ntitle: A talk\n---\n",
        "---\ntheme: seriph\n# a comment\nclass: text-center\n\n# another\ndrawings:\n  persist: false\n---\n",
        "---\nmarp: true\ntheme: gaia\nstyle: |\n  section {\n    color: red;\n  }\n---\n",
        "---\ntheme: moon\nrevealOptions:\n  transition: fade\n---\n",
        '---\nseparator: "^\\n\\n\\n"\n---\n',
        "---\ntitle: A talk\ndialect: presenterm\n---\n",
        "---\ntitle: A talk\nslide-level: 2\n---\n",
        "---\n",
        "title: A talk\nclass: fade\n\n",
        "class: center, middle\n",
        "---\nclass: center\n\n",
        "---\nname: begin\nlayout: false\n\n",
        "---\n\nclass: center\n\n",
    )
)


SEPARATORS = ("\n---\n", "\n---\n", "\n\n---\n", "\n----\n", "\n---  \n")
RULES = ("\n\n***\n\n", "\n\n- - -\n\n", "\n___\n")
"""What separates slides in Marp's and pandoc's decks only."""
ENDS = ("\n<!-- end_slide -->\n", "\n\n<!-- end_slide -->\n\n")
"""What separates them in presenterm's."""


@st.composite
def slides(draw: st.DrawFn, number: int) -> str:
    """A slide's text: properties in one of their places, a heading, and what else there is."""
    title = draw(TITLES).format(f"no{number}")
    heading = f"{draw(LEVELS)} {title}\n"
    kind = draw(st.sampled_from(["plain", "remark", "remark", "slidev"]))
    above = ""
    if kind == "remark":
        above = draw(EMPTY) + draw(REMARK).format(f"s{number}") + draw(EMPTY)
    elif kind == "slidev":
        above = draw(SLIDEV).format(f"s{number}") + "---\n" + draw(EMPTY)
    body = "".join(f"\n{piece}\n" for piece in draw(st.lists(BODY, max_size=2)))
    step = draw(st.sampled_from(["", "", draw(STEP)]))
    return f"{above}{heading}{body}{step and chr(10) + step + chr(10)}more\n" if step else f"{above}{heading}{body}"


@st.composite
def decks(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A deck's text, and a word of each of its headings."""
    many = draw(st.integers(1, 5))
    front = draw(FRONT)
    pieces = [draw(slides(number)) for number in range(many)]
    if front.startswith(("title", "class", "---\nclass", "---\nname", "---\n\nclass")):
        pieces[0] = pieces[0][pieces[0].index("#") :]
    has_rules = "marp:" in front or "slide-level:" in front
    separator = st.sampled_from(ENDS if "presenterm" in front else SEPARATORS + (RULES if has_rules else ()))
    text = front + pieces[0] + "".join(draw(separator) + piece for piece in pieces[1:])
    return text + draw(st.sampled_from(["", "\n---\n", "\n\n---\n\n"])), [f"no{number}" for number in range(many)]


def headings(deck: Deck) -> list[str]:
    """The text of all headings that stand on slides."""
    return [
        slide.tokens[place + 1].content
        for slide in deck.slides
        for place, token in enumerate(slide.tokens)
        if token.type == "heading_open"
    ]


@settings(max_examples=200, deadline=None)
@given(decks())
def test_no_heading_is_lost(case: tuple[str, list[str]]) -> None:
    text, words = case
    found = headings(parse_deck(text, DECK))
    assert [word for word in words if not any(word in heading for heading in found)] == []
    assert not any("no heading" in heading for heading in found)
