"""The habits of the tools that a deck may have been written for, a file a tool, and how to tell which it was."""

from castdeck.deck.dialects.castdeck import CASTDECK
from castdeck.deck.dialects.dialect import Dialect
from castdeck.deck.dialects.gitpitch import GITPITCH
from castdeck.deck.dialects.marp import MARP
from castdeck.deck.dialects.remark import REMARK
from castdeck.deck.dialects.reveal_md import REVEAL_MD
from castdeck.deck.dialects.slidev import SLIDEV

DIALECTS = {dialect.name: dialect for dialect in (CASTDECK, GITPITCH, MARP, REMARK, REVEAL_MD, SLIDEV)}
"""All of them by the name that `dialect:` gives."""

__all__ = ["CASTDECK", "DIALECTS", "Dialect"]
