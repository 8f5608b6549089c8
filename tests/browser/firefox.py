"""A headless Firefox and one page of it, over WebDriver BiDi: https://w3c.github.io/webdriver-bidi/"""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
KEYS = {"ArrowRight": "\ue014", "ArrowLeft": "\ue012", "PageDown": "\ue00f", "Escape": "\ue00c"}
WITHIN = 90.0  # seconds: Firefox starts while all else is tested, too
LISTENING = "WebDriver BiDi listening on "


class FirefoxPage:
    """`wrong` collects what the console says against the page."""

    def __init__(self, connection: ClientConnection, width: int, height: int) -> None:
        self._connection = connection
        self._number = 0
        self.wrong: list[str] = []
        self.call("session.new", capabilities={})
        self._page = self.call("browsingContext.getTree")["contexts"][0]["context"]
        self.call("session.subscribe", events=["log.entryAdded"])
        self.call("browsingContext.setViewport", context=self._page, viewport={"width": width, "height": height})

    def open(self, address: str) -> None:
        self.call("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        actions = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self.call("input.performActions", context=self._page, actions=[keyboard])

    def evaluate(self, expression: str) -> Any:
        target = {"context": self._page}
        answer = self.call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        return answer["result"].get("value") if answer["type"] == "success" else None

    def wait_for(self, condition: str) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + WITHIN
        while self.evaluate(f"Boolean({condition})") is not True:
            assert time.monotonic() < deadline, f"{condition} does not come true"

    def call(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        self._connection.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._connection.recv(timeout=WITHIN))
            if message.get("method") == "log.entryAdded" and message["params"]["level"] in ("error", "warn"):
                self.wrong.append(message["params"]["text"])
            if message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]


@contextmanager
def firefox_page(program: str, profile: Path, width: int, height: int) -> Iterator[FirefoxPage]:
    """A page of a Firefox with a profile of its own, which ends with it."""
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
    with (profile / "log").open("w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            with connect(f"{_address(profile / 'log')}/session", max_size=None, proxy=None) as connection:
                yield FirefoxPage(connection, width, height)
        finally:
            process.terminate()
            process.wait(20)


def _address(log: Path) -> str:
    deadline = time.monotonic() + WITHIN
    while LISTENING not in (said := log.read_text()):
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    return said.split(LISTENING)[1].split()[0]
