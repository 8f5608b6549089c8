"""Everything that a browser shows of a deck, as a frozen value that can be compared."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Columns = list[list[int]]


@dataclass(frozen=True)
class Section:
    """A slide's <section>. `key` changes with its HTML; it is "" for a placeholder."""

    id: str
    key: str
    html: str
    vertical: bool = False


@dataclass(frozen=True)
class View:
    """Everything that the page shows.

    `styles` and `files` are the versions of style sheets and images by URL; `shell` is that of the page around the
    slides. `problems` and `badges` (by block name) are JSON values. `edited` is the number, from 0, of the section that
    changed last; `edits` is the number of changes.
    """

    sections: tuple[Section, ...] = ()
    title: str = ""
    shell: str = ""
    styles: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Mapping[str, object], ...] = ()
    badges: Mapping[str, object] = field(default_factory=dict)
    edited: int = 0
    edits: int = 0


def version(content: str | bytes) -> str:
    """A short text that changes with the content."""
    data = content.encode() if isinstance(content, str) else content
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def columns(sections: Sequence[Section]) -> Columns:
    """The numbers of the sections by column: each column is a slide with those below it."""
    found: Columns = []
    for number, section in enumerate(sections):
        if section.vertical and number:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def sections_html(sections: Sequence[Section]) -> str:
    """The HTML of the sections; a column of more than one is in a <section> of its own."""
    parts: list[str] = []
    for column in columns(sections):
        html = "".join(sections[number].html for number in column)
        parts.append(f"<section>\n{html}</section>\n" if len(column) > 1 else html)
    return "".join(parts)
