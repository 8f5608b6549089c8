"""A fence's info string: language, attributes in pandoc's style, and reveal.js's line highlights."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from castdeck.codes import Code
from castdeck.deck.interpreters import INTERPRETERS, interpreter_named
from castdeck.deck.keys import KNOWN, wrong_key
from castdeck.deck.model import PLAY_MODES
from castdeck.deck.numbers import number_of
from castdeck.suggest import is_near, suggest

_INFO = re.compile(r"\s*(?P<language>[^\s{\[]*)\s*(?P<rest>.*)", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{(.*)\}")
_HIGHLIGHT = re.compile(r"\[(?:\s*(\d+)\s*:)?([\d,|\s*-]*)\]")
_SLIDEVS_HIGHLIGHT = re.compile(r"\{((?:[\d,|\s*-]|all|none|hide)+)\}(?:\{([^{}]*:[^{}]*)\})?")
_TITLE = re.compile(r"(?<!\S)\[(?!data-)([^\[\]{}=~|]*[A-Za-z][^\[\]{}=~|]*)\]")
_MONACO = re.compile(r"\{monaco[\w-]*\}(?:\{[^{}]*\})?")
_SLIDEVS_LINES = re.compile(r"\{([^{}=]*\b(?:lines|startLine)\s*:[^{}=]*)\}")

_SHELLS = re.compile(r"bash|sh|shell|console", re.IGNORECASE)
_CONSOLES = re.compile(r"(?:shell|sh|bash)-?session", re.IGNORECASE)
"""Other names of `console` in Pygments, Chroma and GitHub's Linguist."""

FLAGS = ("norun", "run", "repl", "inside", "hidden", "check", "pager", "shows-secrets", "varies")
SETTINGS = (
    "session",
    "exit",
    "timeout",
    "needs",
    "cols",
    "rows",
    "idle",
    "speed",
    "play",
    "focus",
    "caption",
    "repl",
    "file",
    "keys",
)
_FIRST_LINE = ("startFrom", "data-ln-start-from", "data-start-from")
_NUMBERED = frozenset({"numberLines", "number-lines", "line-numbers", "lineno"})
_OF_CODE = (*_FIRST_LINE, "fragment-index", "filename")
_LAST_STATUS = 255
_LARGEST = {"cols": 1000, "rows": 1000}
_LARGEST_ELSE = 1_000_000
_MOST_STEPS = 500  # characters
_NUMBERS = ("timeout", "idle", "speed", "cols", "rows")


@dataclass(frozen=True)
class Flaw:
    """An error in an info string: code, message, the word in question, and a remedy."""

    code: Code
    message: str
    word: str = ""
    hint: str = ""

    @property
    def is_class(self) -> bool:
        """Whether it concerns a class."""
        return self.word.startswith(".")


@dataclass(frozen=True)
class Info:
    """A parsed info string, with its flaws. With `first_line`, lines are numbered from there."""

    language: str
    highlight: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    flaws: tuple[Flaw, ...] = ()
    first_line: int | None = None

    def number(self, name: str) -> float | None:
        """An attribute's value as a positive number; None if it is missing, no number, or too large."""
        try:
            value = float(self.values[name])
        except (KeyError, ValueError):
            return None
        return value if 0 < value <= _most(name) else None


def _most(name: str) -> int:
    return _LARGEST.get(name, _LARGEST_ELSE)


def parse_info(text: str) -> Info:
    """Parse an info string. Errors are collected in `flaws`, with the nearest known word."""
    parts = _INFO.fullmatch(text)
    assert parts
    language, rest = _usual(parts["language"]), parts["rest"]
    if not rest:
        return Info(language)
    if monaco := _MONACO.search(rest):
        return parse_info(f"{language} {rest[: monaco.start()]}{rest[monaco.end() :]}".rstrip())
    if slidevs := _SLIDEVS_HIGHLIGHT.search(rest):
        bare = parse_info(f"{language} {rest[: slidevs.start()]}")
        steps = re.sub("all|none|hide", "*", slidevs[1])
        return replace(bare, highlight=steps, first_line=_first_line(slidevs[2] or "") or bare.first_line)
    if lines := _SLIDEVS_LINES.search(rest):
        return replace(parse_info(f"{language} {rest[: lines.start()]}"), first_line=_first_line(lines[1]))
    highlight = _HIGHLIGHT.search(_ATTRIBUTES.sub("", rest))
    attributes = _ATTRIBUTES.search(rest)
    try:
        words = shlex.split(attributes[1]) if attributes else []
    except ValueError as error:
        return Info(language, flaws=(Flaw(Code.INVALID_ATTRIBUTE, f"attributes can't be read: {error}"),))
    words = [re.sub(r"^\.(?=\w+=)", "", word) for word in words]  # {.repl=psql}
    classes = [word[1:] for word in words if word.startswith(".")]
    if not language and classes:
        language = classes.pop(0)
    ids = [word[1:] for word in words if word.startswith("#")]
    values = dict(word.split("=", 1) for word in words if "=" in word and word[0] not in ".#")
    steps, first = (highlight[2].strip(), highlight[1]) if highlight else ("", None)
    if title := _TITLE.search(_ATTRIBUTES.sub("", rest)):
        values.setdefault("filename", title[1].strip())
    first = next((values[name] for name in _FIRST_LINE if name in values), first)
    if first is None and not _NUMBERED.isdisjoint(classes):
        first = "1"
    info = Info(language, steps, ids[-1] if ids else "", tuple(classes), values, first_line=number_of(first))
    strays = [word for word in words if "=" not in word and word[0] not in ".#"]
    return replace(info, flaws=tuple(_flaws(info, strays)))


