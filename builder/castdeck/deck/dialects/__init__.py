"""Dialects: how decks written for other tools differ, one module per tool."""

from castdeck.deck.dialects.castdeck import CASTDECK
from castdeck.deck.dialects.deckset import DECKSET
from castdeck.deck.dialects.dialect import Dialect
from castdeck.deck.dialects.gitpitch import GITPITCH
from castdeck.deck.dialects.marp import MARP
from castdeck.deck.dialects.mdslides import MDSLIDES
from castdeck.deck.dialects.mdx import MDX
from castdeck.deck.dialects.pandoc import PANDOC
from castdeck.deck.dialects.presenterm import PRESENTERM
from castdeck.deck.dialects.quarto import QUARTO
from castdeck.deck.dialects.remark import REMARK
from castdeck.deck.dialects.reveal_md import REVEAL_MD
from castdeck.deck.dialects.slidev import SLIDEV

DIALECTS = {
    dialect.name: dialect
    for dialect in (
        CASTDECK,
        DECKSET,
        GITPITCH,
        MARP,
        MDX,
        MDSLIDES,
        PANDOC,
        PRESENTERM,
        QUARTO,
        REMARK,
        REVEAL_MD,
        SLIDEV,
    )  # fmt: skip
}
"""All dialects, by the name used in `dialect:`."""

__all__ = ["CASTDECK", "DIALECTS", "Dialect"]
