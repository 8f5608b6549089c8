"""A class: each student has a page and a machine of their own, and nothing of the trainer's or of another student's."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.cli.test_serve import get
from tests.terminals.preview import DECK, Page, allow_local

pytestmark = pytest.mark.timeout(120)


@dataclass(frozen=True)
class School:
    """A running presentation with a class: its address, and the tokens of trainer and class."""

    address: str
    token: str
    class_token: str

    @property
    def trainer(self) -> str:
        return f"castdeck={self.token}"

    def enters(self) -> str:
        """A new student's cookies."""
        status, _, headers = get(self.address, "/class/", Cookie=f"castdeck-class={self.class_token}")
        assert status == 200
        who = re.search(r"castdeck-student=[\w-]+", headers["set-cookie"])
        assert who
        return f"castdeck-class={self.class_token}; {who[0]}"

    def connect(self, path: str, cookies: str) -> ClientConnection:
        own = self.address.rstrip("/")
        url = f"{own.replace('http', 'ws')}{path}"
        return connect(url, origin=Origin(own), additional_headers={"Cookie": cookies}, max_size=None)

    def terminals_token(self, cookies: str, path: str = "/class/") -> str:
        found = re.search(r'data-terminals="([^"]+)"', get(self.address, path, Cookie=cookies)[1])
        assert found
        return found[1]

    @contextmanager
    def terminal(self, cookies: str, block: str = "one-1", id: str = "", path: str = "/class/") -> Iterator[Page]:
        with self.connect(f"{path}terminal", cookies) as socket:
            page = Page(socket)
            hello = {"token": self.terminals_token(cookies, path), "id": id, "block": block, "command": 99}
            page.say(b"h", {**hello, "cols": 80, "rows": 24, "from": 0})
            yield page


@contextmanager
def school(folder: Path, students: int, *arguments: str, deck: str = DECK) -> Iterator[School]:
    """`castdeck present` of a deck whose machine is the sandbox."""
    (folder / "deck.md").write_text(deck)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASTDECK_CONFIG", str(folder / "config"))
        patch.setenv("PYTHONUNBUFFERED", "1")
        allow_local(folder)
        command = [
            sys.executable,
            "-m",
            "castdeck",
            "present",
            "deck.md",
            "--port",
            "0",
            "--class",
            str(students),
            *arguments,
        ]
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout and process.stderr
            try:
                first, second = (urlsplit(process.stdout.readline().strip()) for _ in range(2))
                assert second.path == "/class/"
                address = f"http://{first.netloc}/"
                yield School(address, first.query.partition("=")[2], second.query.partition("=")[2])
            finally:
                process.terminate()
                said = process.communicate(timeout=30)[1]
    assert "Traceback" not in said, said


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school"), 40) as found:
        yield found


def _refused(here: School, path: str, cookies: str) -> bool:
    try:
        with here.connect(path, cookies) as socket:
            socket.recv(timeout=10)
            return False
    except (InvalidStatus, ConnectionClosed):
        return True


def test_each_student_has_a_machine_of_their_own(here: School) -> None:
    with here.terminal(here.enters()) as one, here.terminal(here.enters()) as other:
        one.state("running")
        other.state("running")
        one.asked("echo changed >greeting")
        assert other.asked("cat greeting") == "hello\r\n"


def test_a_student_has_one_machine_at_a_time(here: School) -> None:
    student = here.enters()
    with here.terminal(student) as first:
        first.state("running")
        with here.terminal(student, "two-1") as second:
            second.state("running")
            first.state("ended")
            assert second.asked("echo $NAME") == "world\r\n"


@pytest.mark.parametrize(
    "path", ["/", "/remote", "/students", "/class/../students", "//students", "/class/%2e%2e/remote"]
)
def test_the_classs_token_opens_no_page_of_the_trainers(here: School, path: str) -> None:
    cookies = here.enters()
    assert get(here.address, path, Cookie=cookies)[0] in (403, 404)
    assert get(here.address, f"{path}?token={here.class_token}")[0] in (403, 404)
    assert get(here.address, path, Cookie=f"castdeck={here.class_token}")[0] in (403, 404)


