"""The text of a deck and of its included files, as one value."""

from dataclasses import dataclass
from pathlib import Path

from castdeck.deck.include import ReadFile
from castdeck.deck.source import normalise
from castdeck.errors import DeckError


@dataclass(frozen=True)
class Included:
    """An included file: its text, or why it could not be read."""

    path: Path
    text: str
    failure: str = ""


@dataclass(frozen=True)
class DeckText:
    """`main` is the deck's own file."""

    main: str = ""
    included: tuple[Included, ...] = ()

    def read_file(self, path: Path) -> str:
        """A ReadFile for the texts kept here. Raises DeckError as the first reading did."""
        for file in self.included:
            if file.path == path and not file.failure:
                return file.text
            if file.path == path:
                raise DeckError(file.failure, path=path)
        raise DeckError("not read", path=path)


class Remembering:
    """A ReadFile that wraps another one and remembers the results."""

    def __init__(self, read_file: ReadFile) -> None:
        self._read_file = read_file
        self._answers: dict[Path, Included] = {}

    def __call__(self, path: Path) -> str:
        try:
            self._answers[path] = Included(path, self._read_file(path))
        except DeckError as error:
            self._answers[path] = Included(path, "", error.problem.message)
            raise
        return self._answers[path].text

    def text(self, main: str) -> DeckText:
        """Everything read so far, for the deck whose own text is `main`."""
        return DeckText(normalise(main), tuple(self._answers.values()))
