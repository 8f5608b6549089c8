"""What the rules that render one slide share: where they are in which file, and what they found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it.token import Token

from castdeck.cast.model import Cast
from castdeck.cast.proof import Proof
from castdeck.codes import Code
from castdeck.deck.model import Block
from castdeck.gate import DOWNLOADS, MEDIA, SCRIPTS
from castdeck.problems import Place, Problem
from castdeck.render.files import LocalFile, find_file, is_local
from castdeck.render.svg import acts_by_itself


@dataclass
class RenderContext:
    """One slide's rendering. `path` is the deck's file; `line` and `file` say where the rules are.

    `scripts`: the deck is trusted to run its own. `each_screen`: terminals have the screen after each command.
    """

    path: Path
    root: Path
    blocks: Mapping[str, Block]
    casts: Mapping[str, Cast]
    notices: Mapping[str, str]
    line: int
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    file: Path | None = None
    scripts: bool = False
    each_screen: bool = False
    images: list[LocalFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def at(self, line: int, file: Path | None) -> None:
        """Remember the place: inline tokens know none."""
        self.line, self.file = line, file

    def at_token(self, token: Token) -> None:
        """Remember the place of a block's token."""
        if token.map:
            self.line = token.map[0] + 1
            self.file = token.meta.get("path") if token.meta else None

    def use(self, url: str, lines_down: int = 0) -> LocalFile | str:
        """The file that `url` names, seen from the file where the rules are; or why it can't be shown."""
        if url.startswith("{") and not url.startswith("{{"):
            message = f"{url} is code of MDX, which castdeck does not run: the picture is missing"
            self.note(Code.UNSUPPORTED, message, 'write the name of its file: src="logo.png"', url, lines_down)
            return message
        found = self._find(url, MEDIA)
        self._note(found, url, lines_down, Code.MISSING_IMAGE, "image")
        return found

    def offer(self, url: str, lines_down: int = 0) -> LocalFile | str:
        """The same for a file that a link offers."""
        found = self._find(url, DOWNLOADS)
        self._note(found, url, lines_down, Code.MISSING_FILE, "file")
        return found

    def run(self, url: str, lines_down: int = 0) -> None:
        """Have the script that `url` names, if the deck may run it."""
        if self.scripts and is_local(url):
            self._note(self._find(url, SCRIPTS), url, lines_down, Code.MISSING_FILE, "script")

    def _find(self, url: str, types: Mapping[str, str]) -> LocalFile | str:
        found = find_file(url, self.path.parent, self.root, (self.file or self.path).parent, types)
        if isinstance(found, str) or self.scripts or found.source.suffix.lower() != ".svg":
            return found
        return (
            "holds scripts, or can't be read: only castdeck trust lets it out"
            if acts_by_itself(found.source)
            else found
        )

    def _note(self, found: LocalFile | str, url: str, lines_down: int, code: Code, what: str) -> None:
        if isinstance(found, LocalFile):
            self.images.append(found)
        else:
            hint = "put the file beside the deck, or write its path as seen from there"
            self.note(code, f"{what} {url!r} {found}", hint, url, lines_down)

    def note(self, code: Code, message: str, hint: str, word: str, lines_down: int = 0) -> None:
        """Remember a problem at this place, so many lines down from it."""
        place = Place(self.file or self.path, self.line + lines_down)
        self.problems.append(Problem(code, place, message, hint, word))
