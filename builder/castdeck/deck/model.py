"""A parsed deck as frozen values, with source lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from markdown_it.token import Token

from castdeck.deck.skip import Reason, Skip
from castdeck.problems import Problem

RUNNABLE_LANGUAGES = frozenset({"bash", "sh", "shell", "console"})
PLAY_MODES = ("step", "auto", "manual", "type")


DIRECTIVE = "#$ "


def is_directive(text: str) -> bool:
    """Whether a line is a directive, input for the running program. It may be indented."""
    return text.lstrip().startswith(DIRECTIVE)


@dataclass(frozen=True)
class CommandLine:
    """One line to type, without its prompt; `line` is its line in the source file (from 1).

    `as_root` is true after a `# ` prompt. `expected` is the output given in a block with prompts. `interpreter` is the
    program at whose prompt it stands ("" for a shell's).
    """

    text: str
    line: int
    as_root: bool = False
    expected: tuple[str, ...] = ()
    interpreter: str = ""

    @property
    def is_directive(self) -> bool:
        """Whether it is not typed, but read by castdeck."""
        return is_directive(self.text)


class Role(StrEnum):
    """The role of a line in a block."""

    TYPED = "types"
    ROOT = "types as root"
    MORE = "goes on"
    OUTPUT = "output"
    COMMENT = "comment"
    DIRECTIVE = "keys"
    NOTHING = "nothing"


@dataclass(frozen=True)
class SourceLine:
    """A line of a block as written in the deck, and its role."""

    role: Role
    text: str


@dataclass(frozen=True)
class Block:
    """A fenced code block in one of RUNNABLE_LANGUAGES.

    `number` is its position on the slide (from 1); `name` is also the name of its cast file. `shown` is the code on the
    slide, `lines` are typed when it runs (without prompts, placeholders filled), `source` is the code as written, with
    the role of each line. `skip` is the reason why it is never run, if any. `timeout` is in seconds per command (None:
    the workspace's default). Every command must end with `exit_status` (None: any). `path` is the included file that
    contains it (None: the deck's own file). `play` is one of PLAY_MODES, or "" for the deck's. `focus` selects the
    lines of output that matter, by a regular expression or line numbers; `caption` says what the commands do, parted
    by "|" where each has its own. `shows_secrets` allows text that looks like a
    key or token in the recording; `varies` means that its output differs from run to run; `pager` lets programs use a
    pager; `inside` means that a program that waits at a prompt, whatever it is, is to be typed into. `interpreter` is
    the program that its lines are typed into ("" for the shell); `file` is the path on the machine that its text is
    written to (then it is code on the slide, and never a terminal). `check` blocks belong to no session: they are run
    beside a live terminal, to see whether what the slide asks for is done. `is_session` means that the code shows
    prompts.
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
    check: bool = False
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
    caption: str = ""
    shows_secrets: bool = False
    varies: bool = False
    pager: bool = False
    inside: bool = False
    path: Path | None = None
    interpreter: str = ""
    file: str = ""
    is_session: bool = False

    @property
    def is_check(self) -> bool:
        """Whether it is a check that can be run."""
        return self.check and self.skip is not None and self.skip.reason is Reason.CHECK


def session_id(deck: str, session: str) -> str:
    """A session's name among all sessions, such as "docker" or "docker/db"."""
    return f"{deck}/{session}" if session else deck


@dataclass(frozen=True)
class Slide:
    """One slide. `tokens` are markdown-it tokens whose `map` counts lines of their file (from 0): `meta["path"]`, or
    else the deck's own. The fence of a Block has the block's name in `meta["block"]`. A step separator (`--`) is a
    token of type "step". `vertical` is true for a slide below the one before it. `notes` are the tokens of the speaker
    notes. `attributes` are set on its <section>. `path` is the file that it begins in (None: the deck's own).
    `libraries` are the browser libraries that it needs: "katex", "mermaid".
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
    """A whole deck. `settings` is the front matter; `problems` were found while parsing.

    `dialect` is the name of the dialect it was parsed as.
    """

    path: Path
    title: str
    slides: Sequence[Slide]
    settings: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    dialect: str = "castdeck"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in a runnable language, in order."""
        return tuple(block for slide in self.slides for block in slide.blocks)

    @property
    def libraries(self) -> frozenset[str]:
        """The browser libraries needed by its slides."""
        return frozenset[str]().union(*(slide.libraries for slide in self.slides))

    def file_of(self, one: Block | Slide) -> Path:
        """The file that contains a block or slide."""
        return one.path or self.path
