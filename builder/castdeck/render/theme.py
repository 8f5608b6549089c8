"""Themes: a folder with a theme.css and, where a theme wants another page, a layout.html.j2.

A theme.toml beside them may set the pace at which recordings are shown, as castdeck.toml does.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from castdeck.errors import WorkspaceError
from castdeck.suggest import suggest

DEFAULT_THEME = "light"
SETTINGS = "theme.toml"
ALIASES = {"auto": "light+dark"}
PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Theme:
    """A theme's style sheet, the Jinja template of its page ("" takes castdeck's own), and its settings of the pace."""

    name: str
    css: str
    layout: str = ""
    pace: Mapping[str, Any] = field(default_factory=dict, hash=False)


def builtin_themes() -> Path:
    """The folder of the themes that come with castdeck: inside the package, or at the top of a checkout."""
    inside = PACKAGE / "themes"
    return inside if inside.is_dir() else PACKAGE.parents[1] / "themes"


def known_themes(search: Sequence[Path] = ()) -> dict[str, Path]:
    """Every theme's folder by its name. Folders in `search` come before the built-in ones, the first one first."""
    found: dict[str, Path] = {}
    for folder in (*search, builtin_themes()):
        for css in sorted(folder.glob("*/theme.css")):
            found.setdefault(css.parent.name, css.parent)
    return found


def chosen_theme(deck: Mapping[str, Any], workspace: Mapping[str, Any], given: str = "") -> str:
    """The name of a deck's theme: the one given, or its front matter's, or castdeck.toml's, or the default."""
    return given or str(deck.get("theme") or workspace.get("theme") or DEFAULT_THEME)


def load_theme(name: str = DEFAULT_THEME, search: Sequence[Path] = ()) -> Theme:
    """Read the theme called `name`: "light+dark" is one by day, and the other where the reader's system asks for dark.

    What a workspace's own theme leaves out is as in the default one. Raises WorkspaceError where there is none of that
    name, with the names that there are.
    """
    day, *night = [_read(part, search) for part in theme_parts(name)]
    css = [day.css, *(f"@media screen and (prefers-color-scheme: dark) {{\n{other.css}}}\n" for other in night)]
    return Theme(name, "\n".join(css), day.layout, day.pace)


def theme_parts(name: str) -> list[str]:
    """The names of the themes that a theme's name stands for: one, or that by day and that by night."""
    return ALIASES.get(name, name).split("+", 1)


def _read(name: str, search: Sequence[Path]) -> Theme:
    themes = known_themes(search)
    if name not in themes:
        raise WorkspaceError(f"no theme is called {name!r}", hint=suggest(name, {*themes, *ALIASES}))
    folder = themes[name]
    layout = folder / "layout.html.j2"
    css = (folder / "theme.css").read_text(encoding="utf-8")
    if folder.parent != builtin_themes():
        css = (builtin_themes() / DEFAULT_THEME / "theme.css").read_text(encoding="utf-8") + "\n" + css
    return Theme(name, css, layout.read_text(encoding="utf-8") if layout.is_file() else "", _pace(folder / SETTINGS))


def _pace(path: Path) -> Mapping[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"not valid TOML: {error}", path=path) from error
    pace = settings.pop("pace", {})
    if settings or not isinstance(pace, dict):
        raise WorkspaceError("a theme's settings are one table, [pace]", path=path)
    return pace
