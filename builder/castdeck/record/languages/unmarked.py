"""Interpreters whose prompts can't hold marks: they are at a prompt when one is shown and they wait for keys."""

import re
from dataclasses import dataclass

from castdeck.deck.interpreters import IPYTHON as IPYTHON_SHOWN
from castdeck.deck.interpreters import IRB as IRB_SHOWN
from castdeck.deck.interpreters import MYSQL as MYSQL_SHOWN
from castdeck.deck.interpreters import REDIS as REDIS_SHOWN
from castdeck.deck.interpreters import SQLITE as SQLITE_SHOWN
from castdeck.marks import last_line
from castdeck.record.languages.language import ReplLanguage, prompts

_SQLITE, _SQLITE_MORE = prompts(SQLITE_SHOWN)
SQLITE = ReplLanguage(
    SQLITE_SHOWN.name, frozenset({"sqlite3"}), _SQLITE, None, _SQLITE_MORE, pastes=True, accepts=True,
    start="sqlite3 -interactive", end=".quit",
    failed=re.compile(r"^(?:Parse error|Runtime error|Error|error|Usage|unknown command)\b.*", re.MULTILINE),
)  # fmt: skip
_MYSQL, _MYSQL_MORE = prompts(MYSQL_SHOWN)
MYSQL = ReplLanguage(
    MYSQL_SHOWN.name, frozenset({"mysql", "mariadb"}), _MYSQL, None, _MYSQL_MORE,
    start="mysql", end="exit", failed=re.compile(r"^ERROR\b", re.MULTILINE),
)  # fmt: skip
_REDIS, _ = prompts(REDIS_SHOWN)
REDIS = ReplLanguage(
    REDIS_SHOWN.name, frozenset({"redis-cli"}), _REDIS, None,
    start="redis-cli", end="quit", failed=re.compile(r"^\(error\) |^Could not connect", re.MULTILINE),
)  # fmt: skip
_IRB, _IRB_MORE = prompts(IRB_SHOWN)
IRB = ReplLanguage(
    IRB_SHOWN.name, frozenset({"irb", "irb3.1", "ruby"}), _IRB, None, _IRB_MORE,
    start="irb --nomultiline --nosingleline", end="exit",
    failed=re.compile(r"^(?:\x1b\[[\d;]*m)*(?:\(irb\):\d+:in |/\S+\.rb:\d+:in |Traceback )", re.MULTILINE),
)  # fmt: skip
_IPYTHON, _IPYTHON_MORE = prompts(IPYTHON_SHOWN)
IPYTHON = ReplLanguage(
    IPYTHON_SHOWN.name, frozenset({"ipython", "ipython3"}), _IPYTHON, None, _IPYTHON_MORE,
    start="ipython3 --simple-prompt --no-banner", end="exit",
    failed=re.compile(r"^(?:\x1b\[[\d;]*m)*-{20,}|^ {2}(?:File|Cell) ", re.MULTILINE),
)  # fmt: skip


def unknown(prompt: str) -> ReplLanguage:
    """A program of which only the prompt is known that it waits at; later ones end alike."""
    return ReplLanguage("unknown", frozenset(), re.compile(rf"(?:{re.escape(prompt)}|[>#$%:])\s*\Z"), end="exit")


@dataclass(frozen=True)
class UnmarkedPrompt:
    """A prompt as it is drawn; `is_more` is that of a command's next line."""

    drawn: str
    is_more: bool


def unmarked_prompt(shown: str, language: ReplLanguage) -> UnmarkedPrompt | None:
    """The prompt of a language at the end of what a terminal shows, if there is one."""
    line = last_line(shown)
    if more := language.more.search(line) if language.more else None:
        return UnmarkedPrompt(more[0].strip(), True)
    prompt = language.prompt.search(line)
    return UnmarkedPrompt(prompt[0].strip(), False) if prompt else None
