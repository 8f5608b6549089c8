"""The same deck in other languages, for the page's switch."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from castdeck.deck import Deck
from castdeck.errors import CastdeckError
from castdeck.reading import deck_at
from castdeck.workspace import DeckPlace, language_in, languages


@dataclass(frozen=True)
class Version:
    """A deck in one language: its name, its address as seen from this one's page, and the ids of its slides."""

    name: str
    lang: str
    address: str
    slides: tuple[str, ...]

    def setting(self) -> dict[str, object]:
        """What the page's script reads."""
        return asdict(self)


def versions_of(place: DeckPlace, deck: Deck, address: Callable[[str], str]) -> tuple[Version, ...]:
    """The languages that the deck is there in, its own among them; none where it is the only one.

    `address` gives a deck's address by its name. What can't be read is left out.
    """
    found: list[Version] = []
    for name, path in languages(place).items():
        try:
            one = deck if name == place.name else deck_at(replace(place, path=path))[0]
        except (CastdeckError, OSError):
            continue
        lang = str(one.settings.get("lang") or language_in(name)[1] or "en")
        found.append(Version(name, lang, address(name), tuple(slide.id for slide in one.slides)))
    return tuple(found) if len(found) > 1 else ()
