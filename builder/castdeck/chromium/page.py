"""One page of the browser, limited to the files of one folder and to scripts that end."""

import base64
import mimetypes
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from castdeck.addresses import split_address
from castdeck.chromium.pipe import ChromiumError, Pipe
from castdeck.gate import MOST_PUBLISHED, Gate, Refused

ORIGIN = "http://deck.localhost"
BLOCKED_FOR = 5.0  # seconds of computing for which a script may block the page
MOST_BLOCKED = 3  # scripts that block, before the page is given up
_STARVED = 6  # times longer than it may compute, a script may be silent: a busy computer lets it compute little
_START_WITHIN = 30.0
_LOADED_WITHIN = 60.0
_ANSWER_WITHIN = 120.0
_INTERRUPTED_WITHIN = 20.0
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2", ".cast": "text/plain"}


@dataclass(frozen=True)
class Hang:
    """A script that was stopped: its address and line (from 1)."""

    address: str
    line: int


class HangError(ChromiumError):
    """A script did not end, and was stopped."""


class Page:
    """A page. Its methods raise ChromiumError if the browser ends or the page does not answer.

    `hangs` are the scripts stopped since `open`, `left` the addresses that the page tried to navigate to. `patience` is
    how long a script may block the page, in seconds for which its process has computed.
    """

    def __init__(self, pipe: Pipe, *, is_sandboxed: bool) -> None:
        self.is_sandboxed = is_sandboxed
        self.patience = BLOCKED_FOR
        self.hangs: list[Hang] = []
        self.left: list[str] = []
        self._pipe = pipe
        self._number = 0
        self._session = ""
        self._answers: dict[int, Mapping[str, Any]] = {}
        self._unanswered: set[int] = set()
        self._scripts: dict[str, str] = {}
        self._files = Gate(Path())
        self._address = ""
        self._is_served = self._is_loaded = False
        self._frame = ""
        self._paused: Mapping[str, object] | None = None
        self._within = _START_WITHIN
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._frame = target  # a page's main frame has the target's id
        self._session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self._within = _ANSWER_WITHIN
        for domain in ("Page", "Debugger", "Inspector"):
            self.call(f"{domain}.enable")
        self.call("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    def open(self, index: Path, width: int, height: int, query: str = "") -> None:
        """Open a file in a window of that size (in pixels), with access to the files beside it; wait until it is
        loaded.

        Raises HangError if too many scripts had to be stopped.
        """
        self._files = Gate(index.parent)
        self._address = f"{ORIGIN}/{index.name}{query}"
        self._is_served = self._is_loaded = False
        self._scripts.clear()
        self.hangs, self.left = [], []
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", size)
        start = self._clocks()
        self._send("Page.navigate", {"url": self._address})
        deadline = time.monotonic() + _LOADED_WITHIN
        while not self._is_loaded:
            if time.monotonic() > deadline:
                raise ChromiumError(f"the page was not loaded within {_LOADED_WITHIN:.0f} s")
            try:
                self._handle(self._pipe.receive(time.monotonic() + self.patience))
            except TimeoutError:
                if self._is_used_up(start, self.patience) and self._stop_what_blocks():
                    start = self._clocks()

    def evaluate(self, expression: str, patience: float | None = None) -> Any:
        """Evaluate a JavaScript expression to a JSON value; promises are awaited. `patience` is for this call alone.

        Raises HangError if a script blocks the page: it is stopped, and the page can be used again.
        """
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        start = self._clocks()
        number = self._send("Runtime.evaluate", asked)
        patience = self.patience if patience is None else patience
        deadline = time.monotonic() + _ANSWER_WITHIN
        while True:
            try:
                answer = self._answer(number, time.monotonic() + patience)
                break
            except TimeoutError:
                if self._is_used_up(start, patience) and self._stop_what_blocks():
                    raise HangError(f"a script did not end within {patience:.0f} s") from None
                if time.monotonic() > deadline:
                    raise ChromiumError(f"Chromium has not answered for {_ANSWER_WITHIN:.0f} s") from None
        if "exceptionDetails" in answer:
            what = answer["exceptionDetails"].get("exception", {}).get("description", "an exception")
            raise ChromiumError(f"a script failed in Chromium: {what.splitlines()[0]}")
        return answer.get("result", {}).get("value")

    def call(
        self, method: str, parameters: Mapping[str, object] | None = None, session: str | None = None
    ) -> Mapping[str, Any]:
        """Call a method of the protocol and return its result: the page's, or the browser's if `session` is ""."""
        try:
            return self._answer(self._send(method, parameters, session), time.monotonic() + self._within)
        except TimeoutError:
            raise ChromiumError(f"Chromium has not answered for {self._within:.0f} s") from None

    def _clocks(self) -> tuple[float, float]:
        """The time, and the processor time that pages have taken so far, in seconds."""
        processes = self.call("SystemInfo.getProcessInfo", session="")["processInfo"]
        return time.monotonic(), sum(float(one["cpuTime"]) for one in processes if one["type"] == "renderer")

    def _is_used_up(self, start: tuple[float, float], patience: float) -> bool:
        """Whether a script that began then has had its time."""
        passed, computed = (now - then for now, then in zip(self._clocks(), start, strict=True))
        return computed >= patience or passed >= _STARVED * patience

    def _send(self, method: str, parameters: Mapping[str, object] | None = None, session: str | None = None) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters or {}}
        to = self._session if session is None else session
        self._pipe.send(message | ({"sessionId": to} if to else {}))
        return self._number

    def _answer(self, number: int, deadline: float) -> Mapping[str, Any]:
        """Wait for the result of a call. Raises TimeoutError at the deadline; may then be called again."""
        self._unanswered.add(number)
        while number not in self._answers:
            self._handle(self._pipe.receive(deadline))
        self._unanswered.discard(number)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise ChromiumError(f"Chromium refused a call: {answer['error'].get('message', '')}")
        result: Mapping[str, object] = answer.get("result", {})
        return result

    def _handle(self, message: Mapping[str, Any]) -> None:
        number, parameters = message.get("id"), message.get("params", {})
        if isinstance(number, int):
            if number in self._unanswered:
                self._answers[number] = message
            return
        match message.get("method"):
            case "Fetch.requestPaused":
                self._serve(parameters)
            case "Page.loadEventFired":
                self._is_loaded = self._is_served
            case "Page.frameNavigated":
                frame = parameters.get("frame", {})
                if self._is_served and "parentId" not in frame and not frame.get("url", "").startswith(ORIGIN):
                    self.left.append(frame.get("url", ""))
            case "Page.javascriptDialogOpening":
                self._send("Page.handleJavaScriptDialog", {"accept": False})
            case "Debugger.scriptParsed":
                self._scripts[str(parameters.get("scriptId"))] = str(parameters.get("url", ""))
            case "Debugger.paused":
                self._paused = parameters
            case "Inspector.targetCrashed":
                raise ChromiumError("the page crashed in Chromium")

    def _serve(self, asked: Mapping[str, Any]) -> None:
        """Answer a request of the page with a file of the folder, or block it."""
        request, url = asked["requestId"], asked["request"]["url"]
        is_page = asked.get("resourceType") == "Document" and asked.get("frameId") == self._frame
        if is_page and (self._is_served or url.partition("#")[0] != self._address):
            self.left.append(url)
            content = None
        else:
            content = self._content(url)
        if content is None:
            self._send("Fetch.failRequest", {"requestId": request, "errorReason": "Aborted"})
            return
        self._is_served |= is_page
        name = PurePosixPath(unquote(split_address(url).path))
        kind = _TYPES.get(name.suffix) or mimetypes.guess_type(name.name)[0] or "application/octet-stream"
        answer = {
            "requestId": request,
            "responseCode": 200,
            "responseHeaders": [{"name": "Content-Type", "value": kind}],
            "body": base64.b64encode(content).decode(),
        }
        self._send("Fetch.fulfillRequest", answer)

    def _content(self, url: str) -> bytes | None:
        parts = split_address(url)
        if f"{parts.scheme}://{parts.netloc}" != ORIGIN:
            return None
        try:
            return self._files.read_bytes(
                self._files.folder / unquote(parts.path).lstrip("/"), most=MOST_PUBLISHED, private=True
            )
        except Refused:
            return None

    def _stop_what_blocks(self) -> bool:
        """Stop the running script, if it blocks the page. False if the page is only waiting for something."""
        try:
            self._answer(self._send("Runtime.evaluate", {"expression": "0"}), time.monotonic() + 1.0)
            return False
        except TimeoutError:
            pass
        self._paused = None
        self._send("Debugger.pause")
        deadline = time.monotonic() + _INTERRUPTED_WITHIN
        try:
            while self._paused is None:
                self._handle(self._pipe.receive(deadline))
        except TimeoutError:
            raise ChromiumError("the page blocks Chromium and can't be stopped") from None
        self.hangs.append(self._where(self._paused))
        self._send("Runtime.terminateExecution")
        self._send("Debugger.resume")
        if len(self.hangs) >= MOST_BLOCKED:
            raise HangError(f"{len(self.hangs)} scripts did not end within {self.patience:.0f} s each")
        return True

    def _where(self, paused: Mapping[str, Any]) -> Hang:
        """The innermost place outside of castdeck's own scripts."""
        places = [frame.get("location", {}) for frame in paused.get("callFrames", [])]
        frames = [
            (self._scripts.get(str(one.get("scriptId")), ""), int(one.get("lineNumber", 0)) + 1) for one in places
        ]
        own = [frame for frame in frames if not frame[0].startswith(f"{ORIGIN}/lib/")]
        address, line = next(iter(own or frames), ("", 0))
        return Hang(address.removeprefix(f"{ORIGIN}/"), line)
