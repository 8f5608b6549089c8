"""A deck's page as the preview serves it: in a frame of no origin, with a policy that lets it reach only its own files.

The frame's element is sandboxed by castdeck's page around it. Anywhere else, in a tab of its own or as the speaker's
view, the same page is sandboxed by a header.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from castdeck.gate import DOWNLOADS, SCRIPTS, media_type

POLICY_BY_HEADER = "base-uri 'none'"  # in the page itself, whose policy comes with its headers
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads"
_ALONE = "allow-scripts allow-popups allow-modals allow-downloads"
"""In a window of its own. Its popups are sandboxed, too: else Chromium lets it navigate any window that it knows of,
such as castdeck's, which opened it."""
_HOST = re.compile(r"[\w.-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?", re.ASCII)
_ANYWHERE = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",  # fonts, and only for who knows the key
    "Referrer-Policy": "no-referrer",
}
_FILE = {
    **_ANYWHERE,
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}


def frame_address(request: Request, key: str) -> str:
    """The whole address of a deck's frame, beside the page that was requested. It ends with a slash."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise HTTPException(400)
    return f"{request.url.scheme}://{host}{request.scope.get('root_path', '')}/deck/{key}/"


def page_headers(request: Request, address: str, *, scripts: bool = False) -> Mapping[str, str]:
    """The headers of the deck's page, whose frame has that address. `scripts`: it is trusted to run its own."""
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
    """The Link header that has the page's scripts fetched before its slides are read: they stand behind them all."""
    sources = re.findall(r'<script src="([^"]+)"', html[html.rfind("</section>") :])
    return ", ".join(f"<{source}>; rel=preload; as=script" for source in sources)


def library_response(content: str | Path, name: str) -> Response:
    """One of castdeck's own files: a script, a style sheet, a font."""
    kind = {".css": "text/css", ".js": "text/javascript"}.get(Path(name).suffix)
    if isinstance(content, Path):
        return FileResponse(content, media_type=kind, headers=_ANYWHERE)
    return Response(content, media_type=kind, headers=_ANYWHERE)


def file_response(path: Path | None) -> Response:
    """A file that the deck brings. It is shown or saved, and never run as a script or opened as a page."""
    if path is None or path.is_symlink() or not path.is_file():
        raise HTTPException(404)
    kind = media_type(path, {**DOWNLOADS, **SCRIPTS}) or "application/octet-stream"
    return FileResponse(path, media_type=kind, headers=_FILE)
