"""What the index of a workspace searches: each built deck's words, and the index itself.

A page opened from a disk can't fetch a file beside it, but it can load a script: so a deck's words are a script.
"""

import json
import re
from collections.abc import Iterable, Sequence
from html import escape, unescape
from pathlib import Path

from castdeck.deck.model import Deck
from castdeck.render.bundle import bundle_scripts
from castdeck.render.files import as_url
from castdeck.render.handout import HandoutSlide
from castdeck.render.vendor import script_hash

SEARCH = "search.js"
INDEX_SIGN = '<meta name="generator" content="castdeck index">'
_TAG = re.compile(r"Copy</button>|<[^<>]*>")
_PAGE = Path(__file__).with_name("index.html")


def search_script(deck: Deck, parts: Sequence[HandoutSlide]) -> str:
    """The script that tells the index of a deck: its title, and each slide's id, title and words."""
    slides = [[part.id, part.title, words(part.html)] for part in parts]
    text = json.dumps({"title": deck.title, "slides": slides}, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"(window.castdeckDecks ??= []).push({{folder: document.currentScript.dataset.deck, ...{text}}});\n"


def words(html: str) -> str:
    """The text of a piece of HTML."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def render_index(decks: Iterable[str]) -> str:
    """The page that lists the built decks in these folders beside it, and searches them."""
    script = bundle_scripts(entry="index.js")
    sources = "".join(
        f'<script src="{escape(as_url(deck))}/{SEARCH}" data-deck="{escape(deck)}"></script>\n' for deck in decks
    )
    policy = f"default-src 'none'; script-src 'self' {script_hash(script)}; style-src 'unsafe-inline'"
    page = _PAGE.read_text(encoding="utf-8")
    return page.replace("{{ policy }}", policy).replace("{{ sources }}", sources).replace("{{ script }}", script)
