"""One deck's preview: turns its files into a View. After a change of files, it renders only what they affect.

    changed files -> text -> ParsedSource (changed pieces) -> Drawings (changed slides) -> View

`refresh` is quick, and is called after each save. Long work is done in another process (see reader.py), and its results
are passed to `accept` (the whole deck parsed, its problems, and a check of the incremental parse) and `take_drawings`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from castdeck.codes import Code
from castdeck.deck import Deck
from castdeck.deck.text import DeckText
from castdeck.errors import CastdeckError, DeckError
from castdeck.gate import CONFIG
from castdeck.problems import Place, Problem, lenient
from castdeck.render import Theme
from castdeck.render.files import as_url
from castdeck.render.site import THEME_SHEET
from castdeck.render.versions import versions_of
from castdeck.serve.around import PageAround
from castdeck.serve.drawing import Drawing, problems_of, room_for
from castdeck.serve.drawings import Drawings
from castdeck.serve.problems import problem_json
from castdeck.serve.reader import ParsedDeck, Places, block_cast, shown_pace
from castdeck.serve.source import ParsedSource, read, reread
from castdeck.serve.view import Section, View, sections_html, version
from castdeck.serve.watch import Interest
from castdeck.terminals.of_deck import DeckShown
from castdeck.workspace import DeckPlace, Workspace, find_workspace, include_reader, read_deck_text

SHELL_FILES = (CONFIG, "theme.css", "layout.html.j2", "theme.toml")


class Preview:
    """The preview of one deck. Not thread-safe."""

    def __init__(self, deck: DeckPlace, theme: str = "") -> None:
        self.place = deck
        self.view = View()
        self.path = Path(deck.path).absolute()
        self._recordings = Path(deck.recordings).absolute()
        self._casts = self._recordings.resolve()
        self._around = PageAround(theme)
        self._workspace = Workspace(None)
        self._source: ParsedSource | None = None
        self._settled_text: DeckText | None = None
        self._lines: tuple[int, ...] = ()
        self.drawings = Drawings()
        self._errors: dict[str, Problem] = {}
        self._found: tuple[Problem, ...] = ()
        self.problems: tuple[Problem, ...] = ()
        self._badges: Mapping[str, object] = {}
        self._failures: tuple[Problem, ...] = ()
        self._read_workspace()
        self._read_deck(patient=False)
        self._pace = shown_pace(self.deck, self.places)
        self._read_theme()
        self.take_drawings(self.text, {})

    @property
    def deck(self) -> Deck:
        """The deck as last parsed; without slides if it could not be parsed yet."""
        return self._source.deck if self._source else Deck(self.path, self.place.name, ())

    @property
    def is_settled(self) -> bool:
        """Whether the current deck has been parsed completely."""
        return self._source is None or self._settled_text == self._source.text

    @property
    def text(self) -> DeckText:
        """The text that the deck was last parsed from."""
        return self._source.text if self._source else DeckText()

    @property
    def places(self) -> Places:
        """Where the deck's files are."""
        return Places(self.place.path, self._recordings, self._workspace, self._around.given)

    @property
    def shown(self) -> DeckShown:
        """The deck as live terminals get it when they start."""
        deck, places = self.deck, self.places
        return DeckShown(deck, places.workspace, lambda block: block_cast(block, deck, places))

    @property
    def theme(self) -> Theme:
        """The theme that the page has."""
        return self._around.theme

    @property
    def interest(self) -> Interest:
        """All files that the view depends on."""
        files = {self.path, *self._included, *(path for drawing in self.drawings.done for path in drawing.files)}
        if self._workspace.root:
            files.add(self._workspace.root / CONFIG)
        themes = self._around.theme_files(self.deck, self._workspace)
        for folder in self._workspace.theme_folders:
            files |= {folder / part / name for part in themes for name in SHELL_FILES[1:]}
        return Interest(frozenset(files), frozenset({self._recordings}))

    @property
    def _included(self) -> frozenset[Path]:
        """The files that the deck includes; they may not exist."""
        return frozenset(file.path.absolute() for file in self.text.included)

    def page(self, view: View, live: str) -> str:
        """The whole page that shows `view`, with the HTML `live` in it.

        Raises WorkspaceError if the theme's layout fails.
        """
        versions = versions_of(self.place, self.deck, lambda name: f"../{name}/")
        return self._around.page(self.deck, sections_html(view.sections), live, versions)

    def image(self, address: str) -> Path | None:
        """The file that the page shows at `address`, a URL relative to the page; None if there is none."""
        wanted = unquote(address)
        images = (image for drawing in self.drawings.done for image in drawing.images)
        found = next((image.source for image in images if image.target == wanted), None)
        return found if found and found.resolve() == found else None

    def cast_file(self, name: str) -> Path | None:
        """The path of the recording called `name`, if the deck has a block of that name."""
        known = any(block.name == name for block in self.deck.blocks)
        return self._casts / f"{name}.cast" if known else None

    def refresh(self, changed: Iterable[Path], *, patient: bool = True) -> bool:
        """Process changed files. Returns False if the deck's file is empty or missing, and should be read again soon.

        If `patient`, that is not shown as a problem yet: an editor may be replacing the file.
        """
        changed = set(changed)
        whole = True
        theme, settings = self._theme_name(), self.deck.settings
        shell_changed = any(path.name in SHELL_FILES for path in changed)
        if shell_changed:
            self._read_workspace()
        if self.path in changed or not self._included.isdisjoint(changed):
            whole = self._read_deck(patient)
        if shell_changed or theme != self._theme_name():
            self._read_theme()
        if shell_changed or self._recordings / "index.json" in changed:
            self._settled_text = None
        other_pace = self._read_pace() if shell_changed or self.deck.settings is not settings else False
        casts = {path.stem for path in changed if path.parent == self._recordings}
        self.drawings.redraw(self.deck, self.places, changed, casts, all_casts=other_pace)
        self._compose()
        return whole

    def draw_near(self) -> None:
        """Render the slide that is being viewed and its neighbours."""
        self.drawings.draw_near(self.deck, self.places)
        self._compose()

    def take_drawings(self, text: DeckText, drawings: Mapping[int, Drawing]) -> None:
        """Accept slides of `text` that another process rendered, unless the deck has changed."""
        if text != self.text:
            return
        self.drawings.add(drawings)
        self._compose()

    def accept(self, text: DeckText, whole: ParsedDeck) -> bool:
        """Accept the result of parsing all of `text`; False if the deck has changed."""
        source = self._source
        if source is None or text != source.text:
            return False
        if self.drawings.have(whole.marks):
            entangled = source.entangled or whole.entangled
            self._source = replace(source, pieces=whole.pieces, wanted=whole.wanted, entangled=entangled)
        else:
            shell = self._workspace.config.shell
            again = read(text.main, self.place.path, text.read_file, shell=shell)
            self._take(replace(again, entangled=True))
        self._settled_text, self._lines, self._found = text, whole.lines, whole.problems
        self._compose()
        return True

    def show_recording(self, badges: Mapping[str, object], problems: tuple[Problem, ...]) -> None:
        """Show the state of the blocks' recordings, and their failures."""
        self._badges = badges
        if problems == self._failures:
            self.view = replace(self.view, badges=badges)
            return
        self._failures = problems
        self._compose()

    def stumbled(self, error: Exception) -> None:
        """Show that the last change could not be processed, until the next one."""
        what = f"the preview failed to process the last change: {error}"
        hint = "save the file again; if that does not help, restart castdeck serve"
        problem = Problem(Code.FAILED, Place(self.place.path), what, hint)
        if isinstance(error, CastdeckError):
            problem = error.problem
        shown = problem_json(problem, self.places.root.absolute())
        self.view = replace(self.view, problems=(shown, *(one for one in self.view.problems if one != shown)))

    def _read_workspace(self) -> None:
        try:
            self._workspace = find_workspace(self.path.parent)
            self._errors.pop("workspace", None)
        except CastdeckError as error:
            self._errors["workspace"] = error.problem

    def _theme_name(self) -> str:
        return self._around.theme_name(self.deck, self._workspace)

    def _read_theme(self) -> None:
        self._around.read_theme(self.deck, self._workspace, self.path)

    def _read_pace(self) -> bool:
        """Update the pace of recordings. Returns whether it changed."""
        before, self._pace = self._pace, shown_pace(self.deck, self.places)
        return before != self._pace

    def _read_deck(self, patient: bool) -> bool:
        try:
            text = read_deck_text(self.path, self._workspace.root)
            if patient and not text and self._source and self._source.text.main:
                return False
            read_file, shell = include_reader(self.path, self._workspace.root), self._workspace.config.shell
            if known := self._source:
                source = reread(known, text, read_file, shell=shell)
            else:
                source = read(text, self.place.path, read_file, shell=shell)
        except OSError:
            if not patient:
                hint = "put it back, or end the preview with Ctrl-C"
                self._errors["deck"] = Problem(
                    Code.UNREADABLE_DECK, Place(self.place.path), "the deck's file is gone", hint
                )
            return False
        except DeckError as error:
            self._errors["deck"] = error.problem
            return True
        self._errors.pop("deck", None)
        self._take(source)
        return True

    def _take(self, source: ParsedSource) -> None:
        """Switch to a newly parsed deck, reusing drawings; some of the new slides are rendered at once."""
        old, self._source = self.deck, source
        self.drawings.change_deck(old, source.deck, self.places)

    def _compose(self) -> None:
        """Compose the view, including its problems."""
        slides = self.deck.slides
        shell = self._around.version(self.deck) if self._source else ""
        sections: list[Section] = []
        files: dict[str, str] = {}
        problems = [*self._errors.values(), *self._around.problems, *self._failures]
        is_read = "deck" not in self._errors  # else the lines of what was found are those of an earlier text
        if is_read:
            problems += self._found
        lines = self._lines if len(self._lines) == len(slides) else [slide.line for slide in slides]
        for slide, line, drawing in zip(slides, lines, self.drawings, strict=True):
            if drawing is None:
                sections.append(room_for(slide))
                continue
            sections.append(drawing.section)
            if drawing.images or drawing.problems:
                files |= {as_url(image.target): _file_version(image.source) for image in drawing.images}
                if is_read:
                    problems += lenient(problems_of(drawing, line), self._workspace.config.ignore)
        self.problems = tuple(dict.fromkeys(problems))
        root = self.places.root.absolute()
        self.view = View(
            tuple(sections),
            self.deck.title,
            shell,
            {THEME_SHEET: version(self.theme.css)},
            files,
            tuple(problem_json(problem, root) for problem in self.problems),
            self._badges,
            self.drawings.edited,
            self.drawings.edits,
        )


def _file_version(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns:x}-{found.st_size:x}"
