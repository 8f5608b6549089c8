"""Whatever a stranger writes is read, or refused with castdeck's own errors: for each parser of foreign text.

A few examples in each run of the suite; `make fuzz` (`fuzz.py`) runs them in rounds for an hour.
"""

import json
import os
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from castdeck.cast.marks import Entered, NotFound, read_commands
from castdeck.cast.model import CastError, Event, format_cast, parse_cast
from castdeck.cast.recording import read_recording
from castdeck.cast.screen import footprint
from castdeck.cast.transcript import transcript
from castdeck.config import read_config
from castdeck.deck import parse_deck
from castdeck.deck.sandbox import LARGEST
from castdeck.deck.slug import is_id, slug
from castdeck.deck.strict_yaml import YamlError, load_yaml
from castdeck.deck.variables import fill_variables
from castdeck.errors import CastdeckError, DeckError, MachineError, RecordingError, WorkspaceError
from castdeck.gate import CONFIG
from castdeck.linear import linear
from castdeck.machine.qemu.agent import GuestAgent
from castdeck.marks import ACCEPTED, READY, Marks
from castdeck.record.secrets import masked, what_leaks
from castdeck.record.store import Recordings
from castdeck.render.files import LocalFile, find_file
from castdeck.render.page import render_deck
from castdeck.render.theme import Theme
from castdeck.terminals import wire
from tests.hostile.repeated import DIALECTS, pieces

EXAMPLES = int(os.environ.get("CASTDECK_FUZZ", "80"))
fuzzed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def texts(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces) | st.text(max_size=4), max_size=25).map("".join)


YAML = texts(
    "a: ",
    "b:\n",
    "- ",
    "&x ",
    "*x",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "\n",
    "  ",
    "'",
    '"',
    "|\n",
    ">-\n",
    "!!int ",
    "!!float ",
    "!!binary ",
    "!!set ",
    "!!omap ",
    "!!timestamp ",
    "<<: ",
    "? ",
    "1e999",
    ".inf",
    ".nan",
    "0x",
    "9" * 30,
    "1:60:60",
    "\\ud800",
    "\\x",
    "2026-11-26",
    "~",
    "#",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "\t",
    "\u2028",
    "=",
)


@fuzzed
@given(YAML)
def test_yaml(text: str) -> None:
    try:
        value = load_yaml(text)
    except YamlError as error:
        assert 0 <= error.line <= text.count("\n") + text.count("\u2028") + text.count("\r") + text.count("\x85") + 1
        return
    repr(value).encode()
    json.dumps(value, default=str, skipkeys=True, allow_nan=False).encode()


TOML = texts(
    "[machine.a]\n",
    "[",
    "]",
    "[[",
    "]]",
    "theme = ",
    "timeout = ",
    "terminal.cols = ",
    "pace = {",
    "}",
    "secrets = [",
    "verify.rules = ",
    "ignore = ",
    '"',
    "'''",
    "\n",
    ".",
    "1e999",
    "nan",
    "inf",
    "0x",
    "9" * 30,
    "true",
    "1979-05-27",
    "\\u0000",
    "#",
    ", ",
    "key = ",
    '"x"',
)


@fuzzed
@given(TOML)
def test_castdeck_toml(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, CONFIG)
        path.write_text(text, encoding="utf-8")
        try:
            read_config(path)
        except WorkspaceError as error:
            assert error.problem.path == path


CAST = texts(
    '{"version": 2, "width": 80, "height": 24}\n',
    '[0, "o", "',
    '[1.5, "m", "',
    '[2, "i", "',
    '"]\n',
    "\\u001b[",
    "\\r\\n",
    "\\u001bP",
    "\\u009b",
    "2J",
    "H",
    "m",
    "?1049h",
    "?1049l",
    "9" * 30,
    ";",
    "\\ud800",
    "1e999",
    "NaN",
    "$ ",
    "\\u001b\\\\",
)


@fuzzed
@given(CAST)
def test_casts(text: str) -> None:
    try:
        cast = parse_cast('{"version": 2, "width": 80, "height": 24}\n' + text)
    except CastError:
        return
    assert parse_cast(format_cast(cast)).cols == 80
    assert 1 <= footprint(cast).rows <= 24
    transcript(cast)
    with suppress(CastError):
        read_recording(cast)


INDEX = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3),
)
ENTRY = st.fixed_dictionaries(
    {name: INDEX | st.just("x") for name in ("key", "own", "machine", "cast")}
    | {"tools": INDEX | st.just({}), "commands": INDEX | st.just([])}
)
NAMES = st.sampled_from(["a-1", "../x", "é-2", "/", "..", "\u202e"]) | st.text(max_size=8)