@pytest.mark.parametrize("path", ["/hub/trainer", "/hub/stage", "/hub/remote", "/hub/student", "/terminal"])
def test_the_classs_token_opens_no_connection_of_the_trainers(here: School, path: str) -> None:
    assert _refused(here, path, here.enters())


def test_without_a_token_nobody_is_in_the_class(here: School) -> None:
    assert get(here.address, "/class/")[0] == 403
    assert get(here.address, "/class/?token=wrong")[0] == 403
    assert _refused(here, "/class/terminal", "")
    assert _refused(here, "/class/hub/student", f"castdeck-class={here.class_token}; castdeck-student=made-up")
    assert _refused(here, "/class/terminal", f"castdeck-class={here.class_token}; castdeck-student=made-up")


@pytest.mark.parametrize("path", ["/class/terminal", "/class/watch", "/class/hub/student"])
def test_a_browser_that_never_entered_the_class_is_refused(here: School, path: str) -> None:
    """It was a fault of the server: 500."""
    with pytest.raises(InvalidStatus) as refused:
        here.connect(path, f"castdeck-class={here.class_token}; castdeck-student=nobody").close()
    assert refused.value.response.status_code == 403


def test_who_knows_the_name_of_anothers_terminal_does_not_get_it(here: School) -> None:
    with here.terminal(here.enters()) as mine:
        mine.state("running")
        mine.asked("SECRET=mine")
        with here.terminal(here.enters(), id=mine.id) as other:
            other.state("running")
            assert other.id != mine.id
            assert other.asked("echo [$SECRET]") == "[]\r\n"
        assert mine.asked("echo $SECRET") == "mine\r\n"


def _number(list_: ClientConnection, name: str) -> str:
    return str(_until(list_, lambda row: row["name"] == name)["seat"])


@contextmanager
def _watches(here: School, cookies: str, path: str, id: str) -> Iterator[Page]:
    """A page that looks at a terminal from `path`."""
    token = here.terminals_token(cookies, path)
    with here.connect(f"{path}watch", cookies) as socket:
        page = Page(socket)
        page.say(b"h", {"token": token, "id": id, "block": "", "command": 0, "cols": 80, "rows": 24, "from": 0})
        yield page


def _is_refused_to_watch(here: School, cookies: str, path: str, id: str) -> bool:
    with _watches(here, cookies, path, id) as page:
        return page.closed() == 4403


def test_the_trainer_looks_at_and_types_into_what_a_student_shares_and_no_longer(here: School) -> None:
    student = here.enters()
    with (
        here.connect("/hub/trainer", here.trainer) as list_,
        here.connect("/class/hub/student", student) as line,
        here.terminal(student) as live,
    ):
        live.state("running")
        line.send(json.dumps({"name": "Edith", "share": ""}))
        number = _number(list_, "Edith")
        assert _is_refused_to_watch(here, here.trainer, "/", number)
        list_.send(json.dumps({"ask": int(number)}))
        while not json.loads(line.recv(timeout=60)).get("asked"):
            pass
        live.asked("echo before")
        line.send(json.dumps({"share": "look"}))
        _until(list_, lambda row: row["name"] == "Edith" and row["share"] == "look")
        with _watches(here, here.trainer, "/", number) as watcher:
            watcher.receive_until(b"before")
            watcher.type("echo meddled\r")
            live.asked("echo after")
            watcher.receive_until(b"after")
            assert b"meddled" not in live.seen
            line.send(json.dumps({"share": "type"}))
            _until(list_, lambda row: row["name"] == "Edith" and row["share"] == "type")
            watcher.type("echo he''lps\r")
            live.receive_until(b"helps")
            line.send(json.dumps({"share": ""}))
            assert watcher.closed() == 4409
            assert live.asked("echo mine") == "mine\r\n"


