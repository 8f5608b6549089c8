"""The local files that a deck shows or links to, found beside it and nowhere else than it may reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from castdeck.addresses import split_address
from castdeck.gate import DOWNLOADS, MEDIA, Gate, Refused, is_inside, published
from castdeck.start_tags import start_tags

SOURCES = {
    "img": ("src", "data-src"),
    "video": ("src", "data-src", "poster"),
    "audio": ("src", "data-src"),
    "source": ("src", "data-src"),
    "track": ("src",),
    "object": ("data",),
    "embed": ("src",),
}


@dataclass(frozen=True)
class LocalFile:
    """A file to copy: from `source` to `target`, which is relative to the built deck's folder, with slashes."""

    source: Path
    target: str


def is_local(url: str) -> bool:
    """Whether `url` names a file relative to the deck."""
    parts = split_address(url)
    return not parts.scheme and not parts.netloc and bool(parts.path) and not parts.path.startswith("/")


def find_file(
    url: str, folder: Path, root: Path, seen_from: Path | None = None, types: Mapping[str, str] = MEDIA
) -> LocalFile | str:
    """The file that `url` names, if it is of one of the media `types`; or why it can't be published.

    It must lie in the deck's `folder` or in `root`. Its path is relative to `folder`, or to the folder `seen_from` of a
    file that the deck includes.
    """
    path = (seen_from or folder) / unquote(split_address(url).path)
    gate = Gate(root if is_inside(folder, root) else folder, "the deck's folder and the workspace")
    try:
        source = published(gate.find(path), types)
    except Refused as refused:
        return str(refused)
    folder, root = folder.resolve(), root.resolve()
    if source.is_relative_to(folder):
        return LocalFile(source, source.relative_to(folder).as_posix())
    return LocalFile(source, f"shared/{source.relative_to(root).as_posix()}")


def as_url(target: str) -> str:
    """A target as a relative URL."""
    return quote(target)


def is_download(url: str) -> bool:
    """Whether a link's `url` names a file beside the deck, by its suffix; a page of another deck is none."""
    suffix = PurePosixPath(unquote(split_address(url).path)).suffix.lower()
    return is_local(url) and bool(suffix) and suffix in DOWNLOADS


@dataclass(frozen=True)
class HtmlSource:
    """A URL in a piece of raw HTML, and its line there (from 1).

    `is_link` is for what is offered, not shown, `is_script` for what is run.
    """

    url: str
    line: int
    is_link: bool = False
    is_script: bool = False


def sources_in_html(html: str) -> list[HtmlSource]:
    """The URLs that a piece of raw HTML shows, runs or links to."""
    found: list[HtmlSource] = []
    for tag in start_tags(html):
        is_link, is_script = tag.name == "a", tag.name == "script"
        wanted = ("href",) if is_link else ("src",) if is_script else SOURCES.get(tag.name, ())
        found += [
            HtmlSource(value, tag.line, is_link, is_script)
            for name, value in tag.attributes
            if name in wanted and value
        ]
    return found
