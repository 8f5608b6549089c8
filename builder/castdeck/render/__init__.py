"""Deck and casts to HTML: a page, and the folder that it lives in."""

from castdeck.render.files import LocalFile
from castdeck.render.page import Rendered, render_deck, render_page
from castdeck.render.site import site_files, write_index, write_site
from castdeck.render.slide import RenderedSlide, render_slide
from castdeck.render.theme import (
    ALIASES,
    DEFAULT_THEME,
    Theme,
    chosen_theme,
    deck_theme,
    known_themes,
    load_theme,
    theme_parts,
    theme_problems,
)

__all__ = [
    "ALIASES",
    "DEFAULT_THEME",
    "LocalFile",
    "Rendered",
    "RenderedSlide",
    "Theme",
    "chosen_theme",
    "deck_theme",
    "known_themes",
    "load_theme",
    "render_deck",
    "render_page",
    "render_slide",
    "site_files",
    "write_index",
    "theme_parts",
    "theme_problems",
    "write_site",
]
