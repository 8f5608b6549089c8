"""Decks for the tests of rendering, made without a disk."""

from dataclasses import replace
from pathlib import Path

from castdeck.deck import Deck, Slide, parse_deck


def make_slide(text: str, *, id: str = "one", vertical: bool = False, notes: str = "", hidden: bool = False) -> Slide:
    """The one slide of a text, with an id and with notes of its own."""
    (slide,) = parse_deck(f"{text}\n\n{f'Note: {notes}' * bool(notes)}\n", Path("deck.md")).slides
    blocks = tuple(
        replace(block, name=f"{id}-{block.number}", slide_id=id, hidden=hidden or block.hidden, path=None)
        for block in slide.blocks
    )
    names = {old.name: new.name for old, new in zip(slide.blocks, blocks, strict=True)}
    for token in slide.tokens:
        if "block" in token.meta:
            token.meta["block"] = names[token.meta["block"]]
    return replace(slide, id=id, vertical=vertical, blocks=blocks, path=None)


def make_deck(*slides: Slide | str, path: Path = Path("deck.md"), **settings: object) -> Deck:
    made = [make_slide(slide) if isinstance(slide, str) else slide for slide in slides]
    return Deck(path, "A deck", made, settings)
