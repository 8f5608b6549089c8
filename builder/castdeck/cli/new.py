"""`castdeck new`: a workspace that builds as it stands, or a theme to change."""

import re
from pathlib import Path

import click

from castdeck.cli.console import result, say, shown_path
from castdeck.errors import WorkspaceError
from castdeck.gate import is_inside
from castdeck.new.starter import DECK, LANGUAGES, put, theme_files, workspace_files
from castdeck.render import ALIASES, DEFAULT_THEME, known_themes, theme_parts
from castdeck.workspace import find_workspace

_THEME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@click.command(short_help="Make a workspace with an example deck, or a new theme.")
@click.argument("name", required=False, default="")
@click.option("--theme", default="", metavar="THEME", help="The theme; a new name makes a new theme for you to change.")
@click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", help="The language of its deck; English by default."
)
def new(name: str, theme: str, lang: str) -> None:
    """Make a workspace in the folder NAME, with an example deck that shows every feature.

    Without NAME, in a workspace: make a new theme.

    \b
    castdeck new course
    castdeck new course --theme dark
    castdeck new cours --lang fr
    castdeck new course --theme mine
    castdeck new --theme mine
    """
    if not name and not theme:
        raise click.UsageError("name a folder: castdeck new course")
    if name:
        _new_workspace(Path(name), theme or DEFAULT_THEME, lang)
    else:
        _new_theme(theme)


def _new_workspace(folder: Path, theme: str, lang: str) -> None:
    is_new = not set(theme_parts(theme)) <= {*known_themes(), *ALIASES}
    put(workspace_files(_named(theme) if is_new else theme, is_new, lang), folder)
    result(str(folder))
    say(f"A workspace, with the deck slides/{DECK}/deck.md{f' and the theme themes/{theme}' * is_new}. Next:")
    say(f"  cd {folder}")
    say(f"  castdeck serve {DECK} --open    see it, and write your own")
    say("  castdeck build                   record its blocks in a virtual machine, and write public/")


def _new_theme(theme: str) -> None:
    workspace = find_workspace(Path.cwd())
    if workspace.root is None:
        raise WorkspaceError("there is no workspace here", hint=f"make one: castdeck new course --theme {theme}")
    if theme in known_themes(workspace.theme_folders):
        raise WorkspaceError(f"there is a theme called {theme!r} already", hint="choose another name")
    folder = workspace.root / "themes" / _named(theme)
    if not is_inside(folder, workspace.root):
        raise WorkspaceError(f"{folder.parent} leads out of the workspace", hint="make it a folder")
    put({path.removeprefix(f"themes/{theme}/"): content for path, content in theme_files(theme).items()}, folder)
    result(shown_path(folder))
    say(f"A theme. Next: write theme: {theme} in a deck's front matter, and change its theme.css while you look at it.")


def _named(theme: str) -> str:
    if not _THEME.fullmatch(theme):
        hint = "a theme's name is of small letters, digits, - and _"
        raise WorkspaceError(f"no theme can be called {theme!r}", hint=hint)
    return theme
