"""What would take for ever, or all memory, is refused within a second, with its file and line."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from castdeck.cast.cap import LIMIT, streamed
from castdeck.cast.marks import RecordedCommand
from castdeck.cast.model import Cast, CastError, Event, format_cast, parse_cast
from castdeck.cast.screen import footprint
from castdeck.cast.terminal import VirtualTerminal
from castdeck.cast.transcript import transcript
from castdeck.check.rules import text_problems
from castdeck.config import read_config
from castdeck.deck import parse_deck
from castdeck.deck.sandbox import LARGEST
from castdeck.deck.text import DeckText
from castdeck.errors import DeckError, RecordingError, WorkspaceError
from castdeck.export.single_file import single_file
from castdeck.gate import CONFIG
from castdeck.linear import linear
from castdeck.machine.kinds import find_definition
from castdeck.record.secrets import find_secrets, what_leaks
from castdeck.record.store import Recordings
from castdeck.render import Theme, render_deck
from castdeck.render.code import highlighted_lines
from castdeck.render.screen import screens_html
from castdeck.render.theme import MOST_BASES, load_theme
from castdeck.workspace import Workspace
from tests.conftest import Cli

SELDOM = pytest.mark.slow(
    *(f"builder/castdeck/{part}" for part in ("cast", "check", "deck", "render")), "tests/hostile"
)
SECONDS = 20  # far more than it takes, far less than for ever; the suite's own limit comes later
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@contextmanager
def ends_soon() -> Iterator[None]:
    began = _processor_time()
    yield
    assert _processor_time() - began < SECONDS


def _processor_time() -> float:
    """Seconds that this process and its children have worked: on a busy computer others are not counted."""
    return sum(os.times()[:4])


@pytest.mark.parametrize(
    ("yaml", "line", "reason"),
    [
        (f"title: x\n{BOMB}", 6, "aliases counted"),
        ("x: 1\na: &a [*a]", 3, "stands in"),
        ("a: &a\n  b: *a", 3, "stands in"),
        ("x: " + "[" * 30000, 2, "levels deep"),
        ("x: 1\ny: " + "{a: " * 3000, 3, "levels deep"),
        ("x:\n" + "".join(" " * number + "- \n" for number in range(300)), 32, "levels deep"),
        ("x: 1\n" + "".join(f"k{number}: v\n" for number in range(9000)), 7407, "longer than"),
        ("x: 1\nn: " + "9" * 5000, 3, "digits"),
        ("x: 1\nn: 0x" + "f" * 5000, 3, "a number above"),
        ("x: 1\nn: " + ":".join(["59"] * 3000), 3, "a number above"),
        ("x: 1\nn: 1.0e+999", 3, "a number without end"),
        ("n: .inf", 2, "a number without end"),
        ("n: .nan", 2, "a number without end"),
        ('x: 1\ns: "\\ud800"', 3, "surrogate"),
        ("x: 1\ns: 2026-99-99", 3, "month must be"),
        ("x: !!python/object/apply:os.system [id]", 2, "could not determine a constructor"),
        ("x: 1\ny: a\x01b", 3, "special characters"),
    ],
)
def test_front_matter_has_limits(yaml: str, line: int, reason: str) -> None:
    with ends_soon(), pytest.raises(DeckError, match=reason) as caught:
        parse_deck(f"---\n{yaml}\n---\n\n# A\n", Path("deck.md"))
    assert caught.value.problem.line == line


def test_properties_of_a_slide_have_them_too() -> None:
    with ends_soon():
        parse_deck(f"# A\n\n---\nlayout: center\n{BOMB}title: *i\n---\n\n# B\n", Path("deck.md"))


@pytest.mark.parametrize(
    ("toml", "line", "reason"),
    [
        ("theme = 'x'\nx = " + "[" * 3000 + "]" * 3000, 2, "levels deep"),
        ("theme = 'x'\nmachine" + ".a" * 3000 + " = 1", 2, "levels deep"),
        ("theme = 'x'\nx = {a = 1, 'b'" + " . b" * 60000 + " = 1}", 2, "levels deep"),
        ("[machine" + ".a" * 3000 + "]", 1, "levels deep"),
        ("theme = 'x'\nx = " + "{a=" * 3000, 2, "levels deep"),
        ("timeout = " + "9" * 5000, 1, "digits"),
        ("theme = 'x'\ntimeout = 0x" + "f" * 5000, 2, "a number above"),
        ("[machine.a]\nmemory = 99999999999999999999", 2, "a number above"),
        ("theme = 'x'\ntimeout = 1e999", 2, "timeout"),
        ('theme = "\\ud800"', 1, "Unicode scalar"),
        ("#" * 300_000, None, "larger than"),
    ],
)
def test_castdeck_toml_has_limits(tmp_path: Path, toml: str, line: int | None, reason: str) -> None:
    (tmp_path / CONFIG).write_text(toml)
    with ends_soon(), pytest.raises(WorkspaceError, match=reason) as caught:
        read_config(tmp_path / CONFIG)
    assert caught.value.problem.line == line


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){20}", "(?:a?){50}a{50}"])
def test_a_regular_expression_of_a_deck_ends(expression: str) -> None:
    with ends_soon():
        parse_deck(f"---\nseparators:\n  slide: '/{expression}/'\n---\n\n{'a' * 5000}!\n\n# A\n", Path("deck.md"))


@pytest.mark.parametrize("expression", [r"(a)\1", "(?=a)b", "(?:(?:a{99}){99}){99}", "(", "[\ud800"])
def test_what_re2_has_not_is_said(expression: str) -> None:
    with ends_soon(), pytest.raises(ValueError, match="RE2"):
        linear(expression)


def test_variables_can_not_fill_the_memory() -> None:
    text = f"---\ntemplate: true\nx: {'a' * 60000}\n---\n\n" + "{{ x }}\n" * 100_000
    with ends_soon(), pytest.raises(DeckError, match="characters"):
        parse_deck(text, Path("deck.md"))
    assert LARGEST > 60000


HEADER = '{"version": 2, "width": 80, "height": 24}'


@pytest.mark.parametrize(
    "text",
    [
        '{"version": 2, "width": 20000, "height": 20000}',
        '{"version": 2, "width": 0, "height": 24}',
        '{"version": 2, "width": 1e999, "height": 24}',
        '{"version": 2, "width": ' + "9" * 5000 + ', "height": 24}',
        '{"version": 2, "width": "80", "height": 24}',
        "[" * 100_000,
        f'{HEADER}\n[1e999, "o", "x"]',
        f'{HEADER}\n[NaN, "o", "x"]',
        f'{HEADER}\n[-1, "o", "x"]',
        f'{HEADER}\n[1, "o", "\\ud800"]',
        f'{HEADER}\n[1, "o", ["x"]]',
        f"{HEADER}\n" + "[" * 100_000,
        f"{HEADER}\n" + '[0, "o", "x"]\n' * 400_000,
        f"{HEADER}\n" + '[0, "m", "x"]\n' * 2000,
    ],
)
def test_a_cast_that_can_not_be_shown_is_refused(text: str) -> None:
    with ends_soon(), pytest.raises(CastError, match="line"):
        parse_cast(text)


@pytest.mark.parametrize(
    "chunk",
    ["a line of output that is long\r\n" * 100, "x" * 4000, "\x1b[31mred\x1b[0m\x1b[5;5H\x1b[2J" * 100]
    + ["\x1bP", "\x1b[", "\x1b]0;", "\x1b[?1049h", "\x1b[1;1H\r\n", "\x9b", "\x1b[99999999999999999999C", "\x08"],
)
def test_ten_megabytes_of_output_are_drawn_soon(chunk: str) -> None:
    count = 10_000_000 // max(len(chunk), 2000)
    data = chunk * (1 if len(chunk) > 1000 else 2000 // len(chunk))
    cast = parse_cast("\n".join([HEADER, *([json.dumps([0, "m", "x"])]), *([json.dumps([0, "o", data])] * count)]))
    with ends_soon():
        assert footprint(cast).rows <= 24
        transcript(cast)
        format_cast(cast)


def test_of_a_flood_the_beginning_and_the_end_are_kept_as_it_comes() -> None:
    flood = (Event(number / 1000, "o", f"{number:09}\r\n") for number in range(1_000_000))
    events = [Event(0, "o", "<mark>"), *streamed(flood, ["<mark>"]), Event(1000, "o", "<mark>")]
    text = "".join(event.data for event in events)
    assert len(text) < LIMIT and "000000000" in text and "000999999" in text
    assert "10." in text and "MB of output are left out" in text


def test_between_two_marks_all_is_kept_that_fits() -> None:
    events = [Event(0, "o", data) for data in ("$ ", "\x1b]1", "33;D", "x" * 1000, "\x1b]133;A", "y" * 1000)]
    assert streamed(events, ["\x1b]133;"]) == events


def test_marks_without_end_are_refused() -> None:
    with pytest.raises(CastError, match="MiB"):
        streamed((Event(0, "o", "<mark>" + "x" * 5000) for _ in range(10_000)), ["<mark>"])


@pytest.mark.parametrize("text", ["eyJ-" * 100_000, "sk-" * 100_000, "-----BEGIN A " * 50_000, "glpat-" * 50_000])
def test_looking_for_keys_in_output_ends(text: str) -> None:
    with ends_soon():
        what_leaks(RecordedCommand("$ ", ("x\r\n",), (Event(0, "o", text),), 1.0, 0), {})


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"version": 1e999, "blocks": {}}',
        '{"version": ' + "9" * 5000 + "}",
        '{"version": 2, "blocks": []}',
        '{"version": 2, "blocks": {"a": 1}}',
        '{"version": "2", "blocks": {}}',
        "[]",
        "null",
        "\x00",
        '{"version": 2, "blocks": {"a-1": {"key": "\\ud800", "own": "", "machine": "", "tools": {}, "commands": []}}}',
        '{"version": 2, "blocks": {"a-1": {"key": "", "own": "", "machine": "", "tools": {}, "commands": ['
        '{"command": "x", "status": 1e999, "seconds": 1}]}}}',
        '{"version": 2, "blocks": {"a-1": {"key": "", "own": "", "machine": "", "tools": {}, "commands": ['
        '{"command": "x", "status": 0, "seconds": NaN}]}}}',
    ],
)
def test_an_index_that_is_none_is_an_error_with_its_path(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.json").write_text(text)
    with ends_soon(), pytest.raises(RecordingError) as caught:
        Recordings(tmp_path)
    assert caught.value.problem.path == tmp_path / "index.json"


def test_an_index_of_git_whose_names_grow_is_not_unpacked(tmp_path: Path) -> None:
    entry = bytes(40) + bytes(20) + b"\0\xff\0" + b"a" * 30 + b"\0"  # of version 4: 30 letters more than the one before
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/index").write_bytes(b"DIRC\0\0\0\4" + (20_000).to_bytes(4, "big") + entry * 20_000)
    (tmp_path / ".env").write_text("TOKEN=123456\n")
    with ends_soon(), pytest.raises(WorkspaceError, match="git's index can't be read: a name is too long"):
        find_secrets(parse_deck("---\nsecrets: [TOKEN]\n---\n", Path("deck.md")), Workspace(tmp_path))


@pytest.mark.parametrize(
    "text", ["[", "![", "^[", "[^", "[a](", "*a **a ", "`a``b```", "<!-- ", "&#", "{.a}", "$a", "> "]
)
def test_a_paragraph_that_opens_without_end_ends(text: str) -> None:
    with ends_soon():
        parse_deck("# A\n\n" + text * 8000, Path("deck.md"))


def test_a_paragraph_with_too_many_brackets_is_told_with_its_line() -> None:
    deck = parse_deck("# A\n\n" + "[" * 600, Path("deck.md"))
    assert [(problem.code, problem.line) for problem in deck.problems] == [("unsupported", 3)]


@pytest.mark.parametrize(("language", "code"), [("perl", "s{"), ("cpp", 'R"('), ("xml", "<![CDATA["), ("json", "[")])
def test_code_that_a_lexer_is_never_done_with_is_shown_without_colours(language: str, code: str) -> None:
    with ends_soon():
        assert highlighted_lines(code * 20_000, language)


def test_a_machine_s_files_have_a_size_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("castdeck.machine.qemu.definition._MOST_TOGETHER", 20)
    below = {"files": {"/a": {"text": "x" * 15}}}
    assert find_definition("below", {"below": below}, tmp_path)
    with pytest.raises(WorkspaceError, match="files: with /b they are larger than"):
        find_definition("m", {"below": below, "m": {"from": "below", "files": {"/b": {"text": "x" * 15}}}}, tmp_path)


def test_a_chain_of_machines_ends() -> None:
    tables = {f"m{number}": {"from": f"m{number + 1}"} for number in range(2000)} | {"m2000": {}}
    with ends_soon(), pytest.raises(WorkspaceError, match="more than"):
        find_definition("m0", tables)


@pytest.mark.parametrize(
    ("sizes", "said"), [((600,), "more than 512 MiB in one file"), ((1024,) * 5, "larger than 4 GiB")]
)
def test_what_is_published_has_a_limit_together(tmp_path: Path, cli: Cli, sizes: tuple[int, ...], said: str) -> None:
    for number, size in enumerate(sizes):
        (tmp_path / f"{number}.mp4").touch()
        os.truncate(tmp_path / f"{number}.mp4", size << 20)  # a hole, which takes no room
    (tmp_path / "deck.md").write_text("# A\n\n" + "".join(f"![film]({number}.mp4)\n" for number in range(len(sizes))))
    done = cli("export", "deck.md", "--single-file")
    assert done.status == 2 and said in done.err, done.err


def test_a_picture_that_is_shown_often_has_a_limit_too(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "a.png").write_bytes(b"x" * (8 << 20))
    (tmp_path / "deck.md").write_text("# A\n\n" + "![a](a.png)\n" * 100)
    done = cli("export", "deck.md", "--single-file")
    assert done.status == 2 and "512 MiB" in done.err, done.err


def test_what_a_file_holds_counts_and_not_the_size_that_it_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("castdeck.export.single_file.MOST_INSIDE", 10)
    files: dict[str, str | Path] = {
        "index.html": '<img src="x.png">',
        "x.png": Path("/proc/self/status").resolve(),
    }  # of size 0
    with pytest.raises(WorkspaceError, match="in one file"):
        single_file(files)


def test_build_tells_of_a_recording_that_is_too_large_with_its_line(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "deck.md").write_text("# A {#a}\n\n```bash\necho one\n```\n")
    (tmp_path / "casts").mkdir()
    header = '{"version": 2, "width": 80, "height": 24}\n'
    (tmp_path / "casts/a-1.cast").write_text(header + '[0.1, "o", "x"]\n' * 300_001)
    done = cli("build", "deck.md", "--no-record", "--recordings", "casts")
    assert "a-1.cast:300000: warning: the recording can't be shown: more than 300000 events" in done.err


REPEATED = [
    "<!--" * 10_000,
    "$$\n" * 10_000,
    "- [ ] a\n" * 4000,
    'a <!-- .element: class="a" -->' * 8000,
    ".left[\n" * 4000,
    "```bash\n" + "<" * 50_000 + "\n```\n",
    "```bash\n" + "true && " * 1200 + "true\n```\n",
    "```bash\n" + "if true; then " * 2000 + "fi;" * 2000 + "\n```\n",
    "```console\n" + "$ cat <<E\n> b\n" * 500 + "```\n",
    "a\n---\n" * 16_000,
    "---\ntypography: true\n---\n\n" + "\"a' -- " * 8000,
]
SELDOM_REPEATED = [
    "---\n\n# a\n" * 4000,
    "---\na: 1\n---\n" * 2000,
    "- [ ] a\n\n" * 4000,
    "term\n: a\n: b\n" * 4000,
    "```qr\na\n```\n" * 4000,
    "\n---\nname: a\ntemplate: a\n\n# a\n" * 1000,
    "layout: true\n\n" + "# a\n" * 2000 + "\n---\n\nb\n" * 1000,
    "layout: true\nlong: " + "a" * 4500 + "\n\n" + "{{long}}\n" * 50 + "\n---\n\nb\n" * 500,
    "[^a]: " + "*a* " * 2000 + "\n\n" + "---\n\n[^a]\n\n" * 2000,
    "```bash\n" + "a|" * 10_000 + "\n```\n",
    "```bash\n" + "<div>" * 20_000 + "\n```\n",
    "```bash\n" + "# a\n" * 20_000 + "\n```\n",
    ("```bash\n" + "a=(" * 1000 + "\n```\n") * 10,
    "```python [" + "|1-9999" * 10_000 + "]\n" + "a\n" * 4999 + "```\n",
]


@pytest.mark.parametrize(
    "text",
    [*REPEATED, *(pytest.param(text, marks=SELDOM) for text in SELDOM_REPEATED)],
    ids=lambda text: repr(text[:12] + text[-24:-12]),
)
def test_a_text_that_repeats_itself_takes_time_with_its_length(text: str) -> None:
    began = time.process_time()
    deck = parse_deck(text, Path("deck.md"))
    list(text_problems(deck, DeckText(text), 80))
    page = render_deck(deck, {}, Theme("folio", "")).html
    assert time.process_time() - began < 6  # 0.3 to 1.5 s; it was a minute and more
    assert len(page) < 40 << 20


def test_what_multiplies_is_told_at_its_line() -> None:
    layouts = "layout: true\n\n" + "# a\n" * 4000 + "\n---\n\nb\n" * 20
    deck = parse_deck(layouts, Path("deck.md"))
    assert [(one.line, "layouts" in one.message) for one in deck.problems if one.code == "unsupported"] == [
        (4029, True)
    ]
    assert len(deck.slides) == 20
    codes = parse_deck("# A\n\n" + "```qr\na\n```\n" * 300, Path("deck.md"))
    assert [(one.line, one.code) for one in codes.problems] == [(603, "unsupported")]


def test_files_that_include_each_other_often_end(tmp_path: Path) -> None:
    files = {Path(f"{number}.md"): f"include: {number + 1}.md\n\n" * 3 for number in range(18)}

    def read(path: Path) -> str:
        return files.get(Path(path.name), "words\n")

    with ends_soon():
        deck = parse_deck("# A\n\ninclude: 0.md\n", tmp_path / "deck.md", read)
    assert any("the deck includes more than 500 files" in problem.message for problem in deck.problems)


def test_files_that_are_included_have_a_size_together(tmp_path: Path) -> None:
    with ends_soon():
        deck = parse_deck("# A\n\n" + "include: 0.md\n\n" * 20, tmp_path / "deck.md", lambda path: "words\n" * 60_000)
    assert any("includes have more than" in problem.message for problem in deck.problems)


@pytest.mark.parametrize("info", ["[{}]", "[1-{}]", "[1|{}]", "[{}: 1]", "{{startFrom={}}}", "{{fragment-index={}}}"])
@pytest.mark.parametrize("number", ["9" * 5000, "9" * 400, "\u0663" * 30])
def test_a_number_of_any_length_is_no_fault(info: str, number: str) -> None:
    deck = parse_deck(f"# A\n\n```python {info.format(number)}\na\n```\n", Path("deck.md"))
    with ends_soon():
        render_deck(deck, {}, Theme("folio", ""))


@pytest.mark.parametrize("name", ["exit", "cols", "rows", "timeout", "idle", "speed"])
def test_a_number_that_is_too_large_is_told(name: str) -> None:
    deck = parse_deck(f"# A\n\n```bash {{{name}={'9' * 5000}}}\ntrue\n```\n", Path("deck.md"))
    assert [(problem.line, problem.code) for problem in deck.problems] == [(3, "invalid-attribute")]


def test_themes_that_stand_on_each_other_without_end_are_told(tmp_path: Path) -> None:
    for number in range(300):
        folder = tmp_path / f"t{number}"
        folder.mkdir()
        (folder / "theme.css").touch()
        (folder / "theme.toml").write_text(f'base = "t{number + 1}"\n')
    with ends_soon(), pytest.raises(WorkspaceError, match="themes are based on each other") as caught:
        load_theme("t0", [tmp_path])
    assert caught.value.problem.path == tmp_path / f"t{MOST_BASES}/theme.toml"


@pytest.fixture
def deep_folders(tmp_path: Path) -> Iterator[Path]:
    """Folders in folders, 1,100 deep, with a deck in every hundredth.

    `rm` removes them: pytest's own clearing away of old folders, days later, ends with a RecursionError in them.
    """
    docs, hundred = tmp_path / "docs", tmp_path / "/".join("d" * 100)
    for number in range(11):  # more than Python's recursion may be deep
        hundred.mkdir(parents=True)
        (hundred / f"{number}.md").write_text("# A\n\n```bash\ntrue\n```\n")
        if number:
            docs.rename(hundred / "d")
        (tmp_path / "d").rename(docs)
    yield docs
    subprocess.run(["rm", "-rf", docs], check=True)


def test_folders_in_folders_without_end_are_looked_through(deep_folders: Path, cli: Cli) -> None:
    done = cli("plan", deep_folders.name)
    assert done.status == 0 and "Traceback" not in done.err, done.err
    assert "0.md" in done.out


def test_a_flood_of_test_patterns_is_not_drawn() -> None:
    cast = Cast(300, 100, (Event(0.1, "o", "\x1b#8" * 20_000 + "done"),))
    began = time.process_time()
    assert footprint(cast).rows <= 100
    assert time.process_time() - began < 5  # it was minutes


@pytest.mark.parametrize(
    ("first", "flood"),
    [
        ("\x1b[99;100r\x1b[100;1H", "\n"),  # a region of two rows that scrolls: 84 s
        ("\x1b[1;50r\x1b[50;1H", "x\n"),
        ("\x1b[H", "\x1bM\n"),
        ("\x1b[H", "\x1b[L\n"),
        ("\x1b[H", "\x1b[M"),
        ("\x1b[H", "\x1b[2@"),
        ("\x1b[H", "\x1b[2P"),
        ("\x1b[4h\x1b[H", "x"),
        ("\x1b[H", "\x1b[1K"),
        ("", "\x1b[?5h\x1b[?5l"),
        ("a", "\u0301"),
        ("", "\x1b[?1049h\x1b[100;1H\n\n\n"),
    ],
)
def test_a_flood_that_moves_what_is_on_the_screen_is_drawn_in_time_with_its_length(first: str, flood: str) -> None:
    full = "\r\n".join(["x" * 300] * 100)

    def seconds(length: int) -> float:
        cast = Cast(300, 100, (Event(0.1, "o", full + first + flood * (length // len(flood))),))
        began = time.process_time()
        assert footprint(cast).rows <= 100
        return time.process_time() - began

    assert seconds(32_000) < 4 * seconds(16_000) + 0.5 < 20


def test_many_commands_that_draw_are_shown_soon() -> None:
    flood = "line of text\x08x\r\n" * 4000
    shown = [[0, "o", "$ "]]
    for second in range(100):
        shown += [[second, "m", "echo"], [second, "i", "echo\r"], [second, "o", "echo\r\n"], [second, "o", flood]]
        shown += [[second + 0.9, "o", "\r\n$ "]]
    cast = parse_cast("\n".join([HEADER, *map(json.dumps, shown)]))
    deck = parse_deck("# A {#a}\n\n```bash\n" + "echo\n" * 100 + "```\n", Path("deck.md"))
    with ends_soon():  # it was minutes
        assert 'data-block="a-1"' in render_deck(deck, {"a-1": cast}, Theme("plain", "")).html


@pytest.mark.parametrize("flood", ["\x1b[H\x1b[2P" * 3000, "one \x1b[31mred\x1b[m line\r\n" * 100])
def test_the_screens_after_many_commands_are_drawn_soon(flood: str) -> None:
    events = [Event(second / 10, "o", flood) for second in range(200)]
    with ends_soon():  # it was minutes: each screen was drawn from the beginning
        screens = screens_html(Cast(100, 30, tuple(events)), [event.time for event in events])
    assert len(screens) == 200


@pytest.mark.parametrize(
    ("events", "commands"),
    [
        ([Event(0, "m", "echo"), *(Event(1, "o", "x" * 100) for _ in range(100_000))], 1),
        ([*(Event(0, "i", "x") for _ in range(200_000)), *[Event(1, "m", "echo")] * 1000], 1000),
    ],
    ids=["output in small pieces", "markers far behind all output"],
)
def test_a_recording_of_many_events_is_shown_soon(events: list[Event], commands: int) -> None:
    cast = Cast(80, 24, (Event(0, "o", "$ "), *events))
    deck = parse_deck("# A {#a}\n\n```bash\n" + "echo\n" * commands + "```\n", Path("deck.md"))
    with ends_soon():  # each piece was added to a text of all before it; each marker looked back to the beginning
        assert 'data-block="a-1"' in render_deck(deck, {"a-1": cast}, Theme("plain", "")).html


def test_a_long_output_keeps_its_lines_in_a_tall_screen() -> None:
    lines = [f"line {number}" for number in range(3000)]
    terminal = VirtualTerminal(80, 100, kept=3000)
    terminal.feed("\r\n".join(lines))
    assert [line.rstrip() for line in (*terminal.gone, *terminal.lines)] == lines


@pytest.mark.parametrize(
    "erasure",
    ["\x1b[2J", *(pytest.param(one, marks=SELDOM) for one in ("\x1b[H\x1b[2J", "\x1b[41m\x1b[2J", "\x1b[3J"))],
)
def test_a_flood_of_erasures_visits_each_letter_once(erasure: str) -> None:
    full = "\r\n".join(["x" * 300] * 100)
    cast = Cast(300, 100, (Event(0.1, "o", full + erasure * (60_000 // len(erasure)) + "done"),))
    began = time.process_time()
    assert footprint(cast).rows <= 100
    assert time.process_time() - began < 5