@fuzzed
@given(st.dictionaries(NAMES, ENTRY | INDEX, max_size=3), st.just(2) | INDEX)
def test_indexes(blocks: dict[str, object], version: object) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "recordings")
        folder.mkdir()
        (folder / "index.json").write_text(json.dumps({"version": version, "blocks": blocks}))
        try:
            recordings = Recordings(folder)
            recordings.remove(recordings.orphans(()))
        except RecordingError as error:
            assert error.problem.path
        assert [path.name for path in Path(name).iterdir()] == ["recordings"]


MARKS = Marks("0123456789abcdef")
SHOWN = texts(
    READY,
    ACCEPTED,
    MARKS.prompt_end,
    MARKS.more,
    "\x1b]133;D;0;n=1;pid=2;aid=0123456789abcdef;\x07",
    "\x1b]133;D;0\x07",
    "\x1b]133;A;aid=0123456789abcdef;\x07",
    "\x1b]133;L;1\x07",
    "\x1b]133;",
    "\x07",
    "\x1b",
    "$ ",
    "echo one",
    "\r\n",
    "[1]+ Done\n",
)


@fuzzed
@given(
    st.lists(SHOWN, max_size=4),
    st.lists(
        st.builds(
            Entered,
            st.lists(st.text(), min_size=1, max_size=3).map(tuple),
            st.just(0),
            *[st.booleans()] * 2,
            *[st.sampled_from(("", " PS1=", "sqlite> ")) | st.text(max_size=5)] * 2,
        ),
        max_size=3,
    ),
)
def test_marks(shown: list[str], entered: list[Entered]) -> None:
    events = [Event(float(number), "o", data) for number, data in enumerate(shown)]
    try:
        session = read_commands(events, MARKS, entered)
    except NotFound:
        return
    assert MARKS.secret not in "".join(event.data for command in session.commands for event in command.output)
    for command in masked(session, {"X": "secret-value"}).commands:
        what_leaks(command, {"X": "secret-value"})


EXPRESSIONS = texts(
    "word",
    "n",
    "list",
    "'a'",
    "1",
    "9999",
    " * ",
    " ** ",
    " % ",
    " + ",
    " ~ ",
    " | ",
    "join(",
    "replace(",
    "center(",
    "round(",
    "format(",
    "default(",
    ")",
    "(",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "__class__",
    "__globals__",
    "upper",
    "split",
    "strftime",
    "range",
    "cycler",
    "lipsum",
    "super()",
    "self",
    " if ",
    " else ",
    " for ",
    " in ",
    " is ",
    "map(",
    "attr(",
    "'%9999d'",
)
VALUES = {"template": True, "word": "a" * 5000, "n": 3, "list": [1, "b"]}


@fuzzed
@given(EXPRESSIONS)
def test_variables(expression: str) -> None:
    try:
        filled = fill_variables(f"{{{{ {expression} }}}}\n", VALUES, Path("deck.md"))
    except DeckError as error:
        assert error.problem.line
        return
    assert len(filled) <= LARGEST + len(expression) + 10
    assert "<class" not in filled and "<function" not in filled


@fuzzed
@given(
    texts(
        "{% block head %}",
        "{% endblock %}",
        "{{ ",
        " }}",
        "{% if title %}",
        "{% endif %}",
        "{% for x in ",
        "{% set ",
        " %}",
        "super()",
        "title",
        "lang",
        "slides",
        "self",
        "range(9)",
        "{% include 'x' %}",
        "{% raw %}",
        "{% endraw %}",
        "{#",
        "#}",
        ".__class__",
        "|e",
    )
)
def test_layouts(layout: str) -> None:
    theme = Theme("fuzzed", "", '{% extends "page.html.j2" %}' + layout)
    try:
        html = render_deck(parse_deck("# A\n", Path("deck.md")), {}, theme).html
    except WorkspaceError as error:
        assert "layout" in str(error)
        return
    assert "<class" not in html and "function" not in html


@fuzzed
@given(texts("a", "|", "*", "+", "(", ")", "[", "]", "{9}", "?", ".", "\\1", "\\d", "(?=", "(?i)", "^", "$", "\\"))
def test_regular_expressions(expression: str) -> None:
    with suppress(ValueError):
        linear(expression).fullmatch("a" * 2000 + "!")


URLS = texts(
    "..",
    "/",
    "%2e",
    "%2f",
    "%00",
    "\\",
    "a.png",
    "link.png",
    ".env",
    "castdeck.toml",
    "folder",
    "?",
    "#",
    "//",
    ":",
    "file:",
    "~",
)


