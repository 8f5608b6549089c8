"""Serves a deck's page in a frame without an origin, with a policy that lets it load only its own files.

In castdeck's page, the frame element's `sandbox` attribute takes the origin away. Anywhere else (in a tab of its own,
as the speaker view) a header does.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from castdeck.gate import DOWNLOADS, SCRIPTS, Refused, media_type, open_real

POLICY_BY_HEADER = "base-uri 'none'"  # the page's own policy; the rest of it comes as a header
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads"
_ALONE = "allow-scripts allow-popups allow-modals allow-downloads"
"""For a window of its own. Its popups are sandboxed as well, or Chromium would let the page navigate every window that
it has a reference to, such as castdeck's, which opened it."""
_HOST = re.compile(r"[\w.-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?", re.ASCII)
_ANYWHERE = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",  # for fonts; the address is secret
    "Referrer-Policy": "no-referrer",
}
_FILE = {
    **_ANYWHERE,
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}


def frame_address(request: Request, key: str) -> str:
    """The absolute URL of a deck's frame, on the host that was requested. It ends with a slash."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise HTTPException(400)
    return f"{request.url.scheme}://{host}{request.scope.get('root_path', '')}/deck/{key}/"


def page_headers(request: Request, address: str, *, scripts: bool = False) -> Mapping[str, str]:
    """The headers of the deck's page at `address`. With `scripts`, it is trusted to run scripts of its own."""
    is_copy = "receiver" in request.query_params
    is_in_our_frame = request.headers.get("sec-fetch-dest") == "iframe" and not is_copy
    more = " https:" if scripts else ""
    run = f" {address} 'unsafe-inline' https:" if scripts else ""
    rules = {
        "default-src": "'none'",
        "script-src": f"{address}lib/ 'wasm-unsafe-eval'{run}",
        "style-src": f"{address}lib/ 'unsafe-inline'{more}",
        "img-src": f"{address} data: blob: https:",
        "media-src": f"{address} data: blob: https:",
        "font-src": f"{address} data:{more}",
        **({"connect-src": f"{address} https:"} if scripts else {}),
        "worker-src": "blob:",
        "frame-src": f"{address} https:",
        "base-uri": "'none'",
        "form-action": "'none'",
        **({"frame-ancestors": "'self'"} if is_in_our_frame else {"sandbox": _ALONE}),
    }
    policy = "; ".join(f"{name} {value}" for name, value in rules.items())
    opener = {"Cross-Origin-Opener-Policy": "unsafe-none"} if "speaker" in request.query_params else {}
    return {**_ANYWHERE, **opener, "Content-Security-Policy": policy}


def preloads(html: str) -> str:
    """The Link header that preloads the page's scripts, which stand at its end, behind all slides."""
    sources = re.findall(r'<script src="([^"]+)"', html[html.rfind("</section>") :])
    return ", ".join(f"<{source}>; rel=preload; as=script" for source in sources)


def library_response(content: str | Path, name: str) -> Response:
    """One of castdeck's own files: a script, a style sheet, a font."""
    kind = {".css": "text/css", ".js": "text/javascript"}.get(Path(name).suffix)
    if isinstance(content, Path):
        return FileResponse(content, media_type=kind, headers=_ANYWHERE)
    return Response(content, media_type=kind, headers=_ANYWHERE)


def file_response(path: Path | None) -> Response:
    """A file that the deck brings. It is shown or saved, and never run as a script or opened as a page.

    No link in `path` is followed: where there is one now, it was laid after the path was found.
    """
    try:
        file = open_real(path) if path else None
    except (Refused, OSError):
        file = None
    if path is None or file is None:
        raise HTTPException(404)
    return _Opened(file, media_type(path, {**DOWNLOADS, **SCRIPTS}) or "application/octet-stream")


class _Opened(FileResponse):
    """The content of a file that is open."""

    def __init__(self, file: BinaryIO, kind: str) -> None:
        self._file = file
        number = file.fileno()
        super().__init__(f"/dev/fd/{number}", media_type=kind, headers=_FILE, stat_result=os.fstat(number))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._file:
            await super().__call__(scope, receive, send)
