"""markdown-it's renderer with rules for code, images, maths, diagrams, footnotes. It leaves the tokens as they are."""

from collections.abc import Sequence
from html import escape
from pathlib import PurePosixPath
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from castdeck.addresses import split_address
from castdeck.codes import Code
from castdeck.deck.attributes import joined
from castdeck.deck.cjk import is_cjk
from castdeck.deck.tasks import BOX
from castdeck.gate import media_type
from castdeck.render.code import code_html
from castdeck.render.context import RenderContext
from castdeck.render.files import LocalFile, as_url, is_download, is_local, sources_in_html
from castdeck.render.qr import qr_fault, qr_html
from castdeck.render.terminal import terminal_html

NOT_RECORDED = "not recorded"


class SlideRenderer(RendererHTML):
    """Rules by token type; `env["castdeck"]` is the slide's Work."""

    def __init__(self) -> None:
        super().__init__()
        self.rules.pop("html", None)
        self._options = MarkdownIt("commonmark", {"html": True}).options

    def html(self, tokens: Sequence[Token], work: RenderContext) -> str:
        """Block tokens as HTML."""
        env: dict[str, object] = {"castdeck": work}
        return self.render(tokens, self._options, env)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, work = tokens[idx], _work(env)
        if token.info == "mermaid":
            attributes = self._attributes(token, "diagram")
            return f'<div{attributes} role="figure"><pre>{escape(token.content)}</pre></div>\n'
        if token.info == "math":
            return _math(token.content, "div")
        if token.info == "qr":
            if fault := qr_fault(token.content):
                work.at_token(token)
                work.note(Code.LONG_QR, fault, "take a shorter one, such as one that redirects", token.info)
            return qr_html(token.content)
        highlight, title = str(token.meta.get("highlight", "")), str(token.meta.get("title", ""))
        block = work.blocks.get(str(token.meta.get("block", "")))
        if block is None:
            language = token.info.split()[0] if token.info.strip() else ""
            first, index = token.meta.get("first_line"), token.meta.get("fragment_index")
            return code_html(
                token.content,
                language,
                highlight=highlight,
                title=title,
                first_line=first,
                fragment_index=index,
                attributes=self._attributes(token, "code-box"),
            )
        if block.file:
            return code_html(block.shown, block.language, highlight=highlight, title=block.file)
        if block.hidden:
            return ""
        if block.skip:
            return code_html(block.shown, block.language, highlight=highlight, title=title)
        if block.name in work.casts:
            beside = _is_in_column(tokens, idx)
            cast, proof = work.casts[block.name], work.proofs.get(block.name)
            return terminal_html(block, cast, proof, beside=beside, each_screen=work.each_screen)
        badge = work.notices.get(block.name, NOT_RECORDED)
        return code_html(block.shown, block.language, highlight=highlight, badge=badge, block=block.name)

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return code_html(tokens[idx].content, "")

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _work(env).at_token(tokens[idx])
        images = _images(tokens, idx)
        if not images:
            return self.renderToken(tokens, idx, options, env)
        return f"<{_figure_tag(images)}{self._attributes(tokens[idx], 'figure')}>"

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        images = _images(tokens, idx - 2)
        return f"</{_figure_tag(images)}>\n" if images else self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, work = tokens[idx], _work(env)
        url, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
        if is_local(url):
            found = work.use(url)
            if not isinstance(found, LocalFile):
                return f'<span class="missing-image">{escape(url)}</span>'
            url = as_url(found.target)
        kind = (media_type(PurePosixPath(unquote(split_address(url).path))) or "").partition("/")[0]
        if kind in ("video", "audio"):
            return self._player(kind, token, url, self.renderInlineAsText(token.children, options, env))
        is_figure = title and all(map(_is_of_figure, tokens))
        alt = self.renderInlineAsText(token.children, options, env)
        attributes = {**token.attrs, "src": url, "alt": alt}
        if is_figure:
            attributes.pop("title")
        written = "".join(f' {escape(name)}="{escape(str(value))}"' for name, value in attributes.items())
        image = f"<img{written}{' /' if options['xhtmlOut'] else ''}>"
        return f"<figure>{image}<figcaption>{escape(title)}</figcaption></figure>" if is_figure else image

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _work(env).line += 1
        before = tokens[idx - 1].content[-1:] if idx else ""
        after = tokens[idx + 1].content[:1] if idx + 1 < len(tokens) else ""
        return "" if is_cjk(before) and is_cjk(after) else super().softbreak(tokens, idx, options, env)

    def hardbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _work(env).line += 1
        return super().hardbreak(tokens, idx, options, env)

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _math(tokens[idx].content, "span")

    def math_inline_double(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<span class="math" data-display="">{escape(tokens[idx].content.strip())}</span>'

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _math(tokens[idx].content, "div")

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<sup class="footnote-ref">{tokens[idx].meta["number"]}</sup>'

    def slot(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return ""

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _work(env).at_token(tokens[idx])
        return self.html_inline(tokens, idx, options, env)

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        html = tokens[idx].content
        if "=" in html:
            for source in sources_in_html(html):
                if source.is_script:
                    _work(env).run(source.url, source.line - 1)
                elif source.is_link and is_download(source.url):
                    _work(env).offer(source.url, source.line - 1)
                elif not source.is_link and is_local(source.url):
                    _work(env).use(source.url, source.line - 1)
        if html.startswith(BOX):
            return f'{BOX} aria-label="{escape(_words(tokens[idx + 1 :]))}"{html.removeprefix(BOX)}'
        return html

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        url = str(tokens[idx].attrs.get("href", ""))
        found = _work(env).offer(url) if is_download(url) else ""
        if not isinstance(found, LocalFile):
            return self.renderToken(tokens, idx, options, env)
        rest = split_address(url)
        href = (
            as_url(found.target)
            + (f"?{rest.query}" if rest.query else "")
            + (f"#{rest.fragment}" if rest.fragment else "")
        )
        attributes = {**tokens[idx].attrs, "href": href}
        return "<a" + "".join(f' {escape(name)}="{escape(str(value))}"' for name, value in attributes.items()) + ">"

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _work(env).at_token(tokens[idx])
        return self.renderToken(tokens, idx, options, env)

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _work(env).at_token(tokens[idx])
        return self.renderToken(tokens, idx, options, env)

    def _player(self, kind: str, token: Token, url: str, alt: str) -> str:
        """`![A demo](demo.mp4)` as a video."""
        label = {"aria-label": alt} if alt else {}
        attributes = {**token.attrs, "src": url, "controls": "", "preload": "metadata", **label}
        attributes.pop("alt", None)
        written = "".join(f' {escape(name)}="{escape(str(value))}"' for name, value in attributes.items())
        return f"<{kind}{written}></{kind}>"

    def _attributes(self, token: Token, name: str) -> str:
        """The attributes that the author gave, with the class that castdeck gives."""
        attributes = joined({"class": name}, {name: str(value) for name, value in token.attrs.items()})
        return "".join(f' {escape(name)}="{escape(value)}"' for name, value in attributes.items())


def _work(env: EnvType) -> RenderContext:
    work = env["castdeck"]
    assert isinstance(work, RenderContext)
    return work


def _words(children: Sequence[Token]) -> str:
    """Inline tokens as they are read aloud."""
    texts: list[str] = []
    for child in children:
        if child.type == "image":
            texts.append(_words(child.children or ()))
        elif child.type != "html_inline":
            texts.append(" " if child.type.endswith("break") else child.content)
    return " ".join("".join(texts).split())


def _is_in_column(tokens: Sequence[Token], idx: int) -> bool:
    """Whether what stands there has something beside it."""
    opened: list[bool] = []
    for token in tokens[:idx]:
        if token.type == "div_open":
            opened.append("column" in str(token.attrs.get("class", "")).split())
        elif token.type == "div_close" and opened:
            opened.pop()
    return any(opened)


def _images(tokens: Sequence[Token], idx: int) -> list[Token]:
    """The images of a paragraph that holds nothing else."""
    children = tokens[idx + 1].children or []
    return children if children and not tokens[idx].hidden and all(map(_is_of_figure, children)) else []


def _is_of_figure(token: Token) -> bool:
    """Whether an inline token is an image, or the room between two."""
    return token.type in ("image", "softbreak") or (token.type == "text" and not token.content.strip())


def _figure_tag(images: Sequence[Token]) -> str:
    """A paragraph can't hold figures."""
    return "div" if any(image.attrs.get("title") for image in images) else "p"


def _math(tex: str, tag: str) -> str:
    display = ' data-display=""' if tag == "div" else ""
    return f'<{tag} class="math"{display}>{escape(tex.strip())}</{tag}>' + ("\n" if tag == "div" else "")
