"""What each character of a command is, so that it has one colour while it waits, while it is typed and on paper."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import groupby

from pygments.token import Comment, Keyword, Name, Operator, Punctuation, String, _TokenType

from castdeck.render.code import lexer

COMMENT, OPTION, STRING, OPERATOR, VARIABLE, PLAIN = "comment", "option", "string", "operator", "variable", ""
CLASSES = {COMMENT: "c1", OPTION: "o", STRING: "s", OPERATOR: "k", VARIABLE: "nv"}
INDENT = "    "  # before the further rows of a long command
Line = list[tuple[str, str]]
_ROLES: dict[_TokenType, str] = {
    Comment: COMMENT,
    String: STRING,
    Name.Variable: VARIABLE,
    Operator: OPERATOR,
    Punctuation: OPERATOR,
    Keyword: OPERATOR,
}
_OPTION = re.compile(r"(?<!\S)--?[A-Za-z][\w-]*")


@lru_cache(maxsize=4096)
def shell_roles(code: str, language: str = "bash") -> tuple[str, ...]:
    """The role of each character of `code`, new lines among them."""
    roles: list[str] = []
    for kind, value in lexer(language).get_tokens(code):
        roles += [_role(kind)] * len(value)
    roles = (roles + [PLAIN] * len(code))[: len(code)]
    for option in _OPTION.finditer(code):
        if all(role == PLAIN for role in roles[option.start() : option.end()]):
            roles[option.start() : option.end()] = [OPTION] * len(option[0])
    return tuple(roles)


def role_lines(code: str, language: str = "bash") -> list[Line]:
    """Each line of `code` as its characters with their roles."""
    roles = shell_roles(code, language)
    lines: list[Line] = [[]]
    for character, role in zip(code, roles, strict=True):
        if character == "\n":
            lines.append([])
        else:
            lines[-1].append((character, role))
    return lines


def row_breaks(line: Line, cols: int, prompt: int) -> list[int]:
    """Where a command that is longer than its terminal goes on in the next row: before a word, best before a comment.

    `prompt` is the length of the prompt before it. A word that is longer than a row is left to the terminal.
    """
    breaks: list[int] = []
    start, room = 0, cols - prompt
    while len(line) - start > room:
        words = [at for at in range(start + 1, start + room + 1) if line[at - 1][0] == " " and line[at][0] != " "]
        comments = [at for at in words if line[at][1] == COMMENT and line[at - 1][1] != COMMENT]
        if not words:
            break
        start = comments[-1] if comments else words[-1]
        breaks.append(start)
        room = cols - len(INDENT)
    return breaks


def row_breaks_of(lines: Sequence[Line], cols: int, prompt: int) -> list[list[int]]:
    """The same for each line of a command; its further lines stand behind a short prompt, such as "> "."""
    return [row_breaks(line, cols, min(prompt, len(INDENT)) if number else prompt) for number, line in enumerate(lines)]


def roles_html(line: Line) -> str:
    """A line as HTML, its roles as Pygments' short class names, and "o" for an option."""
    return "".join(
        f'<span class="{CLASSES[role]}">{escape(text)}</span>' if role else escape(text)
        for role, group in groupby(line, key=lambda pair: pair[1])
        if (text := "".join(character for character, _ in group))
    )


def _role(kind: _TokenType) -> str:
    found: _TokenType | None = kind
    while found is not None:
        if found in _ROLES:
            return _ROLES[found]
        found = found.parent
    return PLAIN
