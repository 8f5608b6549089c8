"""castdeck's own language, which reads what other tools' languages share."""

from castdeck.deck.dialects.dialect import Dialect

CASTDECK = Dialect("castdeck", "castdeck")
