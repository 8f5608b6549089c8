"""`--split-dense`: slides that are too full go on on further slides, where the author lets them."""

from collections.abc import Mapping, Sequence

from castdeck.check.dense import dense_cuts
from castdeck.chromium import find_chromium
from castdeck.cli.build import rendered_deck
from castdeck.cli.console import say
from castdeck.deck import Deck
from castdeck.deck.split import split
from castdeck.errors import CastdeckError
from castdeck.leftovers import temporary_folder
from castdeck.render import write_site
from castdeck.workspace import DeckPlace

SETTING, SPLIT = "dense", "split"


def without_dense(place: DeckPlace, deck: Deck, theme: str, *, wanted: bool = False, quiet: bool = False) -> Deck:
    """The deck with its dense slides cut, where `wanted` or the front matter's `dense: split` asks for it.

    What was cut is told, unless `quiet`, and always what could not be.
    """
    if not wanted and deck.settings.get(SETTING) != SPLIT:
        return deck
    program = find_chromium()
    if program is None:
        say("Chromium is not installed: dense slides are not split")
        return deck
    try:
        with temporary_folder("castdeck-dense-") as folder:
            index = write_site(*rendered_deck(place, deck, theme, told=False), folder / "deck")
            cuts = dense_cuts(deck, index, program)
    except CastdeckError as error:
        say(f"dense slides are not split: {error.problem.message}")
        return deck
    _tell(deck, cuts, quiet=quiet)
    return split(deck, cuts)


def _tell(deck: Deck, cuts: Mapping[str, Sequence[int]], *, quiet: bool) -> None:
    lines = {slide.id: f"{deck.file_of(slide).name}:{slide.line}" for slide in deck.slides}
    for name, places in cuts.items():
        if places and not quiet:
            say(f"{lines[name]}: slide {name!r} is too full, and continues on {len(places)} more")
        elif not places:
            say(f"{lines[name]}: slide {name!r} is too full, and can't be split automatically: split it by hand")