@fuzzed
@given(URLS)
def test_addresses_of_files(url: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        outside = Path(name).resolve()
        workspace, deck = outside / "ws", outside / "ws/slides/a"
        deck.mkdir(parents=True)
        for path in (
            outside / "a.png",
            workspace / ".env",
            workspace / "castdeck.toml",
            deck / "a.png",
            workspace / "a.png",
        ):
            path.touch()
        (deck / "link.png").symlink_to(outside / "a.png")
        (deck / "folder").symlink_to(outside)
        found = find_file(url, deck, workspace)
        if isinstance(found, LocalFile):
            assert found.source in (deck / "a.png", workspace / "a.png")
            assert not Path(found.target).is_absolute() and ".." not in Path(found.target).parts


@fuzzed
@given(st.text(max_size=80))
def test_ids_that_are_made_of_titles_are_names_of_files(title: str) -> None:
    made = slug(title)
    assert not made or is_id(made)


SETTINGS = texts(
    "title: ",
    "dialect: ",
    "theme: ",
    "lang: ",
    "separators: ",
    "vertical: ",
    "terminal: ",
    "cols: ",
    "timeout: ",
    "variables: ",
    "machine: ",
    "secrets: ",
    "css: ",
    "a: ",
    "[",
    "]",
    "{",
    "}",
    "- ",
    "\n",
    "  ",
    "'",
    "'---'",
    "true",
    "1e999",
    "-1",
    "9" * 30,
    "{{ a }}",
)
PIECES = st.sampled_from([piece for kind in pieces().values() for piece in kind if len(piece) < 100])
MARKDOWN = st.lists(PIECES | st.sampled_from(("\n", "\n\n", "\n\n---\n\n")) | st.text(max_size=3), max_size=20).map(
    "".join
)


@fuzzed
@given(st.sampled_from(DIALECTS), SETTINGS, MARKDOWN)
def test_decks(dialect: str, front_matter: str, text: str) -> None:
    head = "" if dialect == "castdeck" else f"dialect: {dialect}\n"
    for deck in (f"---\n{head}{front_matter}\n---\n{text}", f"---\n{head}title: A\n---\n{text}"):
        try:
            html = render_deck(parse_deck(deck, Path("/nowhere/deck.md")), {}, Theme("folio", "")).html
        except CastdeckError as error:
            assert error.problem.path
            continue
        assert html.rstrip().endswith("</html>")


ANSWERS = st.one_of(
    INDEX,
    st.fixed_dictionaries({"return": st.fixed_dictionaries({"pid": INDEX | st.integers()})}),
    st.fixed_dictionaries(
        {
            "return": st.fixed_dictionaries(
                {"exited": INDEX | st.just(True)},
                optional={"exitcode": INDEX | st.just(0), "out-data": INDEX, "err-data": INDEX | st.just("YQ==")},
            )
        }
    ),
    st.fixed_dictionaries({"error": INDEX | st.fixed_dictionaries({"desc": INDEX})}),
).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20)


@fuzzed
@given(st.lists(ANSWERS, max_size=4))
def test_answers_of_the_agent(answers: list[bytes]) -> None:
    ours, theirs = socket.socketpair()

    def guest() -> None:
        left = list(answers)
        for line in theirs.makefile("rb"):
            request = json.loads(line)
            if request["execute"] == "guest-sync-delimited":
                theirs.sendall(b'\xff{"return": %d}\n' % request["arguments"]["id"])
            elif left:
                theirs.sendall(left.pop(0).replace(b"\n", b"") + b"\n")
            else:
                break
        theirs.shutdown(socket.SHUT_RDWR)

    with ours, theirs:
        thread = threading.Thread(target=guest)
        thread.start()
        try:
            said = GuestAgent(ours, "the guest docker").run("true", timeout=5)
        except MachineError as error:
            assert "\x1b" not in str(error)
        else:
            said.encode()
        ours.shutdown(socket.SHUT_RDWR)
        thread.join()


@fuzzed
@given(
    st.binary(max_size=40)
    | st.tuples(
        st.sampled_from((b"h", b"i", b"r", b"a", b"d")),
        st.dictionaries(
            st.sampled_from(("token", "id", "block", "command", "cols", "rows", "from", "at", "do")), INDEX
        ),
    ).map(lambda message: message[0] + json.dumps(message[1]).encode())
)
def test_messages_of_a_terminal_s_page(message: bytes) -> None:
    with suppress(wire.Senseless):
        said = wire.read(message)
        assert isinstance(said, wire.Said)
