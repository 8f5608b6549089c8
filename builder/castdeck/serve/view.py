"""What a browser shows of a deck, as one frozen, comparable value."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Columns = list[list[int]]


@dataclass(frozen=True)
class Section:
    """A slide's <section>. `key` changes with its HTML; it is "" while the HTML is only a place to be filled."""

    id: str
    key: str
    html: str
    vertical: bool = False


@dataclass(frozen=True)
class View:
    """Everything that the page shows.

    `styles` and `files` give each style sheet's and image's version by its address; `shell` is the version of the page
    around the slides. `problems` and `badges` (by block name) are JSON values. `edited` is the number of the section
    that changed last, counted from 0, and `edits` how often that was.
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
    """The numbers of the sections, one list a column: a slide, and with it those that stand below it."""
    found: Columns = []
    for number, section in enumerate(sections):
        if section.vertical and number:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def sections_html(sections: Sequence[Section]) -> str:
    """The sections as the page holds them: a column of several in a <section> of its own."""
    parts: list[str] = []
    for column in columns(sections):
        html = "".join(sections[number].html for number in column)
        parts.append(f"<section>\n{html}</section>\n" if len(column) > 1 else html)
    return "".join(parts)
