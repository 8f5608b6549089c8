"""Parses a deck's text into slides, blocks and problems. Pure: no disk, clock, process or network."""

from castdeck.deck.include import ReadFile, no_files
from castdeck.deck.markdown import markdown
from castdeck.deck.model import RUNNABLE_LANGUAGES, Block, CommandLine, Deck, Slide
from castdeck.deck.parse import parse_deck

__all__ = [
    "RUNNABLE_LANGUAGES",
    "Block",
    "CommandLine",
    "Deck",
    "ReadFile",
    "Slide",
    "markdown",
    "no_files",
    "parse_deck",
]
