"""Creates a new workspace or theme."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from castdeck.errors import WorkspaceError
from castdeck.leftovers import private_folder
from castdeck.render.theme import DEFAULT_THEME, builtin_themes

HERE = Path(__file__).parent
DECK = "welcome"
LANGUAGES = ("en", *sorted(path.name.split(".")[1] for path in (HERE / "languages").glob("deck.*.md")))
_RENAMED = {"gitignore": ".gitignore", "gitkeep": ".gitkeep"}
_FILLED = ("castdeck.toml", "theme.css")


def workspace_files(theme: str, is_new_theme: bool, lang: str = "en") -> dict[str, bytes]:
    """The files of a workspace by path, including those of a new theme. `lang` is one of LANGUAGES.

    The deck's commands, and so its recordings, are the same in all of them.
    """
    files = _files(HERE / "workspace", theme)
    if lang != "en":
        for path, name in (("deck.md", f"deck.{lang}.md"), ("images/machine.svg", f"machine.{lang}.svg")):
            files[f"slides/{DECK}/{path}"] = (HERE / "languages" / name).read_bytes()
    return files | (theme_files(theme) if is_new_theme else {})


def theme_files(theme: str) -> dict[str, bytes]:
    """The files of a theme called `theme` by path in the workspace. It looks like the default theme."""
    files = {f"themes/{theme}/{path}": content for path, content in _files(HERE / "theme", theme).items()}
    variables = (builtin_themes() / DEFAULT_THEME / "theme.css").read_bytes().partition(b"*/\n")[2]
    css = f"themes/{theme}/theme.css"
    return files | {css: files[css].replace(b"/* the variables */\n", variables)}


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files into a new folder, completely or not at all.

    Raises WorkspaceError if the name is taken by anything but an empty folder, or if there is no room.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        hint = "name another folder, or move this one away"
        raise WorkspaceError(f"{folder} already exists, and castdeck overwrites nothing", hint=hint)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with private_folder(folder.parent, ".castdeck-") as part:
            fresh = part / "new"
            for path, content in files.items():
                target = fresh / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            if folder.exists():
                folder.rmdir()
            shutil.move(fresh, folder)
    except OSError as error:
        raise WorkspaceError(f"{folder} can't be created: {error.strerror}", hint="name another folder") from error


def _files(folder: Path, theme: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.name in _FILLED:
                content = content.replace(b"{{ theme }}", theme.encode())
            name = _RENAMED.get(path.name, path.name)
            found[path.relative_to(folder).with_name(name).as_posix()] = content
    return found
