"""`castdeck check`: every problem of every deck, before anybody sees one of them on a slide."""

import click

from castdeck.check.decks import check_deck
from castdeck.check.measured import slides_measured
from castdeck.check.summed import summed
from castdeck.chromium import find_chromium
from castdeck.cli.block_lines import described_blocks
from castdeck.cli.console import progress, result, say
from castdeck.cli.fix import fix_deck
from castdeck.cli.options import output_options
from castdeck.cli.problems import FORMATS
from castdeck.cli.record import chosen_decks, read_deck
from castdeck.cli.words import count
from castdeck.problems import Problem


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...")
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="text", help="Output format.")
@click.option("--no-browser", is_flag=True, help="Don't measure the slides in Chromium: faster, but finds less.")
@click.option("--blocks", is_flag=True, help="Print what each block types, line by line, instead of problems.")
@click.option("--all", "each", is_flag=True, help="Report every occurrence of a problem, and advice too.")
@click.option("--fix", is_flag=True, help="Fix what has only one right solution: shows a diff, and asks first.")
@output_options("Only the problems.")
def check(
    decks: tuple[str, ...], form: str, no_browser: bool, blocks: bool, each: bool, fix: bool, quiet: bool, plain: bool
) -> int:
    """Report problems in decks, with file and line. Without DECK, all decks of the workspace.

    A problem that occurs many times in a deck is reported once, with its count; --all reports every one.

    Slides are measured in Chromium, if it is installed. docs/check.md lists the codes of all problems; `ignore =
    ["synopsis"]` in castdeck.toml turns a code off. The exit status is 1 if any problem is an error.

    \b
    castdeck check
    castdeck check docker --no-browser
    castdeck check path/to/any.md --format json
    castdeck check --format github
    castdeck check docker --blocks
    """
    places = chosen_decks(decks)
    if blocks:
        for place in places:
            if described := described_blocks(read_deck(place), place.path):
                result(described)
        return 0
    if fix:
        for place in places:
            fix_deck(place)
    found: list[Problem] = []
    browser = None if no_browser else find_chromium()
    told: list[str] = []
    with progress(quiet, plain=plain) as step, slides_measured(browser, told.append) as measure:
        for place in places:
            step(f"checking {place.name}")
            found += check_deck(place, measure, advice=each)
    if found or form == "json":
        shown = summed(found) if form == "text" and not each else found
        result(FORMATS[form](shown), has_commands=form == "github")
    for line in () if no_browser else told:
        say(line)
    if not quiet:
        say(_summary(found, len(places)))
    return int(any(problem.is_error for problem in found))


def _summary(found: list[Problem], decks: int) -> str:
    errors = sum(problem.is_error for problem in found)
    parts = [count(errors, "error"), count(len(found) - errors, "warning")]
    return f"{count(decks, 'deck')} checked: {', '.join(parts) if found else 'nothing is wrong'}"
