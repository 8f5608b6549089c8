"""Decks and casts for the tests of rendering, made without a disk."""

from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from castdeck.deck.model import Block, CommandLine, Deck, Slide


def make_slide(text: str, *, id: str = "one", vertical: bool = False, notes: str = "", hidden: bool = False) -> Slide:
    """A slide from markdown: `bash` fences become blocks, a line `--` a step."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens: list[Token] = []
    blocks: list[Block] = []
    for number, part in enumerate(text.split("\n--\n")):
        if number:
            tokens.append(Token("step", "", 0))
        for token in markdown.parse(part):
            if token.type == "fence" and token.info.split()[:1] in (["bash"], ["console"]):
                name = f"{id}-{len(blocks) + 1}"
                lines = tuple(CommandLine(line, 1) for line in token.content.splitlines())
                language, _, attributes = token.info.partition(" ")
                skip = ".norun" if "norun" in attributes else ""
                blocks.append(
                    Block(name, id, len(blocks) + 1, 1, language, token.content, lines, skip=skip, hidden=hidden)
                )
                token.meta["block"] = name
            tokens.append(token)
    return Slide(id, id, 1, tuple(tokens), tuple(blocks), vertical, tuple(markdown.parse(notes)))


def make_deck(*slides: Slide | str, path: Path = Path("deck.md"), **settings: object) -> Deck:
    made = [make_slide(slide) if isinstance(slide, str) else slide for slide in slides]
    return Deck(path, "A deck", made, settings)
