"""Every verb ends at once, whatever it does just then, and leaves nothing behind: a table of moments and signals."""

import os
import signal
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from castdeck.deck import parse_deck
from castdeck.record.lock import only_recorder
from castdeck.record.order import Order
from castdeck.record.settings import settings_of
from castdeck.record.store import Recordings
from castdeck.workspace import cache_folder, find_deck, find_workspace
from tests.record.made import record_all
from tests.terminal.conftest import Open
from tests.terminal.emulated import Terminal

_ENDS_WITHIN = 20.0  # seconds; it is 2 on a computer that has nothing else to do
_CACHE = str(cache_folder())  # before a test has one of its own
CTRL_C, CTRL_BACKSLASH = "\x03", "\x1c"
SLOW = "# A {#a}\n\n```bash\nsleep 300\n```\n\n```bash\necho two\n```\n"
IN_VM = f"---\nmachine: docker\n---\n\n{SLOW}"
MANY = "# A {#a}\n\n" + "\n\n---\n\n".join(f"## Slide {number}\n\n- some text" for number in range(200))
WHATS_KEPT = "interrupted: all that was recorded before is kept"
INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Moment:
    """A command, the deck that it finds, what the screen shows when it is time for the signal, and what is said then.

    `recorded` is a deck whose recordings are there; `is_locked`: another castdeck records just now.
    """

    command: str
    shown: str
    said: str
    deck: str = SLOW
    recorded: str = ""
    is_locked: bool = False
    cache: str = ""


RECORDS = Moment("castdeck record deck.md", r"a-1 +1 of 2 +sleep 300", WHATS_KEPT)
SERVES = Moment("castdeck serve deck.md --port 0", "Ctrl-C ends the preview", "The preview has ended.")
WORKSPACE = """default_machine = "local"
[machine.other]
kind = "ssh"
host = "nowhere"
[machine.docker]
packages = ["docker.io", "docker-registry", "iptables", "apparmor", "curl", "ca-certificates"]
images = ["debian", "hello-world"]
memory = 1024
[machine.small] # on the same disk
packages = ["docker.io", "docker-registry", "iptables", "apparmor", "curl", "ca-certificates"]
images = ["debian", "hello-world"]
memory = 896
[machine.empty]
packages = []
"""
MOMENTS = {
    "a block is recorded": RECORDS,
    "the preview runs": SERVES,
    "a presentation runs": Moment(
        "castdeck present deck.md --port 0", "Ctrl-C ends the presentation", "The presentation has ended."
    ),
    "trust is asked for": Moment("castdeck trust deck.md", r"Trust them\? \[y/N\]", ""),
    "the deck is built": Moment("castdeck build deck.md", r"a-1 +1 of 2 +sleep 300", WHATS_KEPT),
    "a block is verified": Moment("castdeck verify deck.md", r"a-1 +1 of 2 +sleep 300", INTERRUPTED, recorded=SLOW),
    "a block is run again": Moment(
        "castdeck record deck.md", "running a-1 again", WHATS_KEPT, SLOW.replace("two", "changed"), recorded=SLOW
    ),
    "a question stands": Moment("castdeck machine allow other", r"Allow it\? \[y/N\]", ""),
    "another castdeck records": Moment(
        "castdeck record deck.md", "waiting for another castdeck", INTERRUPTED, is_locked=True
    ),
}
RARE_MOMENTS = ("a block is run again", "a question stands", "another castdeck records")
IN_A_BROWSER = {
    "slides are measured": Moment("castdeck check deck.md", "checking course", INTERRUPTED, MANY),
    "a PDF is made": Moment("castdeck export deck.md --pdf", r"writing course\.pdf", INTERRUPTED, MANY),
}
IN_A_MACHINE = {
    "a machine is thawed": Moment("castdeck record deck.md", "starting the machine", WHATS_KEPT, IN_VM, cache=_CACHE),
    "a block runs": Moment("castdeck record deck.md", r"a-1 +1 of 2 +sleep 300", WHATS_KEPT, IN_VM, cache=_CACHE),
    "a block is run again": Moment(
        "castdeck record deck.md",
        "running a-1 again",
        WHATS_KEPT,
        IN_VM.replace("two", "changed"),
        recorded=IN_VM,
        cache=_CACHE,
    ),
    "a block is verified": Moment(
        "castdeck verify deck.md", r"a-1 +1 of 2 +sleep 300", INTERRUPTED, IN_VM, recorded=IN_VM, cache=_CACHE
    ),
    "a state is kept": Moment(
        "castdeck record deck.md",
        "keeping the machine's state",
        WHATS_KEPT,
        IN_VM.replace("sleep 300", "sleep 17"),
        cache=_CACHE,
    ),
    "packages are installed": Moment("castdeck machine build empty", "installing the guest's packages", INTERRUPTED),
    "a machine boots for the first time": Moment(
        "castdeck machine build small", "booting the machine", INTERRUPTED, cache=_CACHE
    ),
}
FREEZES = Moment("castdeck machine build small", "saving the machine's snapshot", INTERRUPTED, cache=_CACHE)
SIGNALS: dict[str, tuple[int, Callable[[Terminal], None]]] = {
    "Ctrl-C": (signal.SIGINT, lambda terminal: terminal.type(CTRL_C)),
    "SIGTERM": (signal.SIGTERM, lambda terminal: terminal.send_signal(signal.SIGTERM)),
    "SIGHUP": (signal.SIGHUP, lambda terminal: terminal.send_signal(signal.SIGHUP)),
    "Ctrl-C twice": (signal.SIGINT, lambda terminal: terminal.type(CTRL_C * 2)),
    "Ctrl-\\": (signal.SIGQUIT, lambda terminal: terminal.type(CTRL_BACKSLASH)),
}


