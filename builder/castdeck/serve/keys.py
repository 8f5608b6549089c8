"""Secret keys in the addresses of decks' frames.

A deck's page is in a sandboxed frame without an origin, so its requests for its own files look like those of other
sites. A key in their path identifies them instead. A key opens one deck, and only the files that it shows.
"""

import re
import secrets
from collections import defaultdict, deque
from dataclasses import dataclass, field

_LENGTH = 18  # bytes
_MOST = 16  # keys per deck: its own, and those of pages opened before a restart of the preview
_KEY = re.compile(r"[\w-]{20,40}", re.ASCII)
_IN_PATH = re.compile(r"(?:/[^/]+)?/deck/([\w-]{20,40})/", re.ASCII)


@dataclass
class DeckKeys:
    """The keys of all decks, by deck."""

    _of: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=_MOST)))

    def of(self, deck: str) -> str:
        """The deck's own key."""
        if not self._of[deck]:
            self._of[deck].append(secrets.token_urlsafe(_LENGTH))
        return self._of[deck][0]

    def accept(self, deck: str, key: str) -> None:
        """Accept a key of a page that was served by a previous preview."""
        own = self.of(deck)
        if _KEY.fullmatch(key) and key not in self._of[deck]:
            known = [one for one in self._of[deck] if one != own]
            self._of[deck] = deque((own, *known[-_MOST + 2 :], key), maxlen=_MOST)

    def opens(self, deck: str, key: str) -> bool:
        """Whether the key is one of the deck's."""
        return any(secrets.compare_digest(key.encode(), one.encode()) for one in self._of.get(deck, ()))

    def open_path(self, path: str) -> bool:
        """Whether a path contains a key, of any deck."""
        found = _IN_PATH.match(path)
        return found is not None and any(self.opens(deck, found[1]) for deck in list(self._of))
