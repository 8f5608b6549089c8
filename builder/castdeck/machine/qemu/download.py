"""Opens an http or https URL: no other schemes, no cookies or passwords, and redirects only to https."""

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from castdeck.addresses import split_address
from castdeck.errors import MachineError

_TIMEOUT = 30.0  # seconds without a byte
_HANDLERS = (
    urllib.request.ProxyHandler,
    urllib.request.HTTPHandler,
    urllib.request.HTTPSHandler,
    urllib.request.HTTPDefaultErrorHandler,
    urllib.request.HTTPErrorProcessor,
)


class _OnlyToHttps(urllib.request.HTTPRedirectHandler):
    """Refuses redirects to anything but https."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if split_address(newurl).scheme != "https":
            fp.close()
            raise MachineError(f"{req.full_url} redirects to {newurl}, which is not an https address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def opened(address: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a URL. Yields the response, and its size if known. Raises MachineError."""
    director = urllib.request.OpenerDirector()
    for handler in (*_HANDLERS, _OnlyToHttps):
        director.add_handler(handler())
    request = urllib.request.Request(address, headers={"User-Agent": "castdeck"})
    try:
        with director.open(request, timeout=_TIMEOUT) as answer:
            size = answer.headers.get("Content-Length", "")
            yield answer, int(size) if size.isdigit() else None
    except urllib.error.HTTPError as error:
        error.close()
        raise MachineError(
            f"{address} can't be downloaded: the server answered {error.code} {error.reason}",
            hint="the image may have moved: look for its new address on that site" if error.code in (404, 410) else "",
        ) from error
    except (urllib.error.URLError, http.client.HTTPException, ssl.SSLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", None) or error
        raise MachineError(
            f"{address} can't be reached: {reason}", hint="check the network, or use a file in the workspace"
        ) from error
