"""One deck's preview: its files in, a View out. It is told what changed and draws only that.

    changed files -> text -> Source (parsed where it changed) -> drawings (drawn where it changed) -> View

`refresh` is quick and follows each save; `settle` reads the deck whole once the author pauses, which finds its problems
and whether the quick way was right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from castdeck.cast.model import Cast, CastError, parse_cast
from castdeck.deck import Deck, Slide
from castdeck.errors import CastdeckError, DeckError, Problem
from castdeck.render import DEFAULT_THEME, Theme, load_theme, render_page
from castdeck.render.files import as_url
from castdeck.serve.drawing import Drawing, draw, problems_of, room_for
from castdeck.serve.problems import problem_json
from castdeck.serve.source import Source, agrees, read, reread, with_pieces
from castdeck.serve.view import Section, View, sections_html, version
from castdeck.serve.watch import Interest
from castdeck.workspace import CONFIG, DeckPlace, Workspace, find_workspace

AT_ONCE = 40
SHELL_FILES = (CONFIG, "theme.css", "layout.html.j2")


@dataclass(frozen=True)
class Settled:
    """A whole reading of the text that `quick` was read from."""

    quick: Source
    whole: Source
    agreed: bool


class Preview:
    """The preview of one deck. One thread at a time calls its methods; `settle`, which changes nothing, any thread."""

    def __init__(self, deck: DeckPlace, theme: str = "") -> None:
        self.place = deck
        self.view = View()
        self.theme = Theme("", "")
        self.path = Path(deck.path).absolute()
        self._recordings = Path(deck.recordings).absolute()
        self._theme_given = theme
        self._workspace = Workspace(None)
        self._source: Source | None = None
        self._settled: Source | None = None
        self._drawings: list[Drawing | None] = []
        self._errors: dict[str, Problem] = {}
        self._found: tuple[Problem, ...] = ()
        self._edited, self._edits = 0, 0
        self._shell: tuple[Mapping[str, Any], Theme, str] = ({}, self.theme, "")
        self._read_workspace()
        self._read_deck(patient=False)
        self._read_theme()
        self.draw_some(AT_ONCE)

    @property
    def deck(self) -> Deck:
        """The deck as it was last read; one without slides as long as it could not be read."""
        return self._source.deck if self._source else Deck(self.path, self.place.name, ())

    @property
    def is_settled(self) -> bool:
        """Whether the deck as it is now has been read whole."""
        return self._settled is self._source

    @property
    def interest(self) -> Interest:
        """All that the view depends on."""
        files = {self.path, *(path for drawing in self._drawings if drawing for path in drawing.files)}
        if self._workspace.root:
            files.add(self._workspace.root / CONFIG)
        for folder in self._workspace.theme_folders:
            files |= {folder / self._theme_name / name for name in SHELL_FILES[1:]}
        return Interest(frozenset(files), frozenset({self._recordings}))

    def page(self, view: View, live: str) -> str:
        """The whole page that shows `view`, with the HTML `live` in it.

        Raises WorkspaceError where the theme's layout does not work.
        """
        return render_page(self.deck, self.theme, sections_html(view.sections), live=live)

    def image(self, address: str) -> Path | None:
        """The file that the page shows at `address`, relative to the page; None when it shows none there."""
        wanted = unquote(address)
        images = (image for drawing in self._drawings if drawing for image in drawing.images)
        return next((image.source for image in images if image.target == wanted), None)

    def cast_file(self, name: str) -> Path | None:
        """Where the recording called `name` is, if the deck has a block of that name."""
        known = any(block.name == name for block in self.deck.blocks)
        return self._recordings / f"{name}.cast" if known else None

    def refresh(self, changed: Iterable[Path], *, patient: bool = True) -> bool:
        """Take in the files that changed. False: the deck's file is half saved or gone, and to be looked at again.

        When it still is so and `patient` is false, that becomes a problem that the view shows.
        """
        changed = set(changed)
        whole = True
        theme = self._theme_name
        shell_changed = any(path.name in SHELL_FILES for path in changed)
        if shell_changed:
            self._read_workspace()
        if self.path in changed:
            whole = self._read_deck(patient)
        if shell_changed or theme != self._theme_name:
            self._read_theme()
        casts = {path.stem for path in changed if path.parent == self._recordings}
        for number, drawing in enumerate(self._drawings):
            if drawing and not (drawing.files.isdisjoint(changed) and drawing.blocks.isdisjoint(casts)):
                self._drawings[number] = self._draw(self.deck.slides[number])
        self._compose()
        return whole

    def draw_some(self, number: int, around: int = 0) -> bool:
        """Draw so many slides that are not drawn yet, those nearest to slide `around` first. False: none is left."""
        missing = [place for place, drawing in enumerate(self._drawings) if drawing is None]
        for place in sorted(missing, key=lambda place: abs(place - around))[:number]:
            self._drawings[place] = self._draw(self.deck.slides[place])
        self._compose()
        return len(missing) > number

    def settle(self) -> Settled | None:
        """Read the deck as it is now, whole; None when it can't be read."""
        quick = self._source
        if quick is None:
            return None
        whole = with_pieces(read(quick.text, quick.deck.path))
        agreed = agrees(quick, whole)
        return Settled(quick, whole if agreed else replace(whole, entangled=True), agreed)

    def accept(self, settled: Settled) -> bool:
        """Take in what `settle` found; False when the deck has changed meanwhile."""
        if self._source is not settled.quick:
            return False
        if settled.agreed:
            self._source = settled.whole
        else:
            self._take(settled.whole)
        self._settled = settled.whole
        self._found = settled.whole.deck.problems
        self._compose()
        return True

    def _read_workspace(self) -> None:
        try:
            self._workspace = find_workspace(self.path.parent)
            self._errors.pop("workspace", None)
        except CastdeckError as error:
            self._errors["workspace"] = error.problem

    @property
    def _theme_name(self) -> str:
        settings = self.deck.settings.get("theme") or self._workspace.settings.get("theme")
        return str(self._theme_given or settings or DEFAULT_THEME)

    def _read_theme(self) -> None:
        try:
            self.theme = load_theme(self._theme_name, self._workspace.theme_folders)
            self._errors.pop("theme", None)
        except CastdeckError as error:
            self._errors["theme"] = error.problem
            if not self.theme.name:
                self.theme = load_theme(DEFAULT_THEME)

    def _read_deck(self, patient: bool) -> bool:
        try:
            text = self.path.read_bytes().decode("utf-8")
            if patient and not text and self._source and self._source.text:
                return False
            source = reread(self._source, text) if self._source else read(text, self.place.path)
        except OSError:
            if not patient:
                hint = "put it back, or end the preview with Ctrl-C"
                self._errors["deck"] = Problem("the deck's file is gone", self.place.path, None, hint, True)
            return False
        except UnicodeDecodeError:
            self._errors["deck"] = Problem(
                "not UTF-8 text", self.place.path, None, "save the file as UTF-8", is_error=True
            )
            return True
        except DeckError as error:
            self._errors["deck"] = error.problem
            return True
        self._errors.pop("deck", None)
        self._take(source)
        return True

    def _take(self, source: Source) -> None:
        """Take slides over, each with its drawing if it has one already; what is new is drawn now."""
        old = self.deck.slides
        drawn = {id(slide): place for place, slide in enumerate(old)}
        waiting = {slide.id for slide, drawing in zip(old, self._drawings, strict=True) if drawing is None}
        first = self._source is None
        self._source = source
        marks: dict[int, Drawing] | None = None
        drawings: list[Drawing | None] = []
        edited: list[int] = []
        for place, slide in enumerate(source.deck.slides):
            if id(slide) in drawn:
                drawings.append(self._drawings[drawn[id(slide)]])
            elif first or slide.id in waiting:
                drawings.append(None)
            else:
                marks = marks if marks is not None else {one.mark: one for one in self._drawings if one}
                fresh = self._draw(slide, marks)
                if fresh.mark not in marks:
                    edited.append(place)
                drawings.append(fresh)
        if edited or len(drawings) != len(self._drawings):
            self._edits += 1
            self._edited = edited[0] if edited else min(self._edited, len(drawings) - 1)
        self._drawings = drawings

    def _draw(self, slide: Slide, known: Mapping[int, Drawing] | None = None) -> Drawing:
        casts = {block.name: cast for block in slide.blocks if (cast := self._cast(block.name))}
        root = self._workspace.root or self.path.parent
        return draw(slide, self.place.path, root, casts, known)

    def _cast(self, name: str) -> Cast | None:
        try:
            return parse_cast((self._recordings / f"{name}.cast").read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, CastError):
            return None

    def _compose(self) -> None:
        """Put the view together; what can be wrong with it is in it."""
        slides = self.deck.slides
        shell = self._shell_version()
        sections: list[Section] = []
        files: dict[str, str] = {}
        problems = [*self._errors.values(), *self._found]
        for slide, drawing in zip(slides, self._drawings, strict=True):
            if drawing is None:
                sections.append(room_for(slide))
                continue
            sections.append(drawing.section)
            if drawing.images or drawing.problems:
                files |= {as_url(image.target): _file_version(image.source) for image in drawing.images}
                problems += problems_of(drawing, slide)
        root = self._workspace.root or self.path.parent
        self.view = View(
            tuple(sections),
            self.deck.title,
            shell,
            {"lib/theme.css": version(self.theme.css)},
            files,
            tuple(problem_json(problem, root) for problem in problems),
            {},
            self._edited,
            self._edits,
        )

    def _shell_version(self) -> str:
        """The version of the page around the slides; "" as long as there is none."""
        settings, theme, shell = self._shell
        if self._source is None or (settings is self.deck.settings and theme is self.theme):
            return shell
        try:
            shell = version(render_page(replace(self.deck, title=""), self.theme, ""))
            self._errors.pop("layout", None)
        except CastdeckError as error:
            self._errors["layout"] = error.problem
        self._shell = self.deck.settings, self.theme, shell
        return shell


def _file_version(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns:x}-{found.st_size:x}"