def _usual(language: str) -> str:
    """The usual name of a shell's language: `Bash` is bash, `shell-session` is console."""
    if _CONSOLES.fullmatch(language):
        return "console"
    return language.lower() if _SHELLS.fullmatch(language) else language


def _first_line(slidevs: str) -> int | None:
    """Slidev's `{lines:true,startLine:5}`."""
    start = re.search(r"startLine\s*:\s*(\d+)", slidevs)
    if start:
        return number_of(start[1])
    return 1 if re.search(r"lines\s*:\s*true", slidevs) else None


def is_pattern(text: str) -> bool:
    """Whether it is a valid regular expression."""
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _flaws(info: Info, strays: list[str]) -> Iterator[Flaw]:
    for word in strays:
        yield Flaw(Code.UNKNOWN_ATTRIBUTE, f"attribute {word!r} is neither .class, #id nor key=value", word)
    for name in info.values:
        if name not in (*SETTINGS, *_OF_CODE) and not name.startswith(("fill.", "data-")):
            hint = suggest(name, SETTINGS, Code.UNKNOWN_ATTRIBUTE.remedy)
            yield Flaw(Code.UNKNOWN_ATTRIBUTE, f"unknown attribute {name!r}", name, hint)
    for name in info.classes:
        if name not in FLAGS and is_near(name, FLAGS):
            yield Flaw(Code.UNKNOWN_ATTRIBUTE, f"unknown class {name!r}", f".{name}", suggest(name, FLAGS))
    for name in _NUMBERS:
        if name in info.values and info.number(name) is None:
            message = f"{name}={info.values[name]} is not a number above 0 and up to {_most(name)}"
            yield Flaw(Code.INVALID_ATTRIBUTE, message, f"{name}=")
    exit_status = info.values.get("exit", "0")
    if exit_status != "any" and (number_of(exit_status) is None or int(exit_status) > _LAST_STATUS):
        yield Flaw(Code.INVALID_ATTRIBUTE, f"exit={exit_status} is neither a status from 0 to 255 nor any", "exit=")
    if info.values.get("play", PLAY_MODES[0]) not in PLAY_MODES:
        known = ", ".join(PLAY_MODES)
        yield Flaw(Code.INVALID_ATTRIBUTE, f"play={info.values['play']} is none of {known}", "play=")
    if "focus" in info.values and not is_pattern(info.values["focus"]):
        yield Flaw(Code.INVALID_ATTRIBUTE, f"focus={info.values['focus']} is no regular expression", "focus=")
    if info.values.get("file", "x").endswith(("/", "~")) or info.values.get("file") == "":
        yield Flaw(Code.INVALID_ATTRIBUTE, f"file={info.values['file']} names no file", "file=")
    if step := wrong_key(info.values.get("keys", "")):
        yield Flaw(Code.INVALID_ATTRIBUTE, f"keys=: {step!r} is no key", "keys=", f"known: {KNOWN}")
    if "repl" in info.values and not interpreter_named(info.values["repl"]):
        known = ", ".join(one.name for one in INTERPRETERS)
        yield Flaw(Code.INVALID_ATTRIBUTE, f"repl={info.values['repl']} is none of {known}", "repl=")
    if info.values.get("needs", "internet") != "internet":
        yield Flaw(Code.INVALID_ATTRIBUTE, f"needs={info.values['needs']}: only internet is known", "needs=")
