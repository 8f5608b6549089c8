"""Parses a deck's text and its included files into one list of tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it.token import Token
from markdown_it.utils import EnvType

from castdeck.codes import Code
from castdeck.deck.cells import read_cells
from castdeck.deck.dialects.dialect import PropertyStyle
from castdeck.deck.dialects.regions import region
from castdeck.deck.emojis import show_emojis
from castdeck.deck.footnotes import place_footnotes
from castdeck.deck.frontmatter import read_front_matter
from castdeck.deck.imported import as_properties, some_slides, split_ranges
from castdeck.deck.include import ReadFile, included_path, normal
from castdeck.deck.language import Language
from castdeck.deck.room import Room
from castdeck.deck.shortcodes import carry_out
from castdeck.deck.source import normalise
from castdeck.deck.variables import fill_variables
from castdeck.deck.warnings import problems_of
from castdeck.errors import DeckError
from castdeck.problems import Place, Problem

DEEPEST = 20
MOST_INCLUDED = 4 << 20
"""Characters that a deck's includes have together. A file counts each time."""
MOST_FILES = 500
"""How many files a deck includes; one that is included twice counts twice. Each takes a millisecond."""
MOST_QR_CODES = 200


@dataclass
class FileReader:
    """Parses the files of one deck, and collects their problems."""

    language: Language
    read_file: ReadFile
    problems: list[Problem] = field(default_factory=list)
    room: Room = field(default_factory=lambda: Room(MOST_INCLUDED))
    files: Room = field(default_factory=lambda: Room(MOST_FILES))
    qr_codes: Room = field(default_factory=lambda: Room(MOST_QR_CODES))

    def tokens(self, text: str, path: Path, above: Sequence[Path] = ()) -> list[Token]:
        """Parse a file's text, without front matter. Tokens of an included file have its path in `meta["path"]`.

        Raises DeckError if it can't be parsed at all.
        """
        settings, dialect = self.language.settings, self.language.dialect
        if settings.get("template") is True:
            text = fill_variables(text, settings, path)
        env = self.language.env()
        tokens = [*self.language.parser.parse(text, env), *_left_open(env)]
        self.problems += problems_of(tokens, text, env, path, settings)
        self._limit_qr_codes(tokens, path)
        if settings.get("emoji", dialect.has_emojis) is True:
            show_emojis(tokens)
        if any(token.type == "shortcode" or token.info.startswith("{") for token in tokens) or "{{" in text:
            tokens = carry_out(read_cells(tokens, dialect.shows_cells), settings)
        if dialect.divide:
            tokens = dialect.divide(tokens, settings)
        tokens = place_footnotes(tokens, env)
        for line, message in env.get("crowded", ()):
            self.problems.append(Problem(Code.UNSUPPORTED, Place(path, line), message, "split it"))
        if above:
            for token in tokens:
                token.meta = {**token.meta, "path": path}
        if not any(token.type in ("include", "properties", "snippet") for token in tokens):
            return tokens
        return [found for token in tokens for found in self._included(token, path, above)]

    def _included(self, token: Token, path: Path, above: Sequence[Path]) -> list[Token]:
        """The token itself, or the tokens of the file that it includes."""
        if token.type == "include":
            return self._file(token.content, token, path, above)
        if token.type == "snippet":
            return self._snippet(token, path, above[0] if above and token.meta["of_the_deck"] else path)
        values = token.meta["values"] if token.type == "properties" else {}
        name = str(values.get("include") or values.get("src") or "")
        if not name:
            return [token]
        if self.language.dialect.properties is not PropertyStyle.YAML:
            return [token, *self._file(name, token, path, above)]
        file, ranges = split_ranges(name)
        tokens = self._file(file, token, path, above)
        if ranges and tokens and not (tokens := some_slides(tokens, ranges)):
            line = (token.map or [0])[0] + 1
            tokens = self._missing(f"{name} takes no slide: {file} has fewer", path, line, Code.INCLUDE_FAILED)
        return [token, *tokens]

    def _file(self, name: str, token: Token, path: Path, above: Sequence[Path]) -> list[Token]:
        line, wanted, chain = (token.map or [0])[0] + 1, included_path(name, path), [*above, path]
        if wanted in map(normal, chain) or len(chain) > DEEPEST:
            way = " -> ".join(file.name for file in [*chain, wanted])
            return self._missing(f"{name} includes itself: {way}", path, line, Code.INCLUDE_CYCLE)
        try:
            text = self._read(wanted)
        except DeckError as error:
            return self._missing(f"{name} can't be included: {error.problem.message}", path, line, Code.INCLUDE_FAILED)
        settings, body = read_front_matter(text, wanted)
        tokens = self.tokens(body, wanted, chain)
        if self.language.dialect.properties is not PropertyStyle.YAML:
            return tokens
        own = token.meta["values"] if token.type == "properties" else {}
        given = as_properties(settings, own, len(body) - len(body.lstrip("\n")))
        for one in given:
            one.meta["path"] = wanted
        return [*given, *tokens]

    def _snippet(self, token: Token, path: Path, beside: Path) -> list[Token]:
        """A code block that shows (and does not run) a file's content; the file's path is as seen from `beside`."""
        try:
            code = self._read(included_path(token.content, beside))
        except DeckError as error:
            message = f"{token.content} can't be shown: {error.problem.message}"
            return self._missing(message, path, (token.map or [0])[0] + 1, Code.INCLUDE_FAILED)
        if wanted := token.meta["region"]:
            part = region(code, wanted)
            if part is None:
                message = f"{token.content} has no region {wanted!r}, so all of it is shown"
                hint = f"begin it with a comment `#region {wanted}` in that file, and end it with `#endregion {wanted}`"
                place = Place(path, (token.map or [0])[0] + 1)
                self.problems.append(Problem(Code.INCLUDE_FAILED, place, message, hint))
            code = code if part is None else part
        language = Path(token.content).suffix.removeprefix(".")
        info = token.info if token.info and not token.info.startswith("{") else f"{language} {token.info}"
        name, _, rest = info.partition(" ")
        shown = Token(
            "fence", "code", 0, content=code, info=f"{name} {{.norun}} {rest}".rstrip(), markup="```", block=True
        )
        shown.map, shown.meta = token.map, {name: value for name, value in token.meta.items() if name == "path"}
        return [shown]

    def _read(self, path: Path) -> str:
        """A file's text. Raises DeckError."""
        if not self.files.take(1):
            raise DeckError(f"the deck includes more than {MOST_FILES} files", path=path)
        text = normalise(self.read_file(path)) if self.room.left >= 0 else ""
        if not self.room.take(len(text)):
            raise DeckError(f"the deck's includes have more than {MOST_INCLUDED} characters", path=path)
        return text

    def _limit_qr_codes(self, tokens: Sequence[Token], path: Path) -> None:
        """Show the addresses of too many QR codes as text: each takes milliseconds to draw."""
        for token in tokens:
            if token.type == "fence" and token.info.strip() == "qr" and not self.qr_codes.take(1):
                token.info = "text"
                if self.qr_codes.is_news():
                    place = Place(path, (token.map or [0])[0] + 1)
                    message = f"more than {MOST_QR_CODES} QR codes in a deck: from here on, text"
                    self.problems.append(Problem(Code.UNSUPPORTED, place, message, "use fewer"))

    def _missing(self, message: str, path: Path, line: int, code: Code) -> list[Token]:
        self.problems.append(Problem(code, Place(path, line), message, code.remedy))
        return []


def _left_open(env: EnvType) -> Iterator[Token]:
    """Closing tokens for the divs still open at the end of a file."""
    for opening in reversed(env.get("divs", ())):
        opening.meta["unclosed"] = True
        yield Token("div_close", "div", -1, block=True)
