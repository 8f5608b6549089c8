"""Interpreters whose sessions a deck may show: what their fences are called, and how their prompts look."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Interpreter:
    """`fences` are the info words of its sessions, `sources` those of its code, which runs only with `{.repl}`.

    `aliases` are other commands that start it, `code` is the language that is typed. `prompt` and `more` are regular
    expressions for what stands before a line, and before the lines that go on with it. One that `indents` puts blanks
    before these lines itself, which are not typed.
    """

    name: str
    code: str
    fences: frozenset[str]
    prompt: str
    more: str
    sources: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()
    indents: bool = False

    @property
    def programs(self) -> frozenset[str]:
        """The commands that start it."""
        return self.aliases | {self.name}

    def command(self, line: str) -> str | None:
        """What is typed behind the prompt that the line begins with; None where it has none."""
        return _behind(self.prompt, line)

    def continued(self, line: str) -> str | None:
        """What is typed behind a prompt for the rest of a command; None where the line has none."""
        text = _behind(self.more, line)
        if text and self.indents and line.removesuffix(text).rstrip().endswith((">", "*")):
            return text.lstrip()
        return text


def _behind(prompt: str, line: str) -> str | None:
    found = re.fullmatch(rf"(?:{prompt}) ?(.*)|{prompt.rstrip()}", line)
    return (found[1] or "") if found else None


_IRB = r"irb\([^)\n]*\):\d+"
_IRB_MORE = rf"{_IRB}(?:[*\"'/]|:\d+[*\"'/]|:[1-9]\d*>)"
_HOST = r"(?:[\w.-]+:\d+|not connected)"
_PYCON = frozenset({"pycon", "python-repl", "python-console"})
_PSQL = frozenset({"psql", "postgres-console", "postgresql-console"})
_MYSQL = frozenset({"mysql", "mysql-console", "mariadb"})

PYTHON = Interpreter("python", "python", _PYCON, ">>>", r"\.\.\.", frozenset({"python", "py", "python3"}))
IPYTHON = Interpreter("ipython", "python", frozenset({"ipython", "ipythonconsole"}), r"In \[\d+\]:", r" +\.\.\.:")
SQLITE = Interpreter("sqlite3", "sql", frozenset({"sqlite3"}), "sqlite>", r" +\.\.\.>", frozenset({"sql"}))
PSQL = Interpreter("psql", "sql", _PSQL, r"[\w.@:-]*=[*!?]?[#>]", r"[\w.@:-]*[-'\"($^*][*!?]?[#>]")
MYSQL = Interpreter(
    "mysql", "sql", _MYSQL, r"(?:mysql|MariaDB \[[^]\n]*\])>", r" +(?:-|'|\"|`|/\*)>", aliases=frozenset({"mariadb"})
)
REDIS = Interpreter("redis-cli", "text", frozenset({"redis-cli", "redis"}), rf"{_HOST}(?:\[\d+\])?(?:\(TX\))?>", "(?!)")
NODE = Interpreter(
    "node", "javascript", frozenset({"node-repl", "node-console"}), "^>", r"(?:\.{3,}|\|)",
    frozenset({"javascript", "js", "node"}),
)  # fmt: skip
IRB = Interpreter(
    "irb", "ruby", frozenset({"irb"}), rf"{_IRB}(?::0)?>", _IRB_MORE, frozenset({"ruby", "rb"}), indents=True
)

INTERPRETERS = (PYTHON, IPYTHON, SQLITE, PSQL, MYSQL, REDIS, NODE, IRB)


def interpreter_named(name: str) -> Interpreter | None:
    """The interpreter of that name, or the one that a fence of that name shows."""
    return next((one for one in INTERPRETERS if name == one.name or name in one.fences), None)


def interpreter_of_fence(language: str) -> Interpreter | None:
    """The interpreter whose sessions a fence in that language shows."""
    return next((one for one in INTERPRETERS if language in one.fences), None)


def interpreter_of_source(language: str) -> Interpreter | None:
    """The interpreter that runs code in that language."""
    return next((one for one in INTERPRETERS if language in one.sources), None)


def as_shown(interpreter: Interpreter | None, code: str) -> Interpreter | None:
    """The interpreter, or IPython where a session of Python has IPython's prompts."""
    first = next((line.strip() for line in code.split("\n") if line.strip()), "")
    return IPYTHON if interpreter is PYTHON and IPYTHON.command(first) is not None else interpreter
