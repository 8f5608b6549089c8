"""`castdeck present`: a deck in the classroom."""

import secrets
import threading
import webbrowser
from pathlib import Path

import click

from castdeck.cast.model import Cast
from castdeck.cli.build import rendered_deck
from castdeck.cli.console import result, say
from castdeck.cli.dense import without_dense
from castdeck.cli.options import recordings_option, theme_option
from castdeck.cli.record import in_languages, read_deck
from castdeck.cli.tty import has_colors
from castdeck.deck import Deck
from castdeck.render import site_files
from castdeck.render.vendor import LIBRARY
from castdeck.render.versions import versions_of
from castdeck.trust import is_trusted, trusted_folder
from castdeck.workspace import DeckPlace, deck_names, find_deck, find_workspace, languages

CLASS_IDLE = 1800.0  # seconds without a key, after which a machine is ended
CLASS_TOTAL = 4 * 3600.0  # seconds of a machine's life
CLASS_COOKIE = "castdeck-class"
SCRIPT = f"{LIBRARY}present.js"
LOADS_SCRIPT = f'<script src="{SCRIPT}"></script>\n'


@click.command(short_help="Present DECK, with your phone as remote control.")
@click.argument("deck")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 lets your phone connect."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The first port to try.")
@click.option("--open", "open_browser", is_flag=True, help="Open the browser.")
@theme_option
@recordings_option
@click.option(
    "--class",
    "students",
    default=0,
    type=click.IntRange(0, 200),
    metavar="N",
    help="Let up to N students each use a machine of their own.",
)
def present(
    deck: str, host: str, port: int, open_browser: bool, theme: str, recordings: Path | None, students: int
) -> None:
    """Present DECK, built from existing recordings, with your phone as remote control.

    \b
    castdeck present docker --open
    castdeck present docker --host 0.0.0.0
    castdeck present docker --host 0.0.0.0 --class 20
    """
    # Here, so that --help loads no web server.
    from castdeck.present.app import INDEX, Classroom, Presentation, application
    from castdeck.present.pages import script
    from castdeck.present.school import CLASS
    from castdeck.present.words import class_words
    from castdeck.record.settings import settings_of
    from castdeck.serve.frame import POLICY_BY_HEADER
    from castdeck.serve.guard import Door, Guard
    from castdeck.serve.run import answer_requests, is_loopback, listen
    from castdeck.terminals.hall import Hall, room_for
    from castdeck.terminals.of_deck import DeckShown

    workspace = find_workspace(Path.cwd())
    place = find_deck(in_languages(deck, deck_names(workspace))[0], workspace, recordings)
    read = without_dense(place, read_deck(place), theme)

    def built(one: DeckPlace, its_deck: Deck) -> tuple[dict[str, str | Path], dict[str, Cast]]:
        """A deck's files, and its casts. Those of other languages stand in folders of their names."""
        root = "" if one is place else "../"
        versions = versions_of(one, its_deck, lambda name: f"{root}{f'{name}/' * (name != place.name)}{INDEX}")
        page = rendered_deck(one, its_deck, theme, policy=POLICY_BY_HEADER, live=LOADS_SCRIPT, versions=versions)
        return {**site_files(*page), SCRIPT: str(script("deck.js"))}, page[1]

    files, casts = built(place, read)
    others = {name: find_deck(str(path), workspace) for name, path in languages(place).items() if name != place.name}
    for name, other in others.items():
        theirs, _ = built(other, without_dense(other, read_deck(other), theme))
        files |= {f"{name}/{path}": content for path, content in theirs.items()}
    words = class_words(read.settings)
    lang, scripts = str(read.settings.get("lang", "en")), is_trusted(trusted_folder(place.path, place.workspace))
    presentation = Presentation(read.title, lang, words, files, scripts, tuple(others))
    hall = Hall(words=words)
    if students:
        most = room_for(settings_of(read, place.workspace).definition, students)
        hall = Hall(most_owned=most, idle=CLASS_IDLE, total=CLASS_TOTAL, is_expected=True, words=words)
    shown = DeckShown(read, place.workspace, lambda block: casts.get(block.name))
    classroom = Classroom(presentation, shown, students, hall=hall)
    token = "" if is_loopback(host) and not students else secrets.token_urlsafe(16)
    listener = listen(host, port, token)
    door = Door(f"{CLASS}/", secrets.token_urlsafe(16), CLASS_COOKIE) if students else None

    def started() -> None:
        for address in listener.addresses:
            result(address)
        _tell_of_remote(listener.addresses[-1], others=not is_loopback(host))
        if door:
            _tell_of_class(listener.addresses[-1], door.token, hall.most_owned)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(listener.addresses[0],), daemon=True).start()

    app = Guard(application(classroom, started), token, classroom.opens, door)
    try:
        answer_requests(app, listener)
    except KeyboardInterrupt:
        say("The presentation has ended.")


def _tell_of_remote(address: str, *, others: bool) -> None:
    """Say where the presenter's phone finds its page."""
    remote = address.replace("/?", "/remote?") if "?" in address else f"{address}remote"
    if not others:
        say(f"Your notes, for another window (for your phone, add --host 0.0.0.0):\n{remote}")
    else:
        say(f"Your phone's page, with notes and buttons; keep it to yourself:\n{remote}")
        _draw(remote)
    say("Ctrl-C ends the presentation.")


def _tell_of_class(address: str, token: str, machines: int) -> None:
    """Say where students find their page, the trainer the list of them, and how many machines there can be."""
    start, _, query = address.partition("/?")
    say(f"The class, for you:\n{start}/students?{query}")
    say(f"For the class, {machines} machines at a time (as much memory is free):")
    result(f"{start}/class/?token={token}")
    _draw(f"{start}/class/?token={token}")


def _draw(address: str) -> None:
    """Draw an address for phones, where a person looks at the terminal."""
    from castdeck.present.qr import qr_terminal

    if has_colors():
        click.echo(qr_terminal(address), err=True)
