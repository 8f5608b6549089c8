"""The page around the slides of a deck: its theme, and the libraries that the slides need."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from castdeck.deck import Deck
from castdeck.errors import CastdeckError
from castdeck.problems import Problem
from castdeck.render import (
    DEFAULT_THEME,
    Theme,
    chosen_theme,
    deck_theme,
    load_theme,
    render_page,
    theme_parts,
    theme_problems,
)
from castdeck.render.versions import Version
from castdeck.serve.frame import POLICY_BY_HEADER
from castdeck.serve.view import version
from castdeck.workspace import Workspace


class PageAround:
    """The page around one deck's slides. `given` is the theme given on the command line, "" for the deck's own.

    A library that a slide has needed once stays, so that the page need not be loaded again.
    """

    def __init__(self, given: str) -> None:
        self.given = given
        self.theme = Theme("", "")
        self._errors: dict[str, Problem] = {}
        self._libraries: frozenset[str] = frozenset()
        self._known: tuple[Mapping[str, object], Theme, frozenset[str], str] = ({}, self.theme, frozenset(), "")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the theme and its layout."""
        return tuple(self._errors.values())

    def theme_name(self, deck: Deck, workspace: Workspace) -> str:
        """The name of the theme that the deck should have."""
        return chosen_theme(deck.settings, workspace.config.theme, self.given)

    def theme_files(self, deck: Deck, workspace: Workspace) -> set[str]:
        """The folders of that theme, and of the current one, by name: each theme can be based on another."""
        return {*theme_parts(self.theme_name(deck, workspace)), *theme_parts(self.theme.name)}

    def read_theme(self, deck: Deck, workspace: Workspace, path: Path) -> None:
        """Read the theme again. If it can't be read, the current one stays, or the default one is taken."""
        try:
            self.theme = deck_theme(deck.settings, workspace, self.given)
            self._errors.pop("theme", None)
            for problem in theme_problems(self.theme, path, workspace.theme_folders):
                self._errors["theme"] = problem
        except CastdeckError as error:
            self._errors["theme"] = error.problem
            if not self.theme.name:
                self.theme = load_theme(DEFAULT_THEME)

    def version(self, deck: Deck) -> str:
        """The version of the page around the deck's slides; the last one if its layout fails."""
        settings, theme, libraries, known = self._known
        self._libraries |= deck.libraries
        if settings is deck.settings and theme is self.theme and libraries == self._libraries:
            return known
        try:
            known = version(render_page(replace(deck, title=""), self.theme, "", libraries=self._libraries))
            self._errors.pop("layout", None)
        except CastdeckError as error:
            self._errors["layout"] = error.problem
        self._known = deck.settings, self.theme, self._libraries, known
        return known

    def page(self, deck: Deck, sections: str, live: str, versions: Sequence[Version]) -> str:
        """The whole page with these sections, and the HTML `live` in it. Raises WorkspaceError if the layout fails."""
        return render_page(
            deck,
            self.theme,
            sections,
            live=live,
            libraries=self._libraries,
            policy=POLICY_BY_HEADER,
            versions=versions,
        )
