"""castdeck's own language: also reads what is common to the other tools."""

from castdeck.deck.dialects.dialect import Dialect

CASTDECK = Dialect("castdeck", "castdeck")
