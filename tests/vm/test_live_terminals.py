"""Live terminals of the Docker deck, on machines cloned from the states that its recordings were made in.

They come in the deck's order: each state that is made is kept, and the next one begins there.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_serve import get
from tests.emulators import emulators
from tests.terminals.preview import Page, Preview, serving

pytestmark = [pytest.mark.vm, pytest.mark.timeout(1800)]
_ROOT = Path(__file__).parents[2]
_LONG = 600.0  # seconds: where no state is kept, the deck is run up to the slide
_SLOW = pytest.mark.slow(
    *("builder/castdeck/terminals", "builder/castdeck/machine/clones.py", "builder/castdeck/machine/qemu"),
    "slides/docker",
)
_NAMES = "docker ps -a --format '{{.Names}} {{.Image}} {{.State}}' | grep horloge"


@pytest.fixture(scope="module")
def served() -> Iterator[Preview]:
    before = emulators()
    with serving(_ROOT, _ROOT / "slides/docker/deck.md", "docker") as found:
        yield found
    assert emulators() == before


def _taken(page: Page, line: str) -> str:
    page.patience = _LONG
    page.state("running")
    return page.asked(line)


@pytest.mark.parametrize(
    ("block", "line", "shown"),
    [
        ("hello-world-1", "docker ps -a --format '{{.Names}}'", "essai\r\n"),
        pytest.param(
            "os-release-1", "docker images --format '{{.Repository}}' | sort", "debian\r\nhello-world\r\n", marks=_SLOW
        ),
        pytest.param("ps-1", _NAMES, "horloge debian running\r\n", marks=_SLOW),
    ],
)
def test_other_slides_have_their_states(served: Preview, block: str, line: str, shown: str) -> None:
    with served.terminal(block, waits=False) as live:
        assert _taken(live, line) == shown


@_SLOW
def test_the_containers_are_those_of_the_recording_after_each_command(served: Preview) -> None:
    with served.terminal("stop-start-1", command=0, waits=False) as live:
        assert _taken(live, _NAMES) == "horloge debian running\r\n"
    with served.terminal("stop-start-1", command=1, waits=False) as live:
        assert _taken(live, _NAMES) == "horloge debian exited\r\n"
    with served.terminal("stop-start-1", waits=False) as live:
        assert _taken(live, _NAMES) == "horloge debian running\r\n"


def test_a_machine_whose_emulator_is_killed_is_told_and_the_others_run_on(served: Preview) -> None:
    before = set(emulators())
    with served.terminal("hello-world-1", waits=False) as killed:
        _taken(killed, "true")
        killed.until(lambda: len(set(emulators()) - before) == 1)  # another may load a state for a moment
        (mine,) = set(emulators()) - before
        with served.terminal("hello-world-1", waits=False) as other:
            _taken(other, "true")
            os.kill(mine, signal.SIGKILL)
            assert "has ended" in killed.state("ended")
            assert other.asked("echo fine") == "fine\r\n"


@_SLOW
def test_a_flood_and_a_fork_bomb_in_one_machine_leave_the_others_alone(served: Preview) -> None:
    with served.terminal("hello-world-1", waits=False) as bad, served.terminal("hello-world-1", waits=False) as good:
        _taken(bad, "true")
        _taken(good, "true")
        bad.type("bomb() { bomb | bomb & }; bomb; yes\r")
        bad.receive_until(b"y\r\ny\r\n")
        for _ in range(5):
            assert good.asked("echo fine") == "fine\r\n"


_HELLO = (
    "use IO::Socket::INET; $l = IO::Socket::INET->new(LocalPort => 8080, Listen => 5, ReuseAddr => 1);"
    "while ($c = $l->accept) {"
    " sysread $c, $x, 4096; print $c qq(HTTP/1.0 200 OK\\r\\n\\r\\nhello from inside\\n); close $c }"
)


@_SLOW  # in the sandbox: tests/terminals/test_ports.py
def test_a_page_that_a_machine_without_a_network_serves_is_shown(served: Preview) -> None:
    with served.terminal("hello-world-1", waits=False) as live:
        _taken(live, f"perl -e '{_HELLO}' >/dev/null 2>&1 &")
        live.until(lambda: 8080 in _ports(live)[1])
        at = _ports(live)[0]
        assert get(served.address, f"/{at}8080/")[:2] == (200, "hello from inside\n")
        assert _ports(live)[1] == [8080]  # and none of containerd's, or of castdeck's registry


def _ports(live: Page) -> tuple[str, list[int]]:
    live.say(b"d", {"do": "ports"})
    answer = live.answer()
    return answer["at"], answer["ports"]
