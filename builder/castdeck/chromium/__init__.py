"""A headless Chromium for untrusted decks: it keeps its sandbox, and can access only the built site."""

from castdeck.chromium.find import find_chromium
from castdeck.chromium.page import Page
from castdeck.chromium.pipe import ChromiumError
from castdeck.chromium.process import chromium_page

__all__ = ["ChromiumError", "Page", "chromium_page", "find_chromium"]
