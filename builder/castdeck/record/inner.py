"""Shells and interpreters that commands open: `bash`, `su -`, `docker run -it debian sh`, `python3`."""

from dataclasses import dataclass

from castdeck.machine.waits import Look, Program
from castdeck.marks import READY, last_line
from castdeck.record.languages.language import ReplLanguage
from castdeck.record.languages.shells import BASH
from castdeck.record.languages.table import LANGUAGES, language_of_program
from castdeck.record.languages.unmarked import unknown


@dataclass(frozen=True)
class Level:
    """What castdeck types into: its process id as its marks tell it, and as the machine does.

    `pastes`: its line editor takes a paste; `accepts`: it says READY and ACCEPTED; else the terminal's echo shows that
    a line was taken. `is_unseen` is true where castdeck started it itself.
    """

    pid: int
    machine_pid: int
    language: ReplLanguage = BASH
    pastes: bool = True
    accepts: bool = True
    is_unseen: bool = False


def is_at_prompt(shown: str) -> bool:
    """Whether what a terminal shows ends like the prompt of any language."""
    line = last_line(shown)
    return any(one.prompt.search(line) for one in LANGUAGES)


def inner_level(look: Look, shown: str, level: Level, is_said: bool = False) -> Level | None:
    """What waits at a prompt, if it is another than `level`; `shown` is what the terminal shows.

    Where the author has said that a program is to be gone into (`is_said`), it may be one that is not known.
    """
    program = look.waiting or look.inner
    if program is None:
        return None
    edits = READY in shown or (program.polls and (not look.line_mode or program is look.inner))
    line = last_line(shown)
    language = language_of_program(program.name, edits)
    if (language is None or not language.prompt.search(line)) and is_said and line.strip():
        language = unknown(line.strip())
    if language is None or not language.prompt.search(line):
        return None
    if program.pid == level.machine_pid and language.name == level.language.name:
        return None
    return _level(program, language, edits, READY in shown)


def _level(program: Program, language: ReplLanguage, edits: bool, is_ready: bool) -> Level:
    accepts = language.accepts and edits and (is_ready or language.is_shell)
    return Level(program.pid, program.pid, language, pastes=language.pastes and edits, accepts=accepts)
