"""Themes: a folder with a theme.css and, where a theme wants another page, a layout.html.j2.

A theme.toml beside them may name the theme that it changes (`base`), and set the pace at which recordings are shown,
as castdeck.toml does.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from castdeck.codes import Code
from castdeck.config import PaceSettings
from castdeck.errors import WorkspaceError
from castdeck.gate import Gate, Refused
from castdeck.problems import Place, Problem
from castdeck.render.other_themes import tool_of_theme
from castdeck.settings_file import read_settings
from castdeck.suggest import is_near, suggest
from castdeck.workspace import Workspace

DEFAULT_THEME = "folio"
CSS, LAYOUT, SETTINGS = "theme.css", "layout.html.j2", "theme.toml"
MOST_THEME = 2 << 20  # bytes of a style sheet or a layout
MOST_BASES = 8  # themes below a theme
ALIASES = {"auto": "folio+folio-night", "light": "folio", "dark": "folio-night"}
NIGHT = "@media screen and (prefers-color-scheme: dark)"
PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Theme:
    """A theme's style sheet, the Jinja template of its page ("" takes castdeck's own), and its settings of the pace.

    `instead_of` is the name that the deck asks for, where there is no theme of that name and this one stands in.
    """

    name: str
    css: str
    layout: str = ""
    pace: Mapping[str, float] = field(default_factory=dict, hash=False)
    instead_of: str = ""


class ThemeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """theme.toml. `base` names the theme that this one changes."""

    base: str = ""
    pace: PaceSettings = PaceSettings()


def builtin_themes() -> Path:
    """The folder of the themes that come with castdeck: inside the package, or at the top of a checkout."""
    inside = PACKAGE / "themes"
    return inside if inside.is_dir() else PACKAGE.parents[1] / "themes"


def known_themes(search: Sequence[Path] = ()) -> dict[str, Path]:
    """Every theme's folder by its name. Folders in `search` come before the built-in ones, the first one first."""
    found: dict[str, Path] = {}
    for folder in (*search, builtin_themes()):
        for css in sorted(folder.glob(f"*/{CSS}")):
            found.setdefault(css.parent.name, css.parent)
    return found


def chosen_theme(deck: Mapping[str, object], workspace: str, given: str = "") -> str:
    """The name of a deck's theme: the one given, or its front matter's, or castdeck.toml's, or the default."""
    return given or _said_theme(deck) or workspace or DEFAULT_THEME


def _said_theme(deck: Mapping[str, object]) -> str:
    """The theme that front matter names: in presenterm's within a mapping, in Quarto's the first of a list."""
    said = deck.get("theme")
    if isinstance(said, Mapping):
        said = said.get("name")
    if isinstance(said, list):
        said = next((one for one in said if isinstance(one, str)), "")
    return str(said or "")


def deck_theme(deck: Mapping[str, object], workspace: Workspace, given: str = "") -> Theme:
    """The chosen theme; another one instead where the deck's front matter names none that there is.

    Raises WorkspaceError where the name that is given, or that castdeck.toml has, is no theme's.
    """
    folders = workspace.theme_folders
    own = "" if given else _said_theme(deck)
    if not own or set(theme_parts(own)) <= set(_known(folders)):
        return load_theme(chosen_theme(deck, workspace.config.theme, given), folders)
    return replace(load_theme(chosen_theme({}, workspace.config.theme), folders), instead_of=own)


def theme_problems(theme: Theme, deck: Path, search: Sequence[Path] = ()) -> Iterator[Problem]:
    """That the deck's own theme is not there: it is one of another tool, or misspelt."""
    name = theme.instead_of
    if not name:
        return
    tool, known = tool_of_theme(name), _known(search)
    is_misspelt = not tool and is_near(name, known)
    what = f"{name!r} is a theme of {tool}" if tool else f"no theme is called {name!r}"
    hint = suggest(name, known) if is_misspelt else f"castdeck's themes: {', '.join(known)}"
    code = Code.INVALID_SETTING if is_misspelt else Code.UNKNOWN_THEME
    yield Problem(code, Place(deck), f"theme: {what}; this deck is shown with {theme.name!r}", hint, "theme:")


def load_theme(name: str = DEFAULT_THEME, search: Sequence[Path] = ()) -> Theme:
    """Read the theme called `name`: "folio+folio-night" is one by day, and the other where the system asks for dark.

    What a workspace's own theme leaves out is as in its `base`, or in the default theme. Raises WorkspaceError where
    there is none of that name, with the names that there are.
    """
    day, *night = [_read(part, search) for part in theme_parts(name)]
    css = [day.css, *(f"{NIGHT} {{\n{other.css}}}\n" for other in night)]
    return Theme(name, "\n".join(css), day.layout, day.pace)


def theme_parts(name: str) -> list[str]:
    """The names of the themes that a theme's name stands for: one, or that by day and that by night."""
    return (ALIASES[name] if "+" in ALIASES.get(name, "") else name).split("+", 1)


def _read(name: str, search: Sequence[Path], above: tuple[str, ...] = ()) -> Theme:
    themes = known_themes(search)
    if name not in themes and name in ALIASES:
        return _read(ALIASES[name], search, above)
    if name not in themes:
        raise WorkspaceError(f"no theme is called {name!r}", hint=suggest(name, _known(search)))
    folder = themes[name]
    gate = Gate(folder.parents[1] if folder.parent != builtin_themes() else folder.parent)
    settings = _settings(gate, folder / SETTINGS)
    base = settings.base or ("" if folder.parent == builtin_themes() else DEFAULT_THEME)
    css = _text(gate, folder / CSS)
    if base in above:
        raise WorkspaceError(f"the theme {name!r} is based on itself", path=folder / SETTINGS)
    if len(above) == MOST_BASES:
        raise WorkspaceError(f"more than {MOST_BASES} themes are based on each other", path=folder / SETTINGS)
    if base:
        css = f"{_read(base, () if base == name else search, (*above, name)).css}\n{css}"
    return Theme(name, css, _text(gate, folder / LAYOUT), settings.pace.given())


def _text(gate: Gate, path: Path) -> str:
    """What a file of a theme holds; "" where there is none."""
    if not os.path.lexists(path):
        return ""
    try:
        return gate.read_text(path, most=MOST_THEME)
    except Refused as error:
        raise WorkspaceError(f"the theme's {path.name} {error}", path=path) from error


def _known(search: Sequence[Path]) -> list[str]:
    return sorted({*known_themes(search), *ALIASES})


def _settings(gate: Gate, path: Path) -> ThemeSettings:
    return read_settings(path, ThemeSettings, gate) if os.path.lexists(path) else ThemeSettings()
