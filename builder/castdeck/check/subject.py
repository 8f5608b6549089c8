"""What the rules check: a deck, and each of its files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.config import DEFAULT_COLS
from castdeck.deck import Block, Deck, Slide
from castdeck.deck.parts import file_of
from castdeck.deck.source import normalise
from castdeck.deck.text import DeckText
from castdeck.problems import Place, Problem


@dataclass(frozen=True)
class CheckedFile:
    """One file of a deck: its text as saved, the part of the deck that comes from it, and the width of terminals.

    `deck` has only the tokens and blocks of this file.
    """

    deck: Deck
    text: str
    cols: int = DEFAULT_COLS

    @cached_property
    def lines(self) -> Sequence[str]:
        """The file's lines; line 1 is the first."""
        return normalise(self.text).split("\n")

    def placed(self, problem: Problem) -> Problem:
        """Add a column: that of the problem's word in its line, or else the line's beginning.

        A problem without a line is placed in the first line that contains the word.
        """
        if problem.path != self.deck.path or problem.column:
            return problem
        if not problem.line and problem.word:
            return self.problem(problem.code, problem.message, 1, problem.word, problem.hint)
        if not problem.line or problem.line > len(self.lines):
            return problem
        column = self.lines[problem.line - 1].find(problem.word) + 1
        return problem.at(column=column or 1)

    def problem(self, code: Code, message: str, line: int, found: str = "", hint: str = "") -> Problem:
        """A problem at the first occurrence of `found` from `line` on; in `line` itself if there is none."""
        for number in range(line, len(self.lines) + 1) if found else ():
            column = self.lines[number - 1].find(found)
            if column >= 0:
                return Problem(code, Place(self.deck.path, number, column + 1), message, hint or code.remedy, found)
        return Problem(code, Place(self.deck.path, line, 1), message, hint or code.remedy, found)


@dataclass(frozen=True)
class CheckedDeck:
    """A whole deck and its files, its own file first."""

    deck: Deck
    subjects: Sequence[CheckedFile]

    def of(self, one: Block | Slide) -> CheckedFile:
        """The file that contains a block or slide."""
        path = self.deck.file_of(one)
        return next((subject for subject in self.subjects if subject.deck.path == path), self.subjects[0])


def subjects(deck: Deck, text: DeckText, cols: int) -> list[CheckedFile]:
    """The deck's own file, then each included file."""
    own = CheckedFile(_part(deck, deck.path), text.main, cols)
    included = [file for file in text.included if not file.failure]
    others = [
        CheckedFile(replace(_part(deck, file.path), path=file.path, settings={}), file.text, cols) for file in included
    ]
    return [own, *others]


def placed(problem: Problem, files: Sequence[CheckedFile]) -> Problem:
    """Add a column to a problem, in whichever file it is."""
    return next((file.placed(problem) for file in files if file.deck.path == problem.path), problem)


def _part(deck: Deck, path: Path) -> Deck:
    """The deck reduced to the tokens and blocks of one file."""

    def of_file(tokens: Sequence[Token]) -> tuple[Token, ...]:
        return tuple(token for token in tokens if file_of(token, deck.path) == path)

    slides = [
        replace(
            slide,
            tokens=of_file(slide.tokens),
            notes=of_file(slide.notes),
            blocks=tuple(block for block in slide.blocks if deck.file_of(block) == path),
        )
        for slide in deck.slides
    ]
    return replace(deck, slides=slides)


def tokens_of(slide: Slide) -> Iterator[tuple[Token, int]]:
    """Each token of a slide and its notes, including inline ones, with its line (from 1) or the nearest known line
    above."""
    line = slide.line
    for token in (*slide.tokens, *slide.notes):
        line = token.map[0] + 1 if token.map else line
        yield token, line
        for child in token.children or ():
            yield child, line
            line += child.type in ("softbreak", "hardbreak")
