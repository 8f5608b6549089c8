"""A deck as a page to read and to print: its slides one below the other, each terminal session written out as text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from castdeck.cast.model import Cast
from castdeck.deck.model import Block, Deck, Slide
from castdeck.render.context import RenderContext
from castdeck.render.own_scripts import OwnScripts
from castdeck.render.rules import SlideRenderer
from castdeck.render.shown_commands import shown_commands
from castdeck.render.vendor import SCRIPTS, STYLES, content_security_policy
from castdeck.render.words import words_of

HANDOUT = "handout.html"


@dataclass(frozen=True)
class HandoutSlide:
    """A slide in the handout: its id and title, its text as HTML, its notes as HTML ("" without any)."""

    id: str
    title: str
    html: str
    notes: str


def handout_parts(deck: Deck, casts: Mapping[str, Cast], root: Path) -> tuple[HandoutSlide, ...]:
    """The slides of a deck as the handout has them. `root` is the outermost folder that it may show images of."""
    return tuple(_part(slide, deck.path, casts, root) for slide in deck.slides)


def render_handout(deck: Deck, parts: Sequence[HandoutSlide], *, notes: bool = False) -> str:
    """The handout's page, with the speaker's notes or not. It needs the files of the built deck's folder beside it."""
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    shown = [
        {"id": part.id, "title": part.title, "html": Markup(part.html), "notes": Markup(part.notes if notes else "")}
        for part in parts
    ]
    own = OwnScripts()
    html = environment.get_template("handout.html.j2").render(
        own=own.sign,
        lang=str(deck.settings.get("lang", "en")),
        title=deck.title,
        words=words_of(deck.settings),
        policy=content_security_policy(),
        parts=shown,
        styles=[STYLES[name] for name in sorted(deck.libraries) if name in STYLES],
        scripts=[SCRIPTS[name] for name in sorted(deck.libraries)],
    )
    return own.only(html)


def _part(slide: Slide, path: Path, casts: Mapping[str, Cast], root: Path) -> HandoutSlide:
    work = RenderContext(path, root, {block.name: block for block in slide.blocks}, casts, {}, slide.line)
    tokens = [token for token in slide.tokens if token.type != "step"]
    return HandoutSlide(slide.id, slide.title, _RENDERER.html(tokens, work), _RENDERER.html(slide.notes, work))


class _HandoutRenderer(SlideRenderer):
    """The slide's rules, but for recorded blocks."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        work: RenderContext = env["castdeck"]
        block = work.blocks.get(str(tokens[idx].meta.get("block", "")))
        if block and not block.hidden and not block.skip and block.name in work.casts:
            return "".join(_session(block, work.casts[block.name]))
        return super().fence(tokens, idx, options, env)


_RENDERER = _HandoutRenderer()


def _session(block: Block, cast: Cast) -> Iterator[str]:
    """A session as text: each command with a button that copies it, and what it printed."""
    yield f'<div class="session" data-block="{escape(block.name)}">'
    for one in shown_commands(block, cast):
        yield (
            f'<div class="typed"><pre><code>{escape(one.typed)}</code></pre>'
            f'<button type="button" class="copy" data-copy="{escape(one.typed)}">Copy</button></div>'
        )
        if one.output:
            yield f'<pre class="output">{escape(chr(10).join(one.output))}</pre>'
    yield "</div>\n"
