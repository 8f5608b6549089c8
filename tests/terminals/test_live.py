"""Live terminals of a preview over their own wire, on the machine `local`: no browser, no virtual machine."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.cli.test_serve import get
from tests.terminals.preview import Page as Terminal
from tests.terminals.preview import Preview, preview

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    with preview(tmp_path_factory.mktemp("deck")) as found:
        yield found


def test_the_state_is_that_of_the_slide_and_what_is_typed_runs(served: Preview) -> None:
    with served.terminal("two-1") as live:
        assert live.asked("cat greeting; echo $NAME") == "hello\r\nworld\r\n"


def test_before_the_first_command_of_a_slide_only_the_slides_before_it_have_run(served: Preview) -> None:
    with served.terminal("two-1", command=0) as live:
        assert live.asked("cat greeting; echo [$NAME]") == "hello\r\n[]\r\n"


def test_each_terminal_has_a_machine_of_its_own(served: Preview) -> None:
    with served.terminal("one-1") as one, served.terminal("one-1") as other:
        one.asked("echo changed >greeting")
        assert other.asked("cat greeting") == "hello\r\n"


def test_a_terminal_has_the_size_that_its_page_has(served: Preview) -> None:
    with served.terminal("one-1", cols=91, rows=17) as live:
        live.until(lambda: live.asked("stty size") == "17 91\r\n")
        live.say(b"r", {"cols": 120, "rows": 40})
        live.until(lambda: live.asked("stty size") == "40 120\r\n")


def test_a_flood_loses_nothing_and_stalls_nothing(served: Preview) -> None:
    size = 20_000_000
    with served.terminal("one-1") as live, served.terminal("two-1") as other:
        live.type(f"head -c {size} /dev/zero | tr '\\0' x; echo; echo the-e''nd\r")
        live.receive_until(b"the-end")
        assert other.asked("echo quick") == "quick\r\n"
        assert live.seen.count(b"x") >= size
        assert live.asked("echo still here") == "still here\r\n"


def test_a_page_that_reads_nothing_holds_its_own_machine_only(served: Preview) -> None:
    with served.terminal("one-1") as slow, served.terminal("two-1") as other:
        slow.acknowledges = False
        slow.type("yes\r")
        slow.receive_until(b"y\r\ny\r\n")
        for _ in range(5):
            assert other.asked("echo quick") == "quick\r\n"
        slow.acknowledge()
        slow.type("\x03")
        slow.acknowledges = True
        assert slow.asked("echo over").endswith("over\r\n")


def test_who_comes_back_goes_on_at_the_byte_where_they_were(served: Preview) -> None:
    with served.terminal("one-1") as live:
        live.type("for n in 1 2 3 4 5 6 7 8 9; do echo line-$n; sleep 0.2; done\r")
        live.receive_until(b"line-3")
        name, received = live.id, live.received
        live.socket.close()
        with served.terminal("one-1", id=name, since=received, ends=False) as again:
            again.receive_until(b"line-9\r\n")
            whole = bytes(live.seen + again.seen)
            assert re.findall(rb"line-(\d)\r\n", whole) == [b"%d" % n for n in range(1, 10)]
        with served.terminal("one-1", id=name) as reloaded:
            reloaded.receive_until(b"line-9\r\n")
            assert reloaded.asked("cat greeting") == "hello\r\n"


def test_another_page_that_takes_it_over_ends_the_first_ones_connection(served: Preview) -> None:
    with served.terminal("one-1") as live, served.terminal("one-1", id=live.id) as other:
        assert live.closed() == 4409
        assert other.asked("echo mine") == "mine\r\n"


def test_a_shell_that_ends_is_followed_by_another_and_a_machine_that_is_killed_is_told(served: Preview) -> None:
    with served.terminal("one-1") as live:
        live.type("exit\r")
        live.type("echo a''gain\r")
        live.receive_until(b"again")
        live.say(b"d", {"do": "end"})
        assert live.state("ended") == ""


def test_typed_commands_are_shown_as_a_diff_and_then_written(tmp_path: Path) -> None:
    with preview(tmp_path) as served, served.terminal("one-1") as live:
        before = served.deck.read_text()
        live.say(b"d", {"do": "keep", "commands": ["ls -l", "pwd"]})
        diff = live.answer()["diff"]
        assert "+ls -l" in diff.splitlines()
        assert served.deck.read_text() == before
        live.say(b"d", {"do": "write", "commands": ["ls -l", "pwd"], "diff": "another"})
        assert "changed meanwhile" in live.answer()["failed"]
        live.say(b"d", {"do": "write", "commands": ["ls -l", "pwd"], "diff": diff})
        live.answer()
        assert "\n```bash\nls -l\npwd\n```\n" in served.deck.read_text()


def test_commands_with_control_characters_are_not_put_into_a_deck(served: Preview) -> None:
    before = served.deck.read_text()
    with served.terminal("one-1") as live:
        live.say(b"d", {"do": "keep", "commands": ["echo \x1b]52;c;x\x07"]})
        assert "can't be put into a deck" in live.answer()["failed"]
    assert served.deck.read_text() == before


def test_a_session_is_saved_as_a_recording(served: Preview) -> None:
    with served.terminal("one-1") as live:
        live.asked("echo saved")
        live.say(b"d", {"do": "cast"})
        lines = [json.loads(line) for line in live.answer()["text"].splitlines()]
        assert lines[0]["version"] == 2
        text = "".join(event[2] for event in lines[1:])
        assert "echo saved" in text and "133;" not in text


def test_there_are_only_so_many_and_who_waits_is_told_their_place(tmp_path: Path) -> None:
    with preview(tmp_path) as served, ExitStack() as stack:
        pages = [stack.enter_context(served.terminal("one-1")) for _ in range(8)]
        first = stack.enter_context(served.terminal("one-1", waits=False))
        second = stack.enter_context(served.terminal("one-1", waits=False))
        second.until_told("number 2 in the queue")
        first.until_told("number 1 in the queue")
        pages[3].say(b"d", {"do": "end"})
        first.state("running")
        second.until_told("number 1 in the queue")
        assert first.asked("echo mine") == "mine\r\n"


def _refused(served: Preview, **given: object) -> bool:
    try:
        with served.connect(**given) as socket:  # type: ignore[arg-type]
            socket.recv(timeout=10)
            return False
    except (InvalidStatus, ConnectionClosed):
        return True


def test_other_sites_pages_get_no_terminal(served: Preview) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "file://"):
        assert _refused(served, origin=origin), origin
    assert _refused(served, headers={"Host": "evil.example"})


@pytest.mark.parametrize("token", ["", "x" * 24, "é", "\0"])
def test_without_the_pages_token_there_is_no_terminal(served: Preview, token: str) -> None:
    with served.terminal("one-1", token=token, waits=False) as live:
        assert live.closed() == 4403


def test_the_token_is_in_castdecks_own_page_only(served: Preview) -> None:
    status, page, _ = get(served.address)
    frame = re.search(r'data-address="([^"]+)"', page)
    assert status == 200 and frame and served.token in page
    deck = get(served.address, urlsplit(frame[1]).path)
    assert deck[0] == 200 and served.token not in deck[1]


def test_the_first_message_comes_soon_and_is_what_it_should_be(served: Preview) -> None:
    for first in (b"i rm -rf /\r", b"\xff", b"h{}", "text"):
        with served.connect() as socket:
            socket.send(first)
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=10)


def test_a_machine_that_takes_no_input_is_not_fed_for_ever(served: Preview) -> None:
    with served.terminal("one-1") as live, served.terminal("two-1") as other:
        live.type("sleep 1000\r")
        with pytest.raises(ConnectionClosed):
            for _ in range(200):
                live.socket.send(b"i" + b"x" * 60_000)
                time.sleep(0)
            live.socket.recv(timeout=10)
            while True:
                live.socket.recv(timeout=10)
        assert other.asked("echo fine") == "fine\r\n"


def test_paths_beside_the_libraries_are_not_served(served: Preview) -> None:
    for path in (
        "terminal/../deck.md",
        "terminal/fonts/../xterm.js",
        "terminal/%2e%2e/%2e%2e/app.py",
        "terminal/mermaid.js",
    ):
        assert get(served.address, f"/{path}")[0] in (400, 404), path


def test_a_machine_that_nobody_allowed_is_not_started(tmp_path: Path) -> None:
    with preview(tmp_path, allowed=False) as served, served.terminal("one-1", waits=False) as live:
        assert "machine allow local" in live.state("ended")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_all_machines_end_with_the_preview(tmp_path: Path, number: int) -> None:
    with preview(tmp_path) as served:
        with served.terminal("one-1") as live:
            live.type("sleep 54321 &\r")
            live.receive_until(b"[1]")
            os.kill(served.process.pid, number)
            served.process.wait(timeout=20)
        assert not subprocess.run(["pgrep", "-f", "sleep 54321"], capture_output=True, check=False).stdout


def _checks(live: Terminal) -> tuple[bool, str]:
    live.say(b"d", {"do": "check"})
    answer = live.answer()
    return answer["done"], answer["hint"]


def test_a_check_tells_whether_it_is_done_beside_the_terminal(served: Preview) -> None:
    with served.terminal("one-1") as without, served.terminal("two-1") as live:
        assert [without.states[0]["check"], live.states[0]["check"]] == [False, True]
        assert _checks(live) == (False, "make a file called done")
        live.asked("touch done; mkdir elsewhere; cd elsewhere")
        assert _checks(live) == (True, "")
        live.asked("rm ~/greeting")
        live.type("sleep 1000\r")
        assert _checks(live) == (False, "there is no hello")
        without.say(b"d", {"do": "check"})
        assert "no check" in without.answer()["failed"]
