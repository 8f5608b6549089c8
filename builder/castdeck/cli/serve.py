"""`castdeck serve`: the live preview."""

import secrets
import threading
import webbrowser
from pathlib import Path
from urllib.parse import urlsplit

import click

from castdeck.cli.console import result, say, say_problem
from castdeck.cli.options import recordings_option, theme_option
from castdeck.cli.record import in_languages
from castdeck.errors import WorkspaceError
from castdeck.workspace import DeckPlace, deck_names, find_deck, find_workspace, languages


@click.command()
@click.argument("deck", required=False, default="")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; 0.0.0.0 lets other computers connect.",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The first port to try.")
@click.option("--open", "open_browser", is_flag=True, help="Open the browser.")
@click.option("--follow", is_flag=True, help="Go to the slide that was changed last.")
@click.option("--poll", is_flag=True, help="Poll the files for changes: for network drives and containers.")
@click.option("--record", is_flag=True, help="Record stale blocks in the background; without it, press r.")
@theme_option
@recordings_option
def serve(
    deck: str,
    host: str,
    port: int,
    open_browser: bool,
    follow: bool,
    poll: bool,
    record: bool,
    theme: str,
    recordings: Path | None,
) -> None:
    """Show a deck in the browser, and update the page when you save. Without DECK, show an index of all decks.

    \b
    castdeck serve docker --open
    castdeck serve path/to/any.md --follow
    castdeck serve docker --host 0.0.0.0
    """
    from castdeck.serve.decks import Decks  # here, so that --help waits for no web server to load
    from castdeck.serve.live import LiveDeck
    from castdeck.serve.preview import Preview
    from castdeck.serve.run import answer, helper_process, is_loopback, listen

    workspace = find_workspace(Path.cwd())

    def open_deck(name: str) -> LiveDeck:
        if not only and name not in (family or deck_names(workspace)):
            raise WorkspaceError("there is no deck of that name")
        preview = Preview(find_deck(str(family.get(name, name)), workspace, recordings), theme)
        return LiveDeck(preview, process, poll=poll, follow=follow, record=record, say=say_problem)

    def places() -> list[DeckPlace]:
        if family:
            return [find_deck(str(path), workspace, recordings) for path in family.values()]
        return [find_deck(name, workspace, recordings) for name in deck_names(workspace)]

    only = deck or None
    family: dict[str, Path] = {}
    below = ""
    if recordings and not only:
        raise click.UsageError("--recordings takes one deck: name it")
    if only:
        place = find_deck(in_languages(only, deck_names(workspace))[0], workspace, recordings)
        family = languages(place)
        if family:  # each stands below an address of its own, so that the page can be switched
            only, below = None, f"{place.name}/"
    token = "" if is_loopback(host) else secrets.token_urlsafe(16)
    listener = listen(host, port, token)
    addresses = [urlsplit(address)._replace(path=f"/{below}").geturl() for address in listener.addresses]

    def started() -> None:
        for address in addresses:
            result(address)
        if token:
            say("Other computers can open these addresses.")
            say("Whoever has the token can read the decks and use their machines.")
        say("Ctrl-C ends the preview.")
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(addresses[0],), daemon=True).start()

    try:
        with helper_process() as process:
            answer(Decks(open_deck, places), only, listener, started)
    except KeyboardInterrupt:
        say("The preview has ended.")