def test_students_look_at_the_trainers_terminal_and_at_nobody_elses(here: School) -> None:
    student, other = here.enters(), here.enters()
    with (
        here.connect("/hub/stage", here.trainer) as wall,
        here.connect("/class/hub/student", student) as line,
        here.terminal(here.trainer, path="/") as live,
        here.terminal(other) as others,
    ):
        live.state("running")
        others.state("running")
        live.asked("echo prepared")
        assert _is_refused_to_watch(here, student, "/class/", live.id)
        wall.send(json.dumps({"show": others.id}))
        wall.send(json.dumps({"show": live.id}))
        while not json.loads(line.recv(timeout=60)).get("wall"):
            pass
        with _watches(here, student, "/class/", others.id) as late:
            late.receive_until(b"prepared")
            late.type("echo meddled\r")
            late.say(b"d", {"do": "end"})
            assert live.asked("echo on") == "on\r\n"
            late.receive_until(b"on\r\n")
            assert b"meddled" not in live.seen
            assert _refused(here, "/watch", student)
            wall.send(json.dumps({"show": ""}))
            assert late.closed() == 4409
            live.say(b"d", {"do": "end"})


def test_a_watcher_who_does_not_listen_stops_nobody_and_goes_on_later(here: School) -> None:
    with here.connect("/hub/stage", here.trainer) as wall, here.terminal(here.trainer, path="/") as live:
        live.state("running")
        wall.send(json.dumps({"show": live.id}))
        wall.send(json.dumps({"now": {"number": 1}}))
        with _watches(here, here.enters(), "/class/", "") as slow:
            slow.acknowledges = False
            slow.state("running")
            live.type("head -c 9000000 /dev/zero | tr '\\0' x; echo; echo the-e''nd\r")
            live.receive_until(b"the-end")
            slow.acknowledges = True
            slow.acknowledge()
            slow.receive_until(b"the-end")
            assert len(slow.seen) < 9_000_000
            live.say(b"d", {"do": "end"})


def test_a_students_port_is_at_an_address_that_nobody_else_knows(here: School) -> None:
    with here.terminal(here.enters()) as mine, here.terminal(here.enters()) as other:
        keys = []
        for live in (mine, other):
            live.state("running")
            live.asked("python3 -m http.server 8080 >/dev/null 2>&1 &")
        for live in (mine, other):
            live.until(lambda live=live: _ports(live)[1] == [8080])  # type: ignore[misc]
            keys.append(_ports(live)[0])
        mine.asked("echo mine >page.txt")
        other.asked("echo another >page.txt")
        assert get(here.address, f"/class/{keys[0]}8080/page.txt")[:2] == (200, "mine\n")
        assert get(here.address, f"/class/{keys[1]}8080/page.txt")[:2] == (200, "another\n")
        assert get(here.address, f"/class/{keys[0]}8080/../../../students")[0] in (400, 403, 404)
        assert get(here.address, "/class/port/8080/page.txt")[0] == 403


def _ports(live: Page) -> tuple[str, list[int]]:
    live.say(b"d", {"do": "ports"})
    answer = live.answer()
    return answer["at"], answer["ports"]


def test_a_student_does_not_change_the_deck(here: School) -> None:
    with here.terminal(here.enters()) as live:
        live.state("running")
        live.say(b"d", {"do": "write", "commands": ["evil"], "diff": ""})
        assert "only the trainer" in live.answer()["failed"]


def _until(socket: ClientConnection, wanted: Any) -> dict[str, Any]:
    """The row of the list that has this name, once it is as wanted."""
    while True:
        for row in json.loads(socket.recv(timeout=30)).get("students", ()):
            if wanted(row):
                return dict(row)


