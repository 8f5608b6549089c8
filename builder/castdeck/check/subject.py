"""What the rules look at."""

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
    """A deck with its text as it was saved, and the columns of its terminals.

    Each file that a deck includes is a subject of its own: the deck as that file's, with what stands in it and no more.
    """

    deck: Deck
    text: str
    cols: int = DEFAULT_COLS

    @cached_property
    def lines(self) -> Sequence[str]:
        """The file's lines; line 1 is the first."""
        return normalise(self.text).split("\n")

    def placed(self, problem: Problem) -> Problem:
        """The problem with its column: where its line has the problem's word, else where the line begins.

        One without a line is placed in the first line that has the word.
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
        """A problem in the first line from `line` on that holds `found`, at its column; in `line` where none does."""
        for number in range(line, len(self.lines) + 1) if found else ():
            column = self.lines[number - 1].find(found)
            if column >= 0:
                return Problem(code, Place(self.deck.path, number, column + 1), message, hint or code.remedy, found)
        return Problem(code, Place(self.deck.path, line, 1), message, hint or code.remedy, found)


@dataclass(frozen=True)
class CheckedDeck:
    """A whole deck, and a Subject for each file that it is made of, its own first."""

    deck: Deck
    subjects: Sequence[CheckedFile]

    def of(self, one: Block | Slide) -> CheckedFile:
        """The file that a block or slide stands in."""
        path = self.deck.file_of(one)
        return next((subject for subject in self.subjects if subject.deck.path == path), self.subjects[0])


def subjects(deck: Deck, text: DeckText, cols: int) -> list[CheckedFile]:
    """The deck's own file, then each that it includes."""
    own = CheckedFile(_part(deck, deck.path), text.main, cols)
    included = [file for file in text.included if not file.failure]
    others = [
        CheckedFile(replace(_part(deck, file.path), path=file.path, settings={}), file.text, cols) for file in included
    ]
    return [own, *others]


def placed(problem: Problem, files: Sequence[CheckedFile]) -> Problem:
    """The problem with its column in the file that it is about."""
    return next((file.placed(problem) for file in files if file.deck.path == problem.path), problem)


def _part(deck: Deck, path: Path) -> Deck:
    """The deck with the tokens and blocks that stand in one of its files."""

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
    """Each token of a slide and of its notes, inline ones too, with the line (from 1) that it begins in or after."""
    line = slide.line
    for token in (*slide.tokens, *slide.notes):
        line = token.map[0] + 1 if token.map else line
        yield token, line
        for child in token.children or ():
            yield child, line
            line += child.type in ("softbreak", "hardbreak")
