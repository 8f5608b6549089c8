"""A headless Chromium and one page of it, over the DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread, Timer
from typing import IO, Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from castdeck.errors import CastdeckError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--mute-audio",
    "--remote-debugging-port=0",
)
_ADDRESS = re.compile(r"DevTools listening on (ws://\S+)")
_START_WITHIN = 30.0  # seconds
_ANSWER_WITHIN = 120.0  # seconds


class ChromiumError(CastdeckError):
    """Chromium does not start, or does not answer."""


def find_chromium() -> str | None:
    """The browser's program: the one that CASTDECK_CHROMIUM names, else the first that is on PATH."""
    given = os.environ.get("CASTDECK_CHROMIUM")
    return next((found for name in ([given] if given else NAMES) if (found := shutil.which(name))), None)


class Page:
    """A page. Its methods raise ChromiumError when the browser ends, or takes longer than two minutes to answer."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._number = 0
        self._session = ""
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self.call("Page.enable")

    def open(self, address: str, width: int, height: int) -> None:
        """Open `address` in a window of that size, in pixels, and wait until all of it is loaded."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", size)
        self.call("Page.navigate", {"url": address})
        while self._receive().get("method") != "Page.loadEventFired":
            pass

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, as JSON has it; a promise is waited for."""
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = self.call("Runtime.evaluate", asked)
        if "exceptionDetails" in answer:
            what = answer["exceptionDetails"].get("exception", {}).get("description", "an exception")
            raise ChromiumError(f"a script failed in Chromium: {what.splitlines()[0]}")
        return answer["result"].get("value")

    def call(self, method: str, parameters: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Call a method of the protocol, and give its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters or {}}
        try:
            self._connection.send(json.dumps(message | ({"sessionId": self._session} if self._session else {})))
        except WebSocketException as error:
            raise ChromiumError("Chromium has ended") from error
        while (answer := self._receive()).get("id") != self._number:
            pass
        if "error" in answer:
            raise ChromiumError(f"Chromium refused {method}: {answer['error'].get('message', '')}")
        result: Mapping[str, Any] = answer.get("result", {})
        return result

    def _receive(self) -> Mapping[str, Any]:
        try:
            message: Mapping[str, Any] = json.loads(self._connection.recv(timeout=_ANSWER_WITHIN))
        except TimeoutError as error:
            raise ChromiumError(f"Chromium has not answered for {_ANSWER_WITHIN:.0f} s") from error
        except WebSocketException as error:
            raise ChromiumError("Chromium has ended") from error
        return message


@contextmanager
def chromium_page(program: str) -> Iterator[Page]:
    """A page of a browser that is started for it, with a profile of its own, and ended after it."""
    with tempfile.TemporaryDirectory(prefix="castdeck-chromium-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        assert process.stderr
        reader = Thread(target=_drain, args=(process.stderr,), daemon=True)
        try:
            address = _address(program, process, process.stderr)
            reader.start()
            with connect(address, max_size=None, compression=None, proxy=None) as connection:
                yield Page(connection)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if reader.ident:
                reader.join()
            process.stderr.close()


def _address(program: str, process: "subprocess.Popen[str]", errors: IO[str]) -> str:
    """Where the browser listens, as it says itself."""
    watchdog = Timer(_START_WITHIN, process.kill)
    watchdog.start()
    said: list[str] = []
    try:
        for line in errors:
            said.append(line.strip())
            if found := _ADDRESS.search(line):
                return found[1]
    finally:
        watchdog.cancel()
    raise ChromiumError(f"{program} does not start: {' '.join(said[-3:]) or 'it says nothing'}")


def _drain(errors: IO[str]) -> None:
    for _ in errors:
        pass
