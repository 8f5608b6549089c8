"""`{keys="Down 3, Type hello, Enter, Ctrl+X"}`: the keys for a block's last command, as directives."""

import re
from collections.abc import Callable, Iterator

from castdeck.deck.model import CommandLine

KNOWN = (
    'Type TEXT, Enter, Tab, Escape, Space, Backspace, Up 2, PageDown, Home, End, Ctrl+X, Alt+x, Wait 2, "Wait for TEXT"'
)
_DIRECTIVES = {
    "enter": "sendline",
    "tab": "sendcontrol i",
    "escape": "sendcontrol [",
    "esc": "sendcontrol [",
    "space": 'send " "',
    "backspace": "sendcontrol ?",
    "home": "send \x1b[H",
    "end": "send \x1b[F",
    "pageup": "send \x1b[5~",
    "pagedown": "send \x1b[6~",
}
_NAMED = re.compile(rf"({'|'.join(_DIRECTIVES)})(?: (\d{{1,2}}))?", re.IGNORECASE)
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(r"(up|down|left|right)(?: (\d{1,3}))?", re.IGNORECASE),
        lambda m: f"sendarrow {m[1].lower()} {m[2] or 1}",
    ),
    (re.compile(r"ctrl\+([a-z\[\]\\^_@])", re.IGNORECASE), lambda m: f"sendcontrol {m[1]}"),
    (re.compile(r"alt\+(\S)", re.IGNORECASE), lambda m: f"send \x1b{m[1]}"),
    (re.compile(r"wait (\d+(?:\.\d+)?)", re.IGNORECASE), lambda m: f"wait {float(m[1]) * 1000:.0f}"),
    (re.compile(r"wait for (\S.*)", re.IGNORECASE), lambda m: f"expect {re.escape(m[1])}"),
    (re.compile(r"type (\S.*)", re.IGNORECASE), lambda m: f"send {m[1]}"),
)


def wrong_key(keys: str) -> str:
    """The first step that is none, "" if all are."""
    return next((step for step in _steps(keys) if not list(_directives(step))), "")


def key_directives(keys: str, line: int) -> tuple[CommandLine, ...]:
    """The directives for these keys; a step that is none is left out."""
    return tuple(CommandLine(f"#$ {directive}", line) for step in _steps(keys) for directive in _directives(step))


def _steps(keys: str) -> list[str]:
    return [step.strip().replace("\\,", ",") for step in re.split(r"(?<!\\),", keys) if step.strip()]


def _directives(step: str) -> Iterator[str]:
    if named := _NAMED.fullmatch(step):
        yield from [_DIRECTIVES[named[1].lower()]] * int(named[2] or 1)
        return
    for form, directive in _FORMS:
        if found := form.fullmatch(step):
            yield directive(found)
            return
