"""Checks a whole deck: text, recordings and page, each even if another fails."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from castdeck.check.active import acts_by_itself
from castdeck.check.classes import classes_without_style
from castdeck.check.machine import machine_problems
from castdeck.check.measured import Measure
from castdeck.check.recordings import recording_problems
from castdeck.check.rules import text_problems
from castdeck.check.slides import slide_problems
from castdeck.check.subject import CheckedDeck, CheckedFile, placed, subjects
from castdeck.check.summed import ONLY_WITH_ALL
from castdeck.errors import CastdeckError
from castdeck.gate import CONFIG
from castdeck.leftovers import temporary_folder
from castdeck.problems import Problem
from castdeck.reading import deck_at
from castdeck.record.plan import plan
from castdeck.record.settings import settings_of
from castdeck.record.shown import pace_of, shown_casts
from castdeck.record.store import Recordings
from castdeck.render import deck_theme, render_deck, theme_problems, write_site
from castdeck.trust import is_trusted, trusted_folder
from castdeck.workspace import DeckPlace, Workspace


def check_deck(place: DeckPlace, measure: Measure, *, advice: bool = False) -> list[Problem]:
    """All problems of a deck, by line, without codes ignored in castdeck.toml, and without `advice` unless asked for.

    An error in one step is reported like any problem, and the next step still runs. Raises WorkspaceError for an
    invalid castdeck.toml.
    """
    workspace = place.workspace
    ignored = workspace.config.ignore | (frozenset() if advice else ONLY_WITH_ALL)
    found = {problem for problem in _found(place, workspace, measure) if problem.code not in ignored}
    return sorted(found, key=partial(_order, place.path))


def _order(deck: Path, problem: Problem) -> tuple[object, ...]:
    """Sort key: the deck's own file first, then by line."""
    place = (problem.path != deck, str(problem.path), problem.line or 0, problem.column or 0)
    return (*place, problem.code, problem.message)


def _found(place: DeckPlace, workspace: Workspace, measure: Measure) -> Iterator[Problem]:
    try:
        deck, text = deck_at(place)
    except CastdeckError as error:
        yield error.problem
        return
    files = CheckedDeck(deck, subjects(deck, text, workspace.config.terminal.cols))
    yield from text_problems(deck, text, workspace.config.terminal.cols)
    yield from _or_its_error(_recordings(place, workspace, files), files.subjects[0], workspace, "machine")
    yield from _or_its_error(_page(place, workspace, files, measure), files.subjects[0], workspace, "theme")


def active_content(place: DeckPlace) -> Iterator[Problem]:
    """The active content of a deck, as problems. Raises CastdeckError if the deck can't be read."""
    deck, text = deck_at(place)
    for subject in subjects(deck, text, place.workspace.config.terminal.cols):
        yield from acts_by_itself(subject)


def _recordings(place: DeckPlace, workspace: Workspace, files: CheckedDeck) -> Iterator[Problem]:
    settings = settings_of(files.deck, workspace)
    planned = plan(files.deck, Recordings(place.recordings), settings)
    yield from machine_problems(files, settings)
    yield from recording_problems(files.deck, planned, place.recordings)


def _page(place: DeckPlace, workspace: Workspace, files: CheckedDeck, measure: Measure) -> Iterator[Problem]:
    deck = files.deck
    theme = deck_theme(deck.settings, workspace)
    for problem in theme_problems(theme, deck.path, workspace.theme_folders):
        yield placed(problem, files.subjects)
    pace = pace_of(deck, workspace, theme.pace)
    casts = shown_casts(deck, Recordings(place.recordings), pace, workspace.config.terminal)
    scripts = is_trusted(trusted_folder(place.path, workspace))
    rendered = render_deck(deck, casts, theme, root=workspace.root, scripts=scripts)
    yield from (placed(problem, files.subjects) for problem in rendered.problems)
    with temporary_folder("castdeck-check-") as folder:
        index = write_site(rendered, casts, theme, folder / "deck")
        yield from classes_without_style(files, index.parent)
        yield from slide_problems(files, measure(index))


def _or_its_error(
    problems: Iterable[Problem], subject: CheckedFile, workspace: Workspace, setting: str
) -> Iterator[Problem]:
    """Yield problems; an exception becomes a problem too, at the place of `setting` if it has none."""
    try:
        yield from problems
    except CastdeckError as error:
        problem = error.problem
        if problem.path is None and setting in subject.deck.settings:
            problem = subject.problem(problem.code, problem.message, 1, f"{setting}:", problem.hint)
        elif problem.path is None and workspace.root:
            problem = problem.at(path=workspace.root / CONFIG)
        yield problem
