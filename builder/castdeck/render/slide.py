"""One slide as a <section>: the deck's tokens through markdown-it's renderer, with rules for what castdeck adds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from markdown_it.token import Token

from castdeck.cast.model import Cast
from castdeck.cast.proof import Proof
from castdeck.deck.model import Slide
from castdeck.problems import Problem
from castdeck.render.context import RenderContext
from castdeck.render.files import LocalFile, as_url, is_local
from castdeck.render.layout import layout_of
from castdeck.render.rules import SlideRenderer
from castdeck.render.steps import wrapped_steps

BACKGROUNDS = ("data-background", "data-background-image", "data-background-video")
_RENDERER = SlideRenderer()


@dataclass(frozen=True)
class RenderedSlide:
    """A slide's <section>, the files that it shows and what is wrong with it."""

    html: str
    images: tuple[LocalFile, ...]
    problems: tuple[Problem, ...]


def render_slide(
    slide: Slide,
    *,
    path: Path,
    root: Path,
    casts: Mapping[str, Cast],
    notices: Mapping[str, str],
    scripts: bool = False,
    proofs: Mapping[str, Proof] | None = None,
    each_screen: bool = False,
) -> RenderedSlide:
    """The slide's HTML. `path` is the deck's file, `root` the outermost folder that it may show images of.

    `scripts`: the deck is trusted to run its own. `each_screen`: terminals have the screen after each command, for
    paper.

    A block in `casts` becomes a terminal, with a mark where it is in `proofs`; one that could run but has no cast says
    so, in the words of `notices`. The slide's tokens stay as they are.
    """
    blocks = {block.name: block for block in slide.blocks}
    work = RenderContext(
        path, root, blocks, casts, notices, slide.line, proofs or {}, scripts=scripts, each_screen=each_screen
    )
    body = _RENDERER.html(wrapped_steps(slide.tokens), work)
    notes = f'<aside class="notes">\n{_RENDERER.html(slide.notes, work)}</aside>\n' if slide.notes else ""
    attributes = "".join(f' {escape(name)}="{escape(value)}"' for name, value in _section_attributes(slide, work))
    html = f'<section id="{escape(slide.id)}"{attributes}>\n<div class="body">\n{body}</div>\n{notes}</section>\n'
    return RenderedSlide(html, tuple(work.images), tuple(work.problems))


def markdown_html(tokens: Sequence[Token], path: Path) -> str:
    """Tokens as HTML without a slide around them, for a deck at `path` that has no casts."""
    return _RENDERER.html(tokens, RenderContext(path, path.parent, {}, {}, {}, 1))


def _section_attributes(slide: Slide, work: RenderContext) -> Iterator[tuple[str, str]]:
    attributes: Mapping[str, str] = slide.attributes
    if layout := layout_of(slide):
        attributes = {**attributes, "class": f"{attributes.get('class', '')} {layout}".strip()}
    for name, value in attributes.items():
        if name in BACKGROUNDS and is_local(value) and "." in value:
            work.at(slide.line, slide.path)
            found = work.use(value)
            yield name, as_url(found.target) if isinstance(found, LocalFile) else value
        elif name != "id":
            yield name, value
