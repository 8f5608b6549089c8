"""The language, case by case: fixtures/*.md hold a title, an input and what it must become.

An input may hold other files, each behind a line `⟦name⟧`, for the deck to include.

CASTDECK_REGENERATE=1 writes the expected parts anew; review the diff.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from markdown_it.utils import read_fixture_file

from castdeck.deck import Deck, ReadFile, parse_deck
from castdeck.errors import DeckError

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.md"))


def parted(given: str) -> tuple[str, ReadFile]:
    """The text of a case's deck, and what reads the files that follow it."""
    text, *others = re.split(r"^⟦([\w./]+)⟧\n", given, flags=re.MULTILINE)
    files = {Path(name): content for name, content in zip(others[::2], others[1::2], strict=True)}

    def read_file(path: Path) -> str:
        if path not in files:
            raise DeckError("it does not exist", path=path)
        return files[path]

    return text, read_file


def described(given: str) -> str:
    text, read_file = parted(given)
    try:
        return "\n".join(_lines(parse_deck(text, Path("deck.md"), read_file))) + "\n"
    except DeckError as error:
        return f"{error} [{error.problem.code}]\n"


def _lines(deck: Deck) -> Iterator[str]:
    for slide in deck.slides:
        steps = sum(token.type == "step" for token in slide.tokens)
        extras = ["vertical"] * slide.vertical + [f"steps {steps}"] * bool(steps) + ["notes"] * bool(slide.notes)
        extras += [f"{name}={value}" for name, value in slide.attributes.items()]
        extras += [f"needs {name}" for name in sorted(slide.libraries)]
        place = f"line {slide.line}" + (f" of {slide.path}" if slide.path != deck.path else "")
        yield " | ".join([slide.id, slide.title, place, *extras])
        for block in slide.blocks:
            typed = [
                f"{line.line}:{'root:' * line.as_root}{line.text}" + "".join(f" => {one}" for one in line.expected)
                for line in block.lines
            ]
            file = f" of {block.path}" if block.path != deck.path else ""
            yield f"  block {block.name} line {block.line}{file} skip={str(block.skip or '')!r} types {typed}"
    for problem in deck.problems:
        column = f", column {problem.column}" if problem.column else ""
        yield f"  {problem}".replace("\n", "\n  ") + f" [{problem.code}{column}]"


def cases() -> Iterator[ParameterSet]:
    for file in FIXTURES:
        for line, title, given, expected in read_fixture_file(file):
            yield pytest.param(file, line, given, expected, id=f"{file.stem}:{title.strip()}")


@pytest.mark.skipif("CASTDECK_REGENERATE" in os.environ, reason="the fixtures are being written")
@pytest.mark.parametrize(("file", "line", "given", "expected"), list(cases()))
def test_a_deck_becomes(file: Path, line: int, given: str, expected: str) -> None:
    assert described(decoded(given)) == expected


@pytest.mark.skipif("CASTDECK_REGENERATE" not in os.environ, reason="only when CASTDECK_REGENERATE is set")
@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
def test_regenerate(file: Path) -> None:
    parts = [
        f"{title.strip()}\n.\n{given}.\n{described(decoded(given))}.\n"
        for _, title, given, _ in read_fixture_file(file)
    ]
    file.write_text("\n".join(parts), encoding="utf-8")


def decoded(given: str) -> str:
    """The marks that the fixtures have for what an editor would not keep: a BOM, a carriage return, trailing blanks."""
    return given.replace("␍", "\r").replace("␠", " ").replace("⟦BOM⟧", "\ufeff")
