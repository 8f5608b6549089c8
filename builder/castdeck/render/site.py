"""A rendered deck as a folder that opens from a disk, with all that it needs inside."""

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from castdeck import atomic
from castdeck.cast.model import Cast, format_cast
from castdeck.errors import WorkspaceError
from castdeck.gate import MOST_PUBLISHED_TOGETHER, Gate, Refused, held, open_real
from castdeck.leftovers import private_folder
from castdeck.render.bundle import bundle_scripts
from castdeck.render.fonts import font_faces, font_files
from castdeck.render.handout import HANDOUT
from castdeck.render.page import Rendered
from castdeck.render.search import INDEX_SIGN, SEARCH, render_index
from castdeck.render.styles import base_css
from castdeck.render.theme import Theme
from castdeck.render.vendor import LIBRARY, LICENSES, VENDOR_FILES, library_files, vendor_file

HANDOUT_CSS = Path(__file__).with_name("handout.css")
THEME_SHEET = f"{LIBRARY}theme.css"
_SIGN = f"{LIBRARY}castdeck.js"
_CHUNK = 1 << 20


def site_files(
    rendered: Rendered, casts: Mapping[str, Cast], theme: Theme, *, all_fonts: bool = False
) -> dict[str, str | Path]:
    """Every file of the built deck by its path (with slashes): its text, or the file to copy.

    Of the theme's fonts come the files whose characters the deck uses, or `all_fonts`. Raises WorkspaceError where all
    that is to be copied is too large.
    """
    files: dict[str, str | Path] = {image.target: image.source for image in rendered.images}
    _check_sum(image.source for image in rendered.images)
    files |= {f"casts/{name}.cast": format_cast(cast) for name, cast in casts.items()}
    files |= {f"{LIBRARY}{name}": vendor_file(name) for name in (*VENDOR_FILES, *LICENSES)}
    files |= {f"{LIBRARY}{name}": path for name, path in library_files(rendered.libraries).items()}
    files[f"{LIBRARY}castdeck.css"] = base_css()
    faces = font_faces(theme.css, None if all_fonts else "".join((rendered.html, rendered.handout)))
    files |= {f"{LIBRARY}{name}": path for name, path in font_files(faces).items()}
    files[THEME_SHEET] = "".join(f"{face.rule}\n" for face in faces) + theme.css
    files[_SIGN] = bundle_scripts()
    files["index.html"] = rendered.html
    if rendered.handout:
        files[f"{LIBRARY}handout.css"] = HANDOUT_CSS
        files[f"{LIBRARY}handout.js"] = bundle_scripts(entry="handout.js")
        files[HANDOUT] = rendered.handout
        files[SEARCH] = rendered.search
    return files


def _check_sum(files: Iterable[Path]) -> None:
    total = 0
    for path in files:
        with suppress(FileNotFoundError):  # whoever copies it says so
            total += path.stat().st_size
        if total > MOST_PUBLISHED_TOGETHER:
            raise WorkspaceError(
                f"the deck's files are larger than {MOST_PUBLISHED_TOGETHER >> 30} GiB together, with this one",
                path=path,
                hint="make them smaller, or put large videos on a server and link to them",
            )


def write_site(
    rendered: Rendered, casts: Mapping[str, Cast], theme: Theme, out: Path, inside: Path | None = None
) -> Path:
    """Write the deck's folder and return its index.html. `out` is replaced as a whole, when all is written.

    Raises WorkspaceError where `out` holds something else than a built deck, and OSError where it is not below the
    real path `inside`, even if a link takes the place of the folder around it meanwhile.
    """
    if out.exists() and not _is_ours(out):
        raise WorkspaceError(
            f"{out} is not a deck that castdeck built", path=out, hint="choose another folder, or move this one away"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        held(out.parent, inside) as around,
        private_folder(around, ".castdeck-") as own,
        held(own, around.resolve()) as folder,
    ):
        fresh, old, place = folder / "new", folder / "old", around / out.name
        published = {image.source for image in rendered.images}
        for target, content in site_files(rendered, casts, theme).items():
            path = fresh / target
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                path.write_text(content, encoding="utf-8", newline="\n")
            elif content in published:
                _copy(content, path)
            else:
                shutil.copyfile(content, path)
        if place.exists():
            place.rename(old)
        try:
            fresh.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
    return out / "index.html"


def _copy(source: Path, target: Path) -> None:
    """Copy a deck's file. Raises WorkspaceError where it is no longer what it was when it was found."""
    try:
        with open_real(source) as file, target.open("xb") as copy:
            shutil.copyfileobj(file, copy, _CHUNK)
    except Refused as error:
        raise WorkspaceError(f"{source} {error}", path=source) from error


def write_index(public: Path) -> Path | None:
    """Write public/index.html, which lists the decks that are built there and searches them, and return it.

    None where another page has that name. Raises OSError where a link leads out of the folder around `public`.
    """
    index = public / "index.html"
    if os.path.lexists(index) and not _is_our_index(index):
        return None
    page = render_index(sorted(path.parent.name for path in public.glob(f"*/{SEARCH}")))
    return atomic.write(index, page, inside=public.parent.resolve())


def _is_our_index(index: Path) -> bool:
    """Whether it is a list of decks that castdeck wrote, and no link, pipe or device, which strangers lay there."""
    try:
        return INDEX_SIGN.encode() in Gate(index.parent).read_bytes(index)
    except Refused:
        return False


def _is_ours(out: Path) -> bool:
    return out.is_dir() and ((out / _SIGN).is_file() or not any(out.iterdir()))
