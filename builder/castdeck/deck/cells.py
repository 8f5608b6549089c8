"""Code cells of Quarto and R Markdown: ```` ```{python} ````, with options in the info string or on `#|` lines."""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from castdeck.deck.model import RUNNABLE_LANGUAGES

CELL = re.compile(r"\{+\s*([A-Za-z]\w*)\b(?![\w.-]*=)[\s,]*(.*?)\}+\s*$")
_RAW = re.compile(r"\{=(\w+)\}\s*$")
_OPTION_LINE = re.compile(r"(?:#|//|--|%)\|\s*([\w.-]+)\s*:\s*(.*?)\s*$")
_OPTION = re.compile(r"([\w.-]+)\s*[=:]\s*([^,\s]+)")
_FALSE = ("false", "FALSE", "F")


def is_cell(info: str) -> bool:
    """Whether the info string is that of a cell, which its tool would run."""
    return info.startswith("{") and not info.startswith("{{") and CELL.match(info) is not None


def read_cells(tokens: Sequence[Token], shows_code: bool) -> list[Token]:
    """Replace cells by fences: those of a shell are blocks, others code that is shown if they say `echo: true`.

    Raw blocks of HTML become HTML; those for other formats are left out. `shows_code` holds where a cell says nothing.
    """
    return [found for token in tokens for found in (_read(token, shows_code) if _may_be(token) else (token,))]


def _may_be(token: Token) -> bool:
    return token.type == "fence" and token.info.lstrip().startswith("{")


def _read(token: Token, shows_code: bool) -> Iterator[Token]:
    info = token.info.strip()
    if raw := _RAW.match(info):
        if raw[1] == "html":
            yield Token("html_block", "", 0, content=token.content, map=token.map, block=True, level=token.level)
        return
    found = CELL.match(info)
    if not found:
        yield token
        return
    language, is_shown_only = found[1].lower(), info.startswith("{{")
    options = dict(_OPTION.findall(found[2]))
    lines = token.content.split("\n")
    while not is_shown_only and lines and (option := _OPTION_LINE.match(lines[0])):
        options[option[1]] = option[2]
        lines.pop(0)
    is_shell = language in RUNNABLE_LANGUAGES
    is_left_out = options.get("include") in _FALSE
    echoes = options.get("echo", "true" if shows_code or is_shell or is_shown_only else "false") not in _FALSE
    if not is_shell and (is_left_out or not echoes):
        return
    classes = [".norun"] * (is_shown_only or options.get("eval") in _FALSE) + [".hidden"] * is_left_out
    token.info = f"{language} {{{' '.join(classes)}}}" if classes and is_shell else language
    token.content = "\n".join(lines)
    yield token
