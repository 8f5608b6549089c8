"""One page that shows a deck in several themes side by side; its keys move all of them."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup

from castdeck.render.vendor import script_hash

SCRIPT = Path(__file__).parent / "browser" / "themes.js"


def theme_sheet(title: str, lang: str, themes: Sequence[str]) -> str:
    """The page, beside a folder for each theme with the deck built in it."""
    script = SCRIPT.read_text(encoding="utf-8")
    policy = f"default-src 'none'; script-src {script_hash(script)}; style-src 'unsafe-inline'; frame-src 'self' file:"
    return _page().render(title=title, lang=lang, themes=themes, script=Markup(script), policy=policy)


@cache
def _page() -> Template:
    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template("themes.html.j2")
