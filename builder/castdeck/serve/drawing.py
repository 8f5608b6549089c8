"""Renders a slide as HTML, to be reused as long as the slide, its casts and its images stay the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it.token import Token

from castdeck.cast.model import Cast
from castdeck.deck import Slide
from castdeck.problems import Problem
from castdeck.render import LocalFile, render_slide
from castdeck.render.files import is_download, is_local, sources_in_html
from castdeck.serve.source import fingerprint
from castdeck.serve.view import Section, version


@dataclass(frozen=True)
class Drawing:
    """A rendered slide.

    `mark` is the slide's fingerprint, `blocks` the names of its blocks, `files` the paths that it refers to (which may
    not exist), `images` the files that it shows. The lines of `problems` count from the slide's first line, 0.
    """

    section: Section
    mark: int
    blocks: frozenset[str] = frozenset()
    files: frozenset[Path] = frozenset()
    images: tuple[LocalFile, ...] = ()
    problems: tuple[Problem, ...] = ()


def draw(slide: Slide, path: Path, root: Path, casts: Mapping[str, Cast], *, scripts: bool = False) -> Drawing:
    """Render one slide of the deck at `path`, which may show files of its own folder and of `root`.

    With `scripts`, the deck is trusted to run scripts of its own.
    """
    mark = fingerprint(slide)
    files = frozenset((folder / url).resolve() for folder, url in _sources(slide, path))
    rendered = render_slide(slide, path=path, root=root, casts=casts, notices={}, scripts=scripts)
    section = Section(slide.id, version(rendered.html), rendered.html, slide.vertical)
    problems = tuple(_moved(problem, -slide.line) for problem in rendered.problems)
    return Drawing(section, mark, frozenset(block.name for block in slide.blocks), files, rendered.images, problems)


def problems_of(drawing: Drawing, line: int) -> tuple[Problem, ...]:
    """The problems of a slide that begins at `line` of the file, with line numbers of the file."""
    return tuple(_moved(problem, line) for problem in drawing.problems)


def room_for(slide: Slide) -> Section:
    """A placeholder for a slide that is not rendered yet."""
    return Section(slide.id, "", f'<section id="{slide.id}"></section>\n', slide.vertical)


def _moved(problem: Problem, lines: int) -> Problem:
    return problem if problem.line is None else problem.at(line=problem.line + lines)


def _sources(slide: Slide, path: Path) -> Iterator[tuple[Path, str]]:
    """The local files that a slide refers to, each with the folder that its path is relative to."""
    backgrounds = [value for name, value in slide.attributes.items() if name.startswith("data-background")]
    named: list[tuple[Path, str]] = [((slide.path or path).parent, url) for url in backgrounds]
    for token in (*slide.tokens, *slide.notes):
        folder = (token.meta.get("path") or path).parent
        named += [(folder, url) for one in (token, *(token.children or ())) for url in _named(one)]
    for folder, url in named:
        if is_local(url):
            yield folder, url.partition("?")[0].partition("#")[0]


def _named(token: Token) -> list[str]:
    if token.type == "image":
        return [str(token.attrs.get("src", ""))]
    if token.type == "link_open":
        url = str(token.attrs.get("href", ""))
        return [url] if is_download(url) else []
    sources = sources_in_html(token.content) if token.type.startswith("html_") else []
    return [source.url for source in sources if not source.is_link or is_download(source.url)]
