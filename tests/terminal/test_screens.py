"""What a person sees: whole screens, kept as text in `screens/`. CASTDECK_REGENERATE=1 writes them anew."""

import os
import re
from pathlib import Path

import pytest

from tests.terminal.conftest import Open
from tests.terminal.emulated import Terminal

SCREENS = Path(__file__).parent / "screens"
DECK = """# One {#one}

```bash
echo one
```

```bash
mkdir missing/notes
```

```bash
ls missing/notes
```

```bash
echo "this line is long enough to be shortened in a terminal of 80 columns"; sleep 300
```
"""
SHORT = DECK.replace("; sleep 300", "")
SIZES = [(40, 16), (80, 24), (120, 40)]
SELDOM = pytest.mark.slow(
    "builder/castdeck/__main__.py", "builder/castdeck/cli", "builder/castdeck/faults.py", "tests/terminal"
)


def assert_shows(terminal: Terminal, name: str) -> None:
    """The screen is the one that is kept under that name, but for times and the test's folder."""
    text = "\n".join(terminal.lines()) + "\n"
    text = text[text.index("  course: ") :]
    text = re.sub(r"(?<=  )\d+\.\d s", "N s", text)
    text = re.sub(r"\d+(?= s$)", lambda found: "N".rjust(len(found[0])), text, flags=re.MULTILINE)
    text = re.sub(r"[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", "⠋", text)
    kept = SCREENS / f"{name}.txt"
    if os.environ.get("CASTDECK_REGENERATE"):
        SCREENS.mkdir(exist_ok=True)
        kept.write_text(text)
    assert text == kept.read_text()


@pytest.mark.parametrize(("cols", "rows"), SIZES)
def test_while_a_deck_is_recorded(place: Path, open_terminal: Open, cols: int, rows: int) -> None:
    (place / "deck.md").write_text(DECK)
    terminal = open_terminal(cols, rows)
    terminal.type("castdeck record deck.md\r")
    terminal.wait_for_text("one-4 +4 of 4" + " +echo" * (cols > 60))
    terminal.wait_for_text("2 of 4 blocks done")
    assert not terminal.is_cursor_shown
    assert_shows(terminal, f"recording-{cols}x{rows}")


def test_a_window_that_changes_its_width_keeps_its_rows(place: Path, open_terminal: Open) -> None:
    (place / "deck.md").write_text(DECK)
    terminal = open_terminal(100, 30)
    terminal.type("castdeck record deck.md\r")
    terminal.wait_for_text("2 of 4 blocks done")
    terminal.resize(60, 30)
    terminal.wait_for_text(r"one-4 +4 of 4 .*… +\d+ s")
    shown = "\n".join(terminal.lines())
    assert shown.count("4 of 4") == shown.count("blocks done") == 1


@pytest.mark.parametrize("command", ["TERM=dumb castdeck record deck.md", "castdeck record deck.md --plain"])
def test_lines_alone_where_nothing_can_be_drawn_again(place: Path, open_terminal: Open, command: str) -> None:
    (place / "deck.md").write_text(SHORT)
    terminal = open_terminal(100, 40)
    printed = terminal.run(command)
    assert "\x1b[?25l" not in terminal.written.decode()
    assert [re.sub(r"\d+\.\d s", "N s", line) for line in printed if line.startswith("  course: ")] == [
        "  course: starting the machine",
        "  course: one-1 (1 of 4)",
        "  course: recorded one-1  N s",
        "  course: one-2 (2 of 4)",
        "  course: failed one-2  N s",
        "  course: this machine can't keep its state: the blocks before are all run again",
        "  course: starting the machine",
        "  course: running one-1 again (4 of 4)",
        "  course: one-4 (4 of 4)",
        "  course: recorded one-4  N s",
    ]


def test_ctrl_z_gives_the_terminal_back_and_fg_goes_on(place: Path, open_terminal: Open) -> None:
    (place / "deck.md").write_text(DECK)
    terminal = open_terminal(100, 30)
    terminal.type("castdeck record deck.md\r")
    terminal.wait_for_text("2 of 4 blocks done")
    terminal.type("\x1a")
    terminal.wait_for_prompt()
    assert terminal.is_cursor_shown
    assert "blocks done" not in "\n".join(terminal.lines())
    terminal.type("fg\r")
    terminal.wait_for_text("2 of 4 blocks done")
    assert not terminal.is_cursor_shown


@pytest.mark.parametrize(
    "end",
    [
        "| head -1",
        ">/dev/null 2>/dev/full",
        *(pytest.param(end, marks=SELDOM) for end in ("| cat", ">&-", "2>&-", "<&-")),
    ],
)
def test_no_stream_that_is_closed_or_full_is_a_traceback(place: Path, open_terminal: Open, end: str) -> None:
    (place / "deck.md").write_text("# One\n")
    terminal = open_terminal(100, 30)
    for command in ("castdeck check deck.md --no-browser", "castdeck build deck.md"):
        printed = terminal.run(f"{command} {end}; echo $?")
        assert "Traceback" not in "\n".join(printed) and printed[-1] in ("0", "141")


def test_results_that_can_not_be_written_are_an_error(place: Path, open_terminal: Open) -> None:
    (place / "deck.md").write_text("# One\n")
    printed = open_terminal().run("castdeck build deck.md >/dev/full; echo $?")
    assert printed[-2:] == ["error: the results can't be written to standard output: No space left on device", "1"]


def test_a_recording_does_not_need_the_terminal_s_locale(place: Path, open_terminal: Open) -> None:
    (place / "deck.md").write_text("# One {#one}\n\n```bash\necho é\n```\n")
    printed = open_terminal(100, 30, LC_ALL="C").run("castdeck record deck.md --plain; echo $?")
    assert printed[-1] == "0"
