"""castdeck's own page around a deck: it holds the connection, shows problems, and contains the deck in a frame."""

import json
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from castdeck.render.bundle import bundle_scripts
from castdeck.render.words import DEFAULT, WORDS
from castdeck.serve.frame import SANDBOX
from castdeck.terminals.words import LIVE_WORDS

BROWSER = Path(__file__).parent / "browser"
ENGLISH: Mapping[str, str] = {**WORDS[DEFAULT], **LIVE_WORDS[DEFAULT]}


def shell_page(
    request: Request,
    title: str,
    address: str,
    *,
    script: Markup | None = None,
    data: str = "",
    terminals: str = "",
    lang: str = DEFAULT,
    words: Mapping[str, str] = ENGLISH,
) -> Response:
    """The page, with a frame that shows `address`. It runs `script` (the preview's by default), which reads `data`.

    `terminals` is the token of live terminals. `words` are the page's texts, in the language `lang`.
    """
    values = {"title": title, "sandbox": SANDBOX, "data": data, "terminals": terminals}
    script = _script() if script is None else script
    return own_page(request, _page(), address, script, values, lang=lang, words=words)


def own_page(
    request: Request,
    template: Template,
    address: str,
    script: Markup,
    values: Mapping[str, object],
    *,
    lang: str,
    words: Mapping[str, str],
) -> Response:
    """A page of castdeck's, whose policy allows only `script`, and only frames and styles from below `address`.

    The template gets `lang` and `words`; the script reads the words from `said`, as JSON.
    """
    nonce = secrets.token_urlsafe(16)
    rules = {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce}'",
        "style-src": f"{address} 'self' 'unsafe-inline'",
        "font-src": f"{address} 'self'",
        "connect-src": f"'self' {request.url.scheme.replace('http', 'ws')}://{request.headers['host']}",
        "frame-src": f"{address} {address.partition('/deck/')[0]}/port/" if address.startswith("http") else address,
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(map(" ".join, rules.items())),
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",  # lets the deck open the speaker view
    }
    said = Markup(json.dumps({"words": dict(words)}).replace("<", "\\u003c"))
    own = {"address": address, "nonce": nonce, "script": script, "lang": lang, "words": words, "said": said}
    html = template.render(**values, **own)
    return HTMLResponse(html, headers=headers)


@cache
def _page() -> Template:
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    return environment.get_template("shell.html")


@cache
def _script() -> Markup:
    return Markup(bundle_scripts(BROWSER, "shell.js"))
