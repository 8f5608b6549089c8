"""A deck and its casts as one page."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypedDict

from jinja2 import FileSystemLoader, TemplateError, TemplateSyntaxError
from markupsafe import Markup

from castdeck.cast.model import Cast
from castdeck.cast.proof import Proof
from castdeck.codes import Code
from castdeck.deck.model import PLAY_MODES, Deck
from castdeck.deck.sandbox import Sandbox
from castdeck.errors import WorkspaceError
from castdeck.problems import Place, Problem
from castdeck.render.files import LocalFile
from castdeck.render.handout import HANDOUT, handout_parts, render_handout
from castdeck.render.own_scripts import OwnScripts
from castdeck.render.search import search_script
from castdeck.render.slide import RenderedSlide, render_slide
from castdeck.render.theme import LAYOUT, Theme
from castdeck.render.vendor import SCRIPTS, STYLES, content_security_policy
from castdeck.render.versions import Version
from castdeck.render.words import words_of
from castdeck.repository import repository_of
from castdeck.suggest import suggest

PAGE = "page.html.j2"
LAYOUT_VALUES = ("lang", "theme_name", "title")
MOST_ADDED = 1 << 20  # characters that a theme's layout adds to a page
BYLINE = ("author", "date")
BYLINE_TYPES = (str, int, date)
REVEAL_SETTINGS = {
    "width": 1280,
    "height": 720,
    "margin": 0.0,
    "minScale": 0.1,
    "maxScale": 6.0,
    "center": False,
    "hash": True,
    "fragmentInURL": True,
    "controls": True,
    "controlsTutorial": False,
    "progress": True,
    "slideNumber": "c/t",
    "transition": "none",
    "backgroundTransition": "none",
    "pdfSeparateFragments": False,
    "pdfMaxPagesPerSlide": 1,
    "scrollActivationWidth": 0,
    "rtl": False,
}

LOADING = ("dependencies", "plugins")
"""reveal.js's settings that name scripts, which it would load itself: from files that the deck offers for download."""

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left."""


@dataclass(frozen=True)
class Rendered:
    """A page: its HTML, the files that it shows, and what is wrong with the deck (warnings, in order of lines).

    `handout` is the page to read and print, `search` the script that tells the workspace's index of the deck's words.
    `libraries` names the browser libraries that it loads besides those of every deck.
    """

    html: str
    images: tuple[LocalFile, ...]
    problems: tuple[Problem, ...]
    handout: str = ""
    search: str = ""
    libraries: frozenset[str] = frozenset()


def render_deck(
    deck: Deck,
    casts: Mapping[str, Cast],
    theme: Theme,
    notices: Mapping[str, str] | None = None,
    *,
    root: Path | None = None,
    handout_notes: bool = False,
    policy: str = "",
    live: str = "",
    scripts: bool = False,
    proofs: Mapping[str, Proof] | None = None,
    versions: Sequence[Version] = (),
    each_screen: bool = False,
) -> Rendered:
    """The whole page. `casts`, `notices` and `proofs` are keyed by `Block.name`; a notice says why a block has no cast.

    `root` is the workspace: pictures lie in it or in the deck's own folder, or (where there is none) in the deck's git
    repository. `handout_notes` puts the speaker's notes into the handout; `policy` is the page's where it is not the
    usual one; `scripts`: the deck is trusted to run its own; `versions` are its languages; `each_screen`: terminals
    have the screen after each command, for paper.
    Raises WorkspaceError where the theme's layout is no Jinja template that works.
    """
    folder = deck.path.parent
    root = root or repository_of(folder)
    slides = [
        render_slide(
            slide,
            path=deck.path,
            root=root or folder,
            casts=casts,
            notices=notices or {},
            scripts=scripts,
            proofs=proofs,
            each_screen=each_screen,
        )
        for slide in deck.slides
    ]
    policy = policy or content_security_policy(scripts=scripts)
    html = render_page(
        deck, theme, "".join(_stacked(deck, slides)), policy=policy, live=live, scripts=scripts, versions=versions
    )
    images = {image.target: image for slide in slides for image in slide.images}
    problems = [problem for slide in slides for problem in slide.problems]
    parts = handout_parts(deck, casts, root or folder)
    return Rendered(
        html,
        tuple(images.values()),
        (*_play_problems(deck), *problems),
        render_handout(deck, parts, notes=handout_notes),
        search_script(deck, parts),
        deck.libraries,
    )


def render_page(
    deck: Deck,
    theme: Theme,
    sections: str,
    *,
    live: str = "",
    libraries: frozenset[str] = frozenset(),
    policy: str = "",
    scripts: bool = False,
    versions: Sequence[Version] = (),
) -> str:
    """The page around `sections`. `live` is HTML that the preview adds: its script runs before reveal.js starts.

    `libraries` are loaded besides those that the deck needs; `policy` is in place of a built deck's; `scripts`: the
    deck is trusted to run its own; `versions` are the languages that the page can be switched to.

    Raises WorkspaceError where the theme's layout is no Jinja template that works.
    """
    settings = page_settings(deck.settings)
    for_scripts = settings | {"versions": [version.setting() for version in versions]}
    needed = sorted(deck.libraries | libraries)
    own = OwnScripts()
    html = _page(
        theme,
        own=own.sign,
        lang=str(deck.settings.get("lang", "en")),
        title=deck.title,
        footer=settings["footer"],
        handout="" if live else HANDOUT,
        theme_name=theme.name,
        policy=policy or content_security_policy(),
        width=settings["reveal"]["width"],
        height=settings["reveal"]["height"],
        settings=Markup(json.dumps(for_scripts).replace("<", "\\u003c")),
        slides=Markup(sections),
        live=Markup(live),
        styles=[STYLES[name] for name in needed if name in STYLES],
        scripts=[SCRIPTS[name] for name in needed],
    )
    return own.all(html) if scripts or live else own.only(html)


class PageSettings(TypedDict):
    """What the page's scripts read, as JSON values; `reveal` has reveal.js's own settings."""

    play: object
    words: dict[str, str]
    footer: str
    byline: list[str]
    resume: bool
    reveal: dict[str, object]


def page_settings(settings: Mapping[str, object]) -> PageSettings:
    """What the page's scripts read: `play`, `resume`, and reveal.js's own settings with the deck's laid over them.

    A deck sets one of REVEAL_SETTINGS by its name at the top of the front matter; any other, but LOADING, under
    `reveal:`.
    """
    reveal: dict[str, object] = dict(REVEAL_SETTINGS)
    reveal |= {name: settings[name] for name in REVEAL_SETTINGS if name in settings}
    reveal["rtl"] = settings.get("rtl", str(settings.get("lang", "")).split("-")[0].lower() in RIGHT_TO_LEFT) is True
    more = settings.get("reveal", {})
    reveal |= {name: value for name, value in more.items() if name not in LOADING} if isinstance(more, dict) else {}
    for side in ("width", "height"):
        if not isinstance(reveal[side], int | float):
            reveal[side] = REVEAL_SETTINGS[side]
    play = settings.get("play", PLAY_MODES[0])
    return {
        "play": play if play in PLAY_MODES else PLAY_MODES[0],
        "words": dict(words_of(settings)),
        "footer": str(settings.get("footer", "")),
        "byline": [str(settings[name]) for name in BYLINE if isinstance(settings.get(name), BYLINE_TYPES)],
        "resume": settings.get("resume", True) is not False,
        "reveal": json.loads(json.dumps(reveal, default=str)),
    }


def _play_problems(deck: Deck) -> Iterator[Problem]:
    play = deck.settings.get("play", PLAY_MODES[0])
    if play not in PLAY_MODES:
        hint = suggest(str(play), PLAY_MODES)
        yield Problem(Code.INVALID_SETTING, Place(deck.path), f"play: {play!r} is not known", hint, "play:")


def _stacked(deck: Deck, rendered: list[RenderedSlide]) -> Iterator[str]:
    """The slides' HTML; a slide with vertical ones below it stands with them in a <section> of their own."""
    below = [slide.vertical for slide in deck.slides] + [False]
    for number, slide in enumerate(rendered):
        vertical = below[number] and number > 0
        opens = below[number + 1] and not vertical
        closes = vertical and not below[number + 1]
        yield ("<section>\n" if opens else "") + slide.html + ("</section>\n" if closes else "")


def _page(theme: Theme, /, **values: object) -> str:
    environment = Sandbox(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    try:
        if not theme.layout:
            return environment.get_template(PAGE).render(**values)
        template = environment.from_string(environment.layout(theme.layout, PAGE, LAYOUT_VALUES))
        return _bounded(template.generate(**values), len(str(values["slides"])) + MOST_ADDED)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError, MemoryError) as error:
        line = error.lineno if isinstance(error, TemplateSyntaxError) else None
        reason = getattr(error, "message", None) or error
        path = Path("themes", theme.name, LAYOUT)
        hint = f"docs/themes.md says what a {LAYOUT} can hold"
        raise WorkspaceError(f"the theme's layout: {reason}", path=path, line=line, hint=hint) from error


def _bounded(pieces: Iterable[str], most: int) -> str:
    found: list[str] = []
    for piece in pieces:
        most -= len(piece)
        if most < 0:
            raise ValueError("it makes the page too large")
        piece.encode()  # which fails for half a character
        found.append(piece)
    return "".join(found)
