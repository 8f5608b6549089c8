"""The local files that a deck shows, found beside it and nowhere else than it may reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from castdeck.gate import MEDIA, Gate, Refused, is_inside, published

SOURCES = {
    "img": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "source": ("src",),
    "object": ("data",),
    "embed": ("src",),
}


@dataclass(frozen=True)
class Image:
    """A file to copy: from `source` to `target`, which is relative to the built deck's folder, with slashes."""

    source: Path
    target: str


def is_local(url: str) -> bool:
    """Whether `url` names a file relative to the deck."""
    parts = urlsplit(url)
    return not parts.scheme and not parts.netloc and bool(parts.path) and not parts.path.startswith("/")


def find_file(
    url: str, folder: Path, root: Path, seen_from: Path | None = None, types: Mapping[str, str] = MEDIA
) -> Image | str:
    """The file that `url` names, if it is of one of the media `types`; or why it can't be published.

    It must lie in the deck's `folder` or in `root`. Its path is relative to `folder`, or to the folder `seen_from` of a
    file that the deck includes.
    """
    path = (seen_from or folder) / unquote(urlsplit(url).path)
    gate = Gate(root if is_inside(folder, root) else folder, "the deck's folder and the workspace")
    try:
        source = published(gate.find(path), types)
    except Refused as refused:
        return str(refused)
    folder, root = folder.resolve(), root.resolve()
    if source.is_relative_to(folder):
        return Image(source, source.relative_to(folder).as_posix())
    return Image(source, f"shared/{source.relative_to(root).as_posix()}")


def as_url(target: str) -> str:
    """A target as a relative URL."""
    return quote(target)


class _Sources(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.urls: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = SOURCES.get(tag, ())
        self.urls += [(value, self.getpos()[0]) for name, value in attrs if name in wanted and value]


def sources_in_html(html: str) -> list[tuple[str, int]]:
    """The URLs that a piece of raw HTML shows, each with its line in the piece (from 1)."""
    parser = _Sources()
    parser.feed(html)
    parser.close()
    return parser.urls