def rows(moments: Mapping[str, Moment], always: Collection[str], seldom: Collection[str] = ()) -> list[ParameterSet]:
    """Each moment with each signal. Slow are the signals that are not in `always`, and the moments in `seldom`."""
    slow = pytest.mark.slow(
        "builder/castdeck/cli/", "builder/castdeck/cancellation.py", "builder/castdeck/record", "tests/terminal/"
    )
    return [
        pytest.param(moment, sent, marks=() if sent in always and name not in seldom else slow, id=f"{name}: {sent}")
        for name, moment in moments.items()
        for sent in SIGNALS
    ]


@pytest.fixture
def ends(
    place: Path, temporary: Path, open_terminal: Open, record_property: Callable[[str, object], None]
) -> Callable[[Moment, str], None]:
    """ends(moment, signal) checks that all ends, and nothing is left. The report of the tests has the seconds."""

    def run(moment: Moment, sent: str) -> None:
        number, send = SIGNALS[sent]
        (place / "castdeck.toml").write_text(WORKSPACE)
        workspace = find_workspace(place)
        (place / "deck.md").write_text(moment.deck)
        recordings = find_deck(str(place / "deck.md"), workspace).recordings
        if moment.recorded:
            parsed = parse_deck(moment.recorded, Path("deck.md"))
            record_all(Order(parsed, Recordings(recordings), settings_of(parsed, workspace)))
        cache = Path(moment.cache or os.environ["CASTDECK_CACHE"])
        leaves = partial(left_behind, temporary, cache, emulators=bool(moment.cache))
        there = leaves()
        terminal = open_terminal(CASTDECK_CACHE=str(cache))
        before = terminal.run("stty -a")
        with only_recorder(recordings, cache_folder(), lambda: None) if moment.is_locked else nullcontext():
            terminal.type(f"{moment.command}\r")
            terminal.wait_for_text(moment.shown, 400)
            send(terminal)
            seconds = terminal.wait_for_prompt(90)
        record_property("seconds", round(seconds, 2))
        assert terminal.is_cursor_shown
        screen = "\n".join(terminal.all_lines())
        assert terminal.run("echo $?") == [str(128 + number)]
        assert terminal.run("stty -a") == before
        assert "Traceback" not in screen and "failed" not in screen
        assert moment.said in screen
        assert leaves() - there == set()
        assert seconds < _ENDS_WITHIN

    return run


Ends = Callable[[Moment, str], None]