def test_the_trainer_sees_names_slides_machines_and_hands(here: School) -> None:
    student = here.enters()
    with here.connect("/hub/trainer", here.trainer) as list_, here.connect("/class/hub/student", student) as line:
        line.send(json.dumps({"name": "Ada\x1b<b>", "at": {"number": 2, "title": "Two"}, "hand": True}))
        row = _until(list_, lambda row: row["name"] == "Ada<b>" and row["hand"])
        assert (row["number"], row["title"], row["here"]) == (2, "Two", True)
        with here.terminal(student) as live:
            live.state("running")
            live.type("false\r")
            assert _until(list_, lambda row: row["name"] == "Ada<b>" and row.get("status") == 1)["machine"] == "running"
            live.type("sleep 50\r")
            _until(list_, lambda row: row["name"] == "Ada<b>" and row.get("busy"))
        line.close()
        _until(list_, lambda row: row["name"] == "Ada<b>" and not row["here"])


def test_the_trainer_sees_how_many_have_done_a_slides_check(here: School) -> None:
    student = here.enters()
    with here.connect("/hub/trainer", here.trainer) as list_, here.connect("/class/hub/student", student) as line:
        line.send(json.dumps({"name": "Grace"}))
        with here.terminal(student, "two-1") as live:
            live.state("running")
            live.asked("touch done")
            live.say(b"d", {"do": "check"})
            assert live.answer()["done"]
            _until(list_, lambda row: row["name"] == "Grace" and row["done"] == ["two"])
            live.asked("rm done")
            live.say(b"d", {"do": "check"})
            assert live.answer() == {"do": "check", "done": False, "hint": "make a file called done"}
            _until(list_, lambda row: row["name"] == "Grace" and row["done"] == [])


def test_students_are_told_what_is_on_the_wall(here: School) -> None:
    with here.connect("/hub/stage", here.trainer) as wall, here.connect("/class/hub/student", here.enters()) as line:
        wall.send(json.dumps({"place": "#/two"}))
        while (said := json.loads(line.recv(timeout=60))).get("follow") != "#/two":
            assert "now" not in said
        line.send(json.dumps({"place": "#/evil", "now": {"number": 1}, "do": "next"}))
        line.send(json.dumps({"name": "still here"}))
    with here.connect("/class/hub/student", here.enters()) as late:
        while json.loads(late.recv(timeout=60)).get("follow") != "#/two":
            pass


def test_a_full_class_takes_nobody_more_but_who_never_came_keeps_nobody_out(tmp_path: Path) -> None:
    with school(tmp_path, 2) as here, ExitStack() as stack:
        for _ in range(5):
            here.enters()
        student = here.enters()
        for one in (here.enters(), student):
            line = stack.enter_context(here.connect("/class/hub/student", one))
            line.send(json.dumps({"at": {"number": 1, "title": "One"}}))
            assert json.loads(line.recv(timeout=60))
        assert get(here.address, "/class/", Cookie=f"castdeck-class={here.class_token}")[0] == 503
        assert get(here.address, "/class/", Cookie=student)[0] == 200


def test_a_flood_of_connections_and_messages_stops_nobody_else(here: School) -> None:
    bad, student = here.enters(), here.enters()
    with here.terminal(student) as live, ExitStack() as stack:
        live.state("running")
        with here.terminal(bad, "two-1") as other:
            other.state("running")
            for number in range(3000):
                other.say(b"r", {"cols": 60 + number % 2, "rows": 20})
                other.say(b"a", {"at": number})
                other.say(b"d", {"do": "ports"})
            other.type("echo st''ill\r")
            other.receive_until(b"still")
            assert other.asked("stty size") == "20 61\r\n"
        for _ in range(60):
            stack.enter_context(here.connect("/class/terminal", bad))
            line = stack.enter_context(here.connect("/class/hub/student", bad))
            for number in range(50):
                line.send(json.dumps({"name": f"x{number}", "hand": bool(number % 2), "share": "type", "at": [[]]}))
        assert live.asked("echo fine") == "fine\r\n"
