"""Fills in `{{ name }}` from the front matter, in decks with `template: true`.

Jinja expressions such as `{{ version | upper }}` are supported, statements such as `{% for %}` are not. Text between
`{% raw %}` and `{% endraw %}` stays as it is.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Template, TemplateSyntaxError, UndefinedError

from castdeck.codes import Code
from castdeck.deck.sandbox import LARGEST, Sandbox
from castdeck.errors import DeckError
from castdeck.suggest import suggest

MOST_TEXT = 8 << 20
"""Maximum length of a deck after filling in, in characters."""

_LONGEST = 1000
_JINJA = Sandbox(comment_start_string="{{#", comment_end_string="#}}", autoescape=False)


def fill_variables(text: str, values: Mapping[str, object], path: Path) -> str:
    """Evaluate every `{{ expression }}`. Line numbers stay the same.

    Raises DeckError, with the line, for a name without a value and an invalid expression.
    """
    filled: list[str] = []
    expression: list[str] | None = None
    line, size = 1, 0
    try:
        for line, kind, token in _JINJA.lexer.tokeniter(text, None):
            if kind == "variable_begin":
                expression = []
            elif kind == "variable_end" and expression is not None:
                inside = "".join(expression)
                filled.append(_value(inside, values, path, line) + "\n" * inside.count("\n"))
                size += len(filled[-1])
                if size > MOST_TEXT:
                    raise _error(f"what is filled in makes more than {MOST_TEXT} characters", path, line)
                expression = None
            elif expression is not None:
                expression.append(token)
            elif kind == "data":
                filled.append(token)
            elif kind in ("raw_begin", "raw_end") or kind.startswith("comment"):
                filled.append("\n" * token.count("\n"))
            else:
                raise _error("only {{ expressions }} and {% raw %} can stand in a deck", path, line)
    except TemplateSyntaxError as error:
        raise _error(str(error), path, error.lineno) from error
    if expression is not None:
        raise _error("nothing closes this {{", path, line)
    return "".join(filled)


@lru_cache(maxsize=1000)
def _compiled(text: str) -> Template:
    return _JINJA.from_string(_JINJA.expression(text))


def _value(expression: str, values: Mapping[str, object], path: Path, line: int) -> str:
    text = f"{{{{ {expression.strip()} }}}}"
    if len(text) > _LONGEST:
        raise _error(f"{text[:40]}… is longer than {_LONGEST} characters", path, line)
    try:
        value = _compiled(text).render(values)
        value.encode()  # which fails for half a character
    except UndefinedError as error:
        name = str(error).split("'")[1] if "'" in str(error) else ""
        hint = suggest(name, values, "give it a value in the front matter")
        code = Code.UNDEFINED_VARIABLE
        raise DeckError(f"{text}: {error}", path=path, line=line, hint=hint, code=code, word=name) from error
    except Exception as error:  # whatever goes wrong in an expression is the author's mistake
        raise _error(f"{text}: {error or type(error).__name__}", path, line) from error
    if len(value) > LARGEST:
        raise _error(f"{text} makes more than {LARGEST} characters", path, line)
    if "\n" in value.strip("\n"):
        raise _error(f"{text} has several lines; what is filled in has to be one", path, line)
    return value.strip("\n")


def _error(message: str, path: Path, line: int) -> DeckError:
    hint = "{{ '{{' }}, or {% raw %} and {% endraw %} around it, show braces as they are"
    return DeckError(message, path=path, line=line, hint=hint, code=Code.INVALID_TEMPLATE)
