"""`castdeck trust`: let the decks of a folder run the scripts that they bring in their pages."""

from pathlib import Path

import click

from castdeck import consent
from castdeck.check.decks import active_content
from castdeck.cli.console import say, say_problem
from castdeck.problems import drawn
from castdeck.trust import is_trusted, trusted_folder, what_is_trusted
from castdeck.workspace import deck_names, find_deck, find_workspace


@click.command(short_help="Let decks run their own scripts.")
@click.argument("deck", required=False, default="")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--withdraw", is_flag=True, help="Stop trusting the folder.")
def trust(deck: str, yes: bool, withdraw: bool) -> None:
    """Let decks run their own scripts, in the preview and in built decks. Needed once for each workspace.

    Without it, a deck's scripts, handlers and javascript: links do nothing. With it they run in the deck's page, which
    in the preview is a frame that reaches neither other decks nor castdeck. Your trust is kept in your configuration,
    not in the workspace. DECK names a deck of another workspace, or a markdown file, whose folder is trusted then.

    \b
    castdeck trust
    castdeck trust path/to/any.md
    castdeck trust --withdraw
    """
    workspace = find_workspace(Path.cwd())
    places = [find_deck(name, workspace) for name in ([deck] if deck else deck_names(workspace))]
    folder = trusted_folder(places[0].path, places[0].workspace) if places else Path.cwd()
    if withdraw:
        consent.withdraw(what_is_trusted(folder))
        say(f"{drawn(str(folder))} is not trusted")
        return
    if is_trusted(folder):
        say(f"{drawn(str(folder))} is trusted already")
        return
    for place in places:
        for problem in active_content(place):
            say_problem(problem)
    say(f"From now on {drawn(what_is_trusted(folder))}.")
    if not yes:
        click.confirm("Trust them?", abort=True, err=True)
    consent.allow(what_is_trusted(folder))
    say(f"{drawn(str(folder))} is trusted")
