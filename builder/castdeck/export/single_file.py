"""Exports a built deck as one self-contained HTML file, which works offline."""

import base64
import mimetypes
import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from castdeck.addresses import split_address
from castdeck.errors import WorkspaceError
from castdeck.export.content import content_bytes
from castdeck.render.vendor import LIBRARY, script_hash

_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_SCRIPT = re.compile(r'<script src="([^"]+)"></script>')
_SHOWN = re.compile(r'(\s(?:src|poster|data|data-src|data-background(?:-image|-video)?)=")([^"]+)(")')
_LINK = re.compile(r'<a((?:\s[^>]*?)?)\shref="([^"]+)"([^>]*)>')
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')
_ANY_SCRIPT = re.compile(r"script-src[^;]*'unsafe-inline'")
_HANDOUT = re.compile(r' data-handout="[^"]*"')  # another file
_CSS_URL = re.compile(r"url\(\s*(['\"]?)([^'\")]+)\1\s*\)")
_MARKUP = re.compile(r"<(?=!--|/?script)", re.IGNORECASE)

MOST_INSIDE = 512 << 20  # bytes of files in the page, each counted as often as it is used


class _Files(dict[str, str | Path]):
    """The files of a built deck by path, and the number of bytes put into the page so far."""

    inside = 0

    def data_url(self, name: str) -> str:
        content = self[name]
        data = content_bytes(content, MOST_INSIDE - self.inside + 1)
        self.inside += len(data)
        if self.inside > MOST_INSIDE:
            raise WorkspaceError(
                f"more than {MOST_INSIDE >> 20} MiB in one file, with {name}",
                hint="use castdeck export --zip: it has no such limit",
            )
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def single_file(files: Mapping[str, str | Path], page: str = "index.html") -> str:
    """Inline every style sheet, script and image into the page called `page` of a built deck's files.

    Its Content-Security-Policy allows each script by its hash. Raises WorkspaceError if the page becomes too large.
    """
    files = _Files(files)
    scripts: list[str] = []

    def script(found: re.Match[str]) -> str:
        if found[1] not in files:
            return found[0]
        scripts.append(_MARKUP.sub(r"\\x3C", _text(files, found[1])))
        return f"<script>{scripts[-1]}</script>"

    html = _HANDOUT.sub("", _text(files, page))
    html = _SHOWN.sub(lambda found: f"{found[1]}{_inlined(found[2], files)}{found[3]}", html)
    html = _LINK.sub(lambda found: _download(found, files), html)
    html = _STYLE.sub(lambda found: f"<style>{_style(found[1], files)}</style>", html)
    html = _SCRIPT.sub(script, html)
    return _POLICY.sub(
        lambda found: f"{found[1]}{escape(_policy(unescape(found[2]), scripts))}{found[3]}", html, count=1
    )


def _download(link: re.Match[str], files: _Files) -> str:
    """Turn a link to a file of the deck into a download of the inlined file."""
    target = unquote(split_address(unescape(link[2])).path).removeprefix("./")
    if target not in files or not isinstance(files[target], Path) or target.startswith(LIBRARY):
        return link[0]
    name = "" if "download" in link[1] + link[3] else f' download="{escape(PurePosixPath(target).name)}"'
    return f'<a{link[1]} href="{files.data_url(target)}"{name}{link[3]}>'


def _style(name: str, files: _Files) -> str:
    folder = PurePosixPath(name).parent

    def url(found: re.Match[str]) -> str:
        target = str(folder / unquote(split_address(found[2]).path))
        return f'url("{files.data_url(target)}")' if target in files else found[0]

    return _CSS_URL.sub(url, _text(files, name)).replace("</", "<\\/")


def _inlined(url: str, files: _Files) -> str:
    """Replace a URL in an attribute by the file's content, if it is a file of the deck."""
    target = unquote(split_address(unescape(url)).path).removeprefix("./")
    return files.data_url(target) if target in files and not target.startswith(LIBRARY) else url


def _policy(policy: str, scripts: list[str]) -> str:
    """Replace the scripts' folder in the policy by the scripts' hashes.

    The policy of a trusted deck, whose own scripts run, has no need of hashes, which would forbid them.
    """
    named = "data:" if _ANY_SCRIPT.search(policy) else " ".join(map(script_hash, scripts))
    return re.sub(r"script-src 'self'", f"script-src {named}", policy)


def _text(files: Mapping[str, str | Path], name: str) -> str:
    content = files[name]
    return content.read_text(encoding="utf-8") if isinstance(content, Path) else content
