"""What a machine's ports answer is parsed as foreign: `castdeck serve` shows it, or says that it is no web page."""

from base64 import b64encode

import pytest

from castdeck.errors import MachineError
from castdeck.terminals.ports import Asked, ask_port


class _Machine:
    """Answers with those bytes, as the guest's shell would."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def run(self, script: str, *, stdin: str = "", timeout: float = 0) -> str:
        return b64encode(self._answer).decode()


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff" * 1000,
        b"HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\nabc",
        b"HTTP/1.1 199 X\r\n\r\nabc",
        b"HTTP/1.1 999 X\r\n\r\nabc",
        b"HTTP/1.1 -1 X\r\n\r\n",
        b"HTTP/1.1 " + b"9" * 5000 + b" X\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
        OK + b"transfer-encoding: chunked\r\n\r\nzzz\r\n",
        OK + b"transfer-encoding: chunked\r\n\r\n-5\r\n",
        OK + b"content-length: 999999999999\r\n\r\nabc",
        OK + b"x: y\r\n" * 1000,
        OK + b"x" * 100_000,
    ],
)
def test_what_is_no_web_page_is_an_error(answer: bytes) -> None:
    with pytest.raises(MachineError, match="does not answer with a web page"):
        ask_port(_Machine(answer), 80, Asked("GET", "/"))  # type: ignore[arg-type]
