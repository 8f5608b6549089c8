"""All languages that can be typed into."""

from castdeck.record.languages.language import ReplLanguage
from castdeck.record.languages.node import NODE
from castdeck.record.languages.psql import PSQL
from castdeck.record.languages.python import PYTHON
from castdeck.record.languages.shells import BASH, FISH, POSIX, ZSH
from castdeck.record.languages.unmarked import IPYTHON, IRB, MYSQL, REDIS, SQLITE

LANGUAGES = (BASH, ZSH, FISH, POSIX, PYTHON, IPYTHON, NODE, IRB, PSQL, SQLITE, MYSQL, REDIS)


def language_named(name: str) -> ReplLanguage:
    """The language of an interpreter's name."""
    return next(one for one in LANGUAGES if one.name == name)


def may_speak(program: str, language: ReplLanguage) -> bool:
    """Whether a program with that name of its process may be one of the language; one that is not known may."""
    found = [one.name for one in _languages_of(program)]
    return not found or language.name in found


def language_of_program(program: str, has_line_editor: bool) -> ReplLanguage | None:
    """The language of a program by the name of its process; a bash without a line editor is a plain shell."""
    found = _languages_of(program)
    return next((one for one in found if has_line_editor or not (one.is_shell and one.pastes)), None)


def _languages_of(program: str) -> list[ReplLanguage]:
    return [one for one in LANGUAGES if program in one.programs]
