"""What stands on the slides of the fixtures' decks, as markup: for each title in fixtures/*.md that markup/*.txt names.

The markup is markdown-it's own, so that it changes with the language and not with a page's looks. What a token carries
beside its attributes stands in it as `meta`.

CASTDECK_REGENERATE=1 writes it anew, for all titles; review the diff.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import read_fixture_file

from castdeck.deck import Block, Deck, parse_deck
from castdeck.errors import DeckError
from tests.deck import test_fixtures
from tests.deck.test_fixtures import decoded, parted

FIXTURES = [file for file in test_fixtures.FIXTURES if file.stem != "commands"]  # which is of code alone
MARKUP = Path(__file__).parent / "markup"
RENDERER, OPTIONS = RendererHTML(), MarkdownIt().options
SLIDE = "═══ "


def markup(deck: Deck) -> str:
    told = [f"{SLIDE}{deck.title}, {deck.dialect}: {dict(deck.settings)}\n"]
    for slide in deck.slides:
        told += [f"{SLIDE}{slide.id}\n", _html(slide.tokens)]
        told += [f"{SLIDE}{slide.id}, notes\n", _html(slide.notes)] if slide.notes else []
        told += [f"{SLIDE}{block.name}: {said}\n" for block in slide.blocks if (said := _said(block))]
    return "".join(told)


def _said(block: Block) -> str:
    """What the author has said of a block."""
    named = [field.name for field in fields(block) if field.default is not MISSING]
    values = {name: getattr(block, name) for name in named if name not in ("source", "skip", "path")}
    plain = {field.name: field.default for field in fields(block)}
    return ", ".join(f"{name}={value}" for name, value in values.items() if value != plain[name])


def _html(tokens: Sequence[Token]) -> str:
    for token in tokens:
        for one in (token, *(token.children or ())):
            if one.type not in RENDERER.rules and not one.nesting:
                one.tag = one.type
                one.attrs = {**one.attrs, "content": one.content} if one.content else one.attrs
            if one.nesting >= 0 and (
                told := [f"{name}={value}" for name, value in sorted((token.meta | one.meta).items())]
            ):
                one.attrs = {**one.attrs, "meta": " ".join(told)}
    html = RENDERER.render(tokens, OPTIONS, {})
    return html if html.endswith("\n") or not html else f"{html}\n"


def of_case(given: str) -> str:
    text, read_file = parted(decoded(given))
    try:
        return markup(parse_deck(text, Path("deck.md"), read_file))
    except DeckError:
        return ""


def cases() -> Iterator[ParameterSet]:
    for file in FIXTURES:
        given = {title.strip(): given for _, title, given, _ in read_fixture_file(file)}
        for title, expected in known(file).items():
            yield pytest.param(given.get(title), expected, id=f"{file.stem}:{title}")


def known(file: Path) -> dict[str, str]:
    path = MARKUP / f"{file.stem}.txt"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = re.split(r"^█ (.*)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (part.removesuffix("\n") for part in parts[1::2]), strict=True))


@pytest.mark.skipif("CASTDECK_REGENERATE" in os.environ, reason="the markup is being written")
@pytest.mark.parametrize(("given", "expected"), list(cases()))
def test_a_deck_s_slides_have_this_markup(given: str | None, expected: str) -> None:
    assert given is not None, "there is no such case any more: CASTDECK_REGENERATE=1"
    assert of_case(given) == expected


@pytest.mark.skipif("CASTDECK_REGENERATE" not in os.environ, reason="only when CASTDECK_REGENERATE is set")
@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
def test_regenerate(file: Path) -> None:
    told = {title.strip(): of_case(given) for _, title, given, _ in read_fixture_file(file)}
    text = "".join(f"█ {title}\n{html}\n" for title, html in told.items() if html)
    (MARKUP / f"{file.stem}.txt").write_text(text, encoding="utf-8")
