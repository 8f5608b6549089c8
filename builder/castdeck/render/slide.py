"""One slide as a <section>: markdown-it's renderer, with rules for code, images and steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from castdeck.cast.model import Cast
from castdeck.deck.model import Block, Slide
from castdeck.errors import Problem
from castdeck.render.code import code_html
from castdeck.render.files import Image, as_url, find_file, is_local, sources_in_html
from castdeck.render.terminal import terminal_html

NOT_RECORDED = "not recorded"
BACKGROUNDS = ("data-background", "data-background-image", "data-background-video")


@dataclass
class _Work:
    """What one slide's rules share while it is rendered."""

    path: Path
    root: Path
    blocks: Mapping[str, Block]
    casts: Mapping[str, Cast]
    notices: Mapping[str, str]
    line: int
    images: list[Image] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def use(self, url: str, line: int) -> Image | str:
        found = find_file(url, self.path.parent, self.root)
        if isinstance(found, Image):
            self.images.append(found)
        else:
            hint = "Put the file beside the deck, or write its path as seen from there."
            self.problems.append(Problem(f"image {url!r} {found}", self.path, line, hint, code="missing-image"))
        return found


@dataclass(frozen=True)
class RenderedSlide:
    """A slide's <section>, the files that it shows and what is wrong with it."""

    html: str
    images: tuple[Image, ...]
    problems: tuple[Problem, ...]


def render_slide(
    slide: Slide,
    *,
    path: Path,
    root: Path,
    casts: Mapping[str, Cast],
    notices: Mapping[str, str],
) -> RenderedSlide:
    """The slide's HTML. `path` is the deck's file, `root` the outermost folder that it may show images of.

    A block in `casts` becomes a terminal; one that could run but has no cast says so, in the words of `notices`.
    """
    work = _Work(path, root, {block.name: block for block in slide.blocks}, casts, notices, slide.line)
    markdown = MarkdownIt("commonmark", {"html": True}, renderer_cls=_SlideRenderer).use(footnote_plugin)
    env: dict[str, Any] = {"castdeck": work}

    def render(tokens: Sequence[Token]) -> str:
        return str(markdown.renderer.render(tokens, markdown.options, env))

    first, *steps = [render(group) for group in step_groups(slide.tokens)]
    body = first + "".join(f'<div class="fragment step">\n{html}</div>\n' for html in steps)
    notes = f'<aside class="notes">\n{render(slide.notes)}</aside>\n' if slide.notes else ""
    attributes = "".join(
        f' {escape(name)}="{escape(value)}"' for name, value in _section_attributes(slide, work) if name != "id"
    )
    html = f'<section id="{escape(slide.id)}"{attributes}>\n<div class="body">\n{body}</div>\n{notes}</section>\n'
    return RenderedSlide(html, tuple(work.images), tuple(work.problems))


def step_groups(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens, cut at each step separator: what is there at once, then what each key press reveals."""
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "step":
            groups.append([])
        else:
            groups[-1].append(token)
    return groups


def _section_attributes(slide: Slide, work: _Work) -> Iterator[tuple[str, str]]:
    for name, value in slide.attributes.items():
        if name in BACKGROUNDS and is_local(value) and "." in value:
            found = work.use(value, slide.line)
            yield name, as_url(found.target) if isinstance(found, Image) else value
        else:
            yield name, value


class _SlideRenderer(RendererHTML):
    """Rules by token type; `env["castdeck"]` is the slide's _Work."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, work = tokens[idx], _work(env)
        block = work.blocks.get(str(token.meta.get("block", "")))
        words = token.info.split()
        language = words[0].strip("{}").lstrip(".") if words else ""
        if block is None:
            return code_html(token.content, language, info=token.info)
        if block.hidden:
            return ""
        if block.skip:
            return code_html(block.shown, block.language, info=token.info)
        if block.name in work.casts:
            return terminal_html(block, work.casts[block.name])
        badge = work.notices.get(block.name, NOT_RECORDED)
        return code_html(block.shown, block.language, info=token.info, badge=badge, block=block.name)

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return code_html(tokens[idx].content, "")

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        children = tokens[idx + 1].children or []
        _at(tokens[idx], env)
        if children and all(child.type in ("image", "softbreak") for child in children):
            tokens[idx].attrJoin("class", "figure")
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, work = tokens[idx], _work(env)
        url = str(token.attrs.get("src", ""))
        if is_local(url):
            found = work.use(url, work.line)
            if not isinstance(found, Image):
                return f'<span class="missing-image">{escape(url)}</span>'
            token.attrs["src"] = as_url(found.target)
        return super().image(tokens, idx, options, env)

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _work(env).line += 1
        return super().softbreak(tokens, idx, options, env)

    def hardbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _work(env).line += 1
        return super().hardbreak(tokens, idx, options, env)

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _at(tokens[idx], env)
        return self.html_inline(tokens, idx, options, env)

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        work, html = _work(env), tokens[idx].content
        for url, line in sources_in_html(html):
            if is_local(url):
                work.use(url, work.line + line - 1)
        return html

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _at(tokens[idx], env)
        return self.renderToken(tokens, idx, options, env)

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _at(tokens[idx], env)
        return self.renderToken(tokens, idx, options, env)


def _work(env: EnvType) -> _Work:
    work = env["castdeck"]
    assert isinstance(work, _Work)
    return work


def _at(token: Token, env: EnvType) -> None:
    """Remember the line that the renderer is at: inline tokens know none."""
    if token.map:
        _work(env).line = token.map[0] + 1