@pytest.mark.parametrize(("moment", "sent"), rows(MOMENTS, ("Ctrl-C",), seldom=RARE_MOMENTS))
def test_a_signal_ends_each_verb_at_each_moment(ends: Ends, moment: Moment, sent: str) -> None:
    ends(moment, sent)


@pytest.mark.browser
@pytest.mark.parametrize(("moment", "sent"), rows(IN_A_BROWSER, ("Ctrl-C",)))
def test_a_signal_ends_what_uses_a_browser(ends: Ends, moment: Moment, sent: str) -> None:
    ends(moment, sent)


@pytest.mark.vm
@pytest.mark.timeout(400)
@pytest.mark.parametrize(("moment", "sent"), rows(IN_A_MACHINE, ("Ctrl-C",), seldom={*MOMENTS, "a state is kept"}))
def test_a_signal_ends_what_a_virtual_machine_does(ends: Ends, moment: Moment, sent: str) -> None:
    ends(moment, sent)


@pytest.mark.vm
@pytest.mark.timeout(600)
@pytest.mark.slow("builder/castdeck/cli/", "builder/castdeck/machine/qemu/golden.py")
@pytest.mark.parametrize("sent", ["Ctrl-C", "SIGTERM"])
def test_a_signal_ends_a_machine_that_is_frozen(ends: Ends, sent: str) -> None:
    ends(FREEZES, sent)


def test_a_shell_sees_an_interrupt_and_takes_no_other_way(place: Path, open_terminal: Open) -> None:
    (place / "deck.md").write_text(SLOW)
    terminal = open_terminal()
    (place / "script").write_text("if castdeck record deck.md; then echo well; else echo otherwise; fi\n")
    terminal.type("bash script\r")
    terminal.wait_for_text("sleep 300")
    terminal.type(CTRL_C)
    terminal.wait_for_prompt()
    assert "otherwise" not in terminal.all_lines() and "well" not in terminal.all_lines()


def test_no_answer_to_a_question_says_how_to_do_without(place: Path, open_terminal: Open) -> None:
    printed = open_terminal().run("castdeck machine allow other </dev/null; echo $?")
    assert printed[-2:] == ["  give --yes to agree", "1"]


def test_what_a_killed_castdeck_leaves_is_removed_by_the_next(
    place: Path, temporary: Path, open_terminal: Open
) -> None:
    (place / "deck.md").write_text(SLOW)
    terminal = open_terminal()
    terminal.type("castdeck record deck.md\r")
    terminal.wait_for_text("sleep 300")
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_for_text("Killed")
    terminal.type("clear\r")
    terminal.wait_for_prompt()
    (left,) = temporary.iterdir()
    (temporary / "castdeck-run-of-somebody").mkdir()
    terminal.run("castdeck --version")
    assert [path.name for path in temporary.iterdir()] == ["castdeck-run-of-somebody"]


def test_a_folder_in_use_is_left_to_its_process(place: Path, temporary: Path, open_terminal: Open) -> None:
    (place / "deck.md").write_text(SLOW)
    terminal = open_terminal()
    terminal.type("castdeck record deck.md\r")
    terminal.wait_for_text("sleep 300")
    there = list(temporary.iterdir())
    open_terminal().run("castdeck --version")
    assert list(temporary.iterdir()) == there


def left_behind(temporary: Path, cache: Path, *, emulators: bool) -> set[str]:
    """Temporary files, run folders, halves of machines, processes started in the terminal, the cache's emulators."""
    halves = [*cache.glob("machines/*.part"), *cache.glob("machines/*/*.part")]
    files = {str(path) for path in [*temporary.iterdir(), *cache.glob("run/*"), *halves]}
    return files | {
        command for command in started_with(temporary, cache if emulators else None) if "bash --norc" not in command
    }


def started_with(temporary: Path, cache: Path | None) -> Iterator[str]:
    """The commands of processes whose temporary files were in `temporary` at first, and of a cache's emulators."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                is_ours = f"TMPDIR={temporary}".encode() in (entry / "environ").read_bytes()
                is_emulator = (
                    cache and command.startswith("qemu-system") and (entry / "cwd").readlink().is_relative_to(cache)
                )
                if is_ours or is_emulator:
                    yield f"{entry.name} {command}"
