"""The values that a deck's text becomes: frozen, with the lines they came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from castdeck.deck.skip import Skip
from castdeck.problems import Problem

RUNNABLE_LANGUAGES = frozenset({"bash", "sh", "shell", "console"})
PLAY_MODES = ("step", "auto", "manual")


@dataclass(frozen=True)
class CommandLine:
    """One line to type, as the author wrote it without its prompt; `line` counts from 1 in the source file.

    `as_root` is true behind a `# ` prompt. `expected` is what a `console` block says that the command prints.
    """

    text: str
    line: int
    as_root: bool = False
    expected: tuple[str, ...] = ()


class Role(StrEnum):
    """What a line of a block is."""

    TYPED = "types"
    ROOT = "types as root"
    MORE = "goes on"
    OUTPUT = "output"
    COMMENT = "comment"
    DIRECTIVE = "keys"
    NOTHING = "nothing"


@dataclass(frozen=True)
class SourceLine:
    """A line of a block as it stands in the deck, and what it is."""

    role: Role
    text: str


@dataclass(frozen=True)
class Block:
    """A fenced code block in one of RUNNABLE_LANGUAGES.

    `number` counts the blocks of its slide from 1, so that `name` names its cast file.
    `shown` is the code that the slide shows, `lines` what is typed when it runs (prompts removed, placeholders filled).
    `source` is the code as it stands in the deck, with what each line is.
    `skip` says why it is never run; None when it is.
    `timeout` is in seconds for one command; None takes the workspace's default.
    `exit_status` is the status that every command must have; None takes any.
    `path` is the file that it stands in (None: the deck's own), which may be one that the deck includes.
    `play` is one of PLAY_MODES, or "" for the deck's. `focus` says which lines of an output matter, by a regular
    expression or by their numbers; "" for all.
    `shows_secrets` is true where what looks like a key or a token may stand in the recording, `varies`
    where what it prints is not the same each time, `pager`
    where programs are to show what they print in a pager.
    """

    name: str
    slide_id: str
    number: int
    line: int
    language: str
    shown: str
    lines: tuple[CommandLine, ...]
    source: tuple[SourceLine, ...] = ()
    skip: Skip | None = None
    hidden: bool = False
    session: str = ""
    exit_status: int | None = 0
    timeout: float | None = None
    needs_internet: bool = False
    cols: int | None = None
    rows: int | None = None
    idle: float | None = None
    speed: float | None = None
    play: str = ""
    focus: str = ""
    shows_secrets: bool = False
    varies: bool = False
    pager: bool = False
    path: Path | None = None


@dataclass(frozen=True)
class Slide:
    """What stands between two separators.

    `tokens` are markdown-it tokens whose `map` is in lines of their file (from 0): `meta["path"]`, where it is not the
    deck's own. A fence token of a Block has `meta["block"]` = the block's name. A step separator (`--`) is a token of
    type "step". `vertical` is true for a slide that stands below the one before it. `notes` are the speaker notes'
    tokens. `attributes` go on its <section>. `path` is the file that it begins in (None: the deck's own). `libraries`
    names the browser libraries that it needs: "katex", "mermaid".
    """

    id: str
    title: str
    line: int
    tokens: tuple[Token, ...]
    blocks: tuple[Block, ...] = ()
    vertical: bool = False
    notes: tuple[Token, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None
    libraries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Deck:
    """A whole deck. `settings` is the front matter's mapping; `problems` are warnings found while reading.

    `dialect` names the tool whose habits it was read with.
    """

    path: Path
    title: str
    slides: Sequence[Slide]
    settings: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    dialect: str = "castdeck"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All runnable-language blocks in the order of the deck."""
        return tuple(block for slide in self.slides for block in slide.blocks)

    @property
    def libraries(self) -> frozenset[str]:
        """The browser libraries that its slides need."""
        return frozenset[str]().union(*(slide.libraries for slide in self.slides))

    def file_of(self, one: Block | Slide) -> Path:
        """The file that a block or slide stands in."""
        return one.path or self.path
