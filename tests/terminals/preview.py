"""A running `castdeck serve` of a deck with a machine in the sandbox, and a page's side of its live terminals."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.cli.test_serve import get

DECK = """---
machine: local
---
# One {#one}

```bash
echo hello > greeting
cat greeting
```

---

# Two {#two}

```bash
export NAME=world
```

```bash {.check}
grep -q hello ~/greeting || { echo "there is no hello"; false; }
```

```bash {.check}
test -e done && exit 0
printf '\033[31mmake a file\033[0m called done\n\n'
exit 3
```
"""
_MARK = re.compile(rb"\x1b\]133;[^\x07]*\x07|\x1b\[\?2004[hl]\r?")
_WAIT = 30.0


class Page:
    """A page's side of one live terminal: `seen` is all that it was sent to show."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seen = bytearray()
        self.id = ""
        self.received = 0
        self.acknowledges = True
        self.patience = _WAIT  # seconds
        self.states: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.progress: list[str] = []

    def say(self, kind: bytes, value: dict[str, Any]) -> None:
        self.socket.send(kind + json.dumps(value).encode())

    def type(self, text: str) -> None:
        self.socket.send(b"i" + text.encode())

    def asked(self, line: str) -> str:
        """Type a line at the prompt; what it prints until the next prompt."""
        begin = len(self.seen)
        self.type(f"{line}\r")
        self._receive_until(lambda: b"\x1b[?2004h" in self.seen[begin:].partition(b"\x1b[?2004l\r")[2])
        printed = self.seen[begin:].partition(b"\x1b[?2004l\r")[2].partition(b"\x1b]133;D")[0]
        return _MARK.sub(b"", bytes(printed)).decode()

    def receive_until(self, text: bytes) -> None:
        """Wait until this is shown."""
        looked = 0

        def is_there() -> bool:
            nonlocal looked
            begin, looked = max(0, looked - len(text)), len(self.seen)
            return self.seen.find(text, begin) >= 0

        self._receive_until(is_there)

    def state(self, wanted: str) -> str:
        """Wait for a state; why it is so."""
        self._receive_until(lambda: any(one["state"] == wanted for one in self.states))
        return str(self.states[-1].get("why", ""))

    def until_told(self, what: str) -> None:
        """Wait until this is what is done."""
        self._receive_until(lambda: bool(self.progress) and what in self.progress[-1])

    def answer(self) -> dict[str, Any]:
        """The next answer."""
        self._receive_until(lambda: bool(self.answers))
        return self.answers.pop(0)

    def closed(self) -> int:
        """Wait for the end of the connection; its code."""
        try:
            while True:
                self._receive(self.patience)
        except ConnectionClosed as error:
            assert error.rcvd
            return error.rcvd.code

    def until(self, is_so: Callable[[], bool]) -> None:
        """Ask again and again."""
        deadline = time.monotonic() + self.patience
        while not is_so():
            assert time.monotonic() < deadline

    def acknowledge(self) -> None:
        """All that has come is shown."""
        self.say(b"a", {"at": self.received})

    def _receive_until(self, is_there: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 2 * self.patience
        while not is_there():
            assert time.monotonic() < deadline, (self.seen[-500:], self.states)
            self._receive(self.patience)

    def _receive(self, timeout: float) -> None:
        message = self.socket.recv(timeout=timeout)
        assert isinstance(message, bytes)
        kind, rest = message[:1], message[1:]
        if kind == b"o":
            self.seen += rest
            self.received += len(rest)
            if self.acknowledges:
                self.acknowledge()
        elif kind == b"s":
            self.states.append(json.loads(rest))
            self.id = self.states[-1].get("id", self.id)
            self.received = self.states[-1].get("at", self.received)
        elif kind == b"p":
            self.progress.append(rest.decode())
        elif kind == b"k":
            self.answers.append(json.loads(rest))


class Preview:
    """A preview's process, its address, and the token of its page."""

    def __init__(self, process: "subprocess.Popen[str]", address: str, deck: Path) -> None:
        self.process, self.address, self.deck = process, address, deck
        found = re.search(r'data-terminals="([^"]+)"', get(address)[1])
        assert found
        self.token = found[1]

    def connect(self, origin: str | None = None, headers: dict[str, str] | None = None) -> ClientConnection:
        """Connect as a page of that origin: this preview's own by default."""
        own = self.address.rstrip("/")
        address = f"{own.replace('http', 'ws')}/terminal"
        return connect(address, origin=Origin(origin or own), additional_headers=headers, max_size=None)

    @contextmanager
    def terminal(
        self,
        block: str,
        *,
        command: int = 99,
        id: str = "",
        since: int = 0,
        cols: int = 80,
        rows: int = 24,
        token: str | None = None,
        waits: bool = True,
        ends: bool = True,
    ) -> Iterator[Page]:
        """A live terminal, at its prompt if `waits`; its machine is ended afterwards if `ends`."""
        with self.connect() as socket:
            page = Page(socket)
            hello = {"token": self.token if token is None else token, "id": id, "block": block, "command": command}
            page.say(b"h", {**hello, "cols": cols, "rows": rows, "from": since})
            if waits:
                page.state("running")
            yield page
            if ends:
                with suppress(ConnectionClosed):
                    page.say(b"d", {"do": "end"})


def allow_local(folder: Path) -> None:
    """Allow the machine `local` for decks of a folder, in the configuration of CASTDECK_CONFIG."""
    command = [sys.executable, "-m", "castdeck", "machine", "allow", "local", "--yes"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@contextmanager
def preview(folder: Path, allowed: bool = True) -> Iterator[Preview]:
    """The preview of a deck in `folder`; the machine `local` may be used if it is `allowed`."""
    deck = folder / "deck.md"
    deck.write_text(DECK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASTDECK_CONFIG", str(folder / "config"))
        if allowed:
            allow_local(folder)
        with serving(folder, deck, "deck.md", "--recordings", "casts") as found:
            yield found


@contextmanager
def serving(folder: Path, deck: Path, *arguments: str) -> Iterator[Preview]:
    """`castdeck serve` of one deck, run in `folder`."""
    with subprocess.Popen(
        [sys.executable, "-m", "castdeck", "serve", *arguments, "--port", "0"],
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout and process.stderr
        try:
            yield Preview(process, process.stdout.readline().strip(), deck)
        finally:
            process.terminate()
            said = process.communicate(timeout=30)[1]
    assert "Traceback" not in said, said
