"""Any text whatever is a deck, or is refused with a clear error; no line of it is lost."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from castdeck.codes import Code
from castdeck.deck import parse_deck
from castdeck.deck.dialects import DIALECTS
from castdeck.deck.files import FileReader
from castdeck.deck.frontmatter import read_front_matter
from castdeck.deck.language import language_of
from castdeck.deck.parts import cut, file_of
from castdeck.deck.source import normalise
from castdeck.errors import DeckError
from castdeck.render import render_slide

PIECES = [
    "---",
    "----",
    "--",
    "```",
    "````",
    "```bash",
    "<!--",
    "-->",
    "# ",
    "- ",
    "> ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "a",
    "é",
]
PIECES += [
    "{.norun}",
    "{#a}",
    "{x=",
    "$ ",
    "#$ ",
    "<b>",
    "[c]",
    "...",
    "Note:",
    "title: x",
    ": ",
    "\r\n",
    "\0",
    "|",
    "'",
    '"',
]


PIECES += [
    *(".red[", ".a.b[\n", "]\n", "```]", "---?image=a.png\n", "<<< @/a.py\n", "<v-clicks>\n", "</v-clicks>\n"),
    *("<!-- _class: a -->\n", "<!-- b -->\n", "![w:20](a.png)", "![bg left:3%](a.png)", "<style scoped>", "</style>\n"),
    *('<!-- .element: class="a" -->', "{.fragment}\n", ". . .\n", "***\n", "text\n", "text\n"),
    *(
        "---\n",
        "----\n",
        "--\n",
        "???\n",
        "layout: true\n",
        "layout: center\n",
        "class: a\n",
        "template: a\n",
        "name: a\n",
    ),
    *("include: other.md\n", "::: columns\n", ":::\n", "::right::\n", "{{content}}\n", "![bg](x.png)", "$$\n", "$x$"),
    *(
        "[^1]",
        "[^1]: ",
        "^[a]",
        "]{.b}",
        "{.c}\n",
        "```mermaid\n",
        "<div>\n",
        "- ## ",
        "{{ x }}",
        "{% raw %}",
        "include: deck.md\n",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)
DECK = Path("deck.md")
FRONTS = ["", "---\ntemplate: true\nx: y\n---\n", *(f"---\ndialect: {name}\n---\n" for name in DIALECTS)]


def read_file(path: Path) -> str:
    """Every file that a deck includes has two slides."""
    return "included\n\n---\n\n::: a\n"


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(FRONTS), TEXTS)
def test_any_text_is_a_deck_or_a_clear_error(front: str, text: str) -> None:
    text = front + text
    try:
        deck = parse_deck(text, DECK, read_file)
    except DeckError as error:
        assert str(error).startswith("deck.md:")
        assert error.problem.code is not Code.FAILED
        return
    assert deck.slides
    assert len({slide.id for slide in deck.slides}) == len(deck.slides)
    assert all(1 <= block.line <= text.count("\n") + text.count("\r") + 1 for block in deck.blocks)
    assert all(problem.message for problem in deck.problems)
    for slide in deck.slides:
        html = render_slide(slide, path=DECK, root=Path(), casts={}, notices={}).html
        assert html.count("<section") >= 1


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(FRONTS[2:]), TEXTS)
def test_every_line_stands_in_one_place_and_the_slides_follow_each_other(front: str, text: str) -> None:
    """Without `[` and `include:`: a link's definition is in no token, and a file stands in place of its line."""
    text = front + normalise(text.replace("[", "(").replace("include:", "included").replace("<<<", "<<"))
    try:
        settings, body = read_front_matter(text, DECK)
        tokens = FileReader(language_of(settings, body, DECK), read_file).tokens(body, DECK)
    except DeckError:
        return
    begins = [part.line for part in cut(tokens, DECK) if part.path == DECK]
    assert begins == sorted(begins)
    lines = body.split("\n")
    held = [0] * len(lines)
    depth = 0
    for token in tokens:
        if token.map and not depth and file_of(token, DECK) == DECK:
            first, end = token.map
            held[first:end] = [times + 1 for times in held[first:end]]
        depth += 0 if token.type in ("div_open", "div_close") else token.nesting
    assert {number: held[number] for number, line in enumerate(lines) if line.strip() and held[number] != 1} == {}
