"""What a live terminal's page and the server say to each other: binary messages whose first byte says of what kind.

    page to server    h {token, id, block, command, cols, rows, from}    the first message, and nothing before it
                      i bytes typed    r {cols, rows}    a {at}    d {do, ...}
    server to page    s {state, why} and at first {id, block, at}    o output    p what is done before it runs
                      x what resets the screen, not counted    k {do, ...} an answer to d

Output is counted in bytes from a terminal's beginning. The page says up to where it has shown it (`a`); the machine is
read no faster than that, so nothing is lost and nothing piles up. What {...} holds is JSON.
"""

import json
from dataclasses import dataclass

HELLO, INPUT, RESIZE, SHOWN, DO = b"h", b"i", b"r", b"a", b"d"
STATE, OUTPUT, RESET, PROGRESS, ANSWER = b"s", b"o", b"x", b"p", b"k"

MOST_SAID = 64 << 10  # bytes of one message of a page
MOST_COLS, MOST_ROWS = 500, 200
_MOST_NAME = 300


class Senseless(ValueError):
    """A page sent what no page of castdeck's sends."""


@dataclass(frozen=True)
class Hello:
    """Which terminal a page wants: of a block, in the state after so many of its commands (None: after all).

    `id` is the page's own name for it, "" for a new one; `since` how many bytes of its output the page has.
    """

    token: str
    id: str
    block: str
    command: int
    cols: int
    rows: int
    since: int


@dataclass(frozen=True)
class Typed:
    """Bytes for the machine's terminal."""

    data: bytes


@dataclass(frozen=True)
class Resize:
    """The terminal's size."""

    cols: int
    rows: int


@dataclass(frozen=True)
class Shown:
    """The page has shown the output up to there."""

    at: int


@dataclass(frozen=True)
class Do:
    """What a person asks for by a button; `values` are texts."""

    what: str
    values: dict[str, object]


Said = Hello | Typed | Resize | Shown | Do


def read(message: bytes) -> Said:
    """One message of a page. Raises Senseless."""
    kind, rest = message[:1], message[1:]
    if len(message) > MOST_SAID:
        raise Senseless
    if kind == INPUT:
        return Typed(rest)
    value = _object(rest)
    if kind == HELLO:
        size = _size(value)
        return Hello(
            _text(value, "token"),
            _text(value, "id"),
            _text(value, "block"),
            _number(value, "command"),
            size.cols,
            size.rows,
            _number(value, "from"),
        )
    if kind == RESIZE:
        return _size(value)
    if kind == SHOWN:
        return Shown(_number(value, "at"))
    if kind == DO:
        return Do(_text(value, "do"), value)
    raise Senseless


def written(kind: bytes, value: dict[str, object]) -> bytes:
    """A message of the server's that is an object."""
    return kind + json.dumps(value, separators=(",", ":")).encode()


def _object(data: bytes) -> dict[str, object]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise Senseless from None
    if not isinstance(value, dict):
        raise Senseless
    return value


def _size(value: dict[str, object]) -> Resize:
    cols, rows = _number(value, "cols"), _number(value, "rows")
    if not (2 <= cols <= MOST_COLS and 2 <= rows <= MOST_ROWS):
        raise Senseless
    return Resize(cols, rows)


def _text(value: dict[str, object], name: str) -> str:
    text = value.get(name, "")
    if not isinstance(text, str) or len(text) > _MOST_NAME:
        raise Senseless
    return text


def _number(value: dict[str, object], name: str) -> int:
    number = value.get(name, 0)
    if type(number) is not int or not 0 <= number < 1 << 53:
        raise Senseless
    return number
