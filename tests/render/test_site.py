"""The folder of a built deck."""

from pathlib import Path

import pytest

from castdeck.cast.model import Cast, parse_cast
from castdeck.deck import parse_deck
from castdeck.errors import WorkspaceError
from castdeck.render import Rendered, Theme, render_deck, write_site
from castdeck.render.bundle import bundle_scripts
from tests.render.small_decks import make_deck

PLAIN = Theme("plain", "/* plain */")


@pytest.fixture
def rendered(cast: Cast) -> Rendered:
    return render_deck(make_deck("```bash\necho hi\n```\n"), {"one-1": cast}, PLAIN)


def test_the_folder_holds_the_page_the_libraries_and_the_casts(tmp_path: Path, rendered: Rendered, cast: Cast) -> None:
    index = write_site(rendered, {"one-1": cast}, PLAIN, tmp_path / "public/a deck")
    assert index == tmp_path / "public/a deck/index.html"
    assert parse_cast((index.parent / "casts/one-1.cast").read_text()) == cast
    assert (index.parent / "lib/theme.css").read_text() == "/* plain */"
    assert (index.parent / "lib/reveal.js").is_file()
    assert [path.name for path in index.parent.parent.iterdir()] == ["a deck"]


def test_a_file_of_the_deck_in_the_place_of_a_cast_or_a_library_does_not_replace_it(tmp_path: Path, cast: Cast) -> None:
    deck = tmp_path / "deck.md"
    for name in ("casts/one-1.cast", "lib/LICENSE-reveal.js.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("the deck's")
    deck.write_text("# One\n\n[a](casts/one-1.cast) [b](lib/LICENSE-reveal.js.txt)\n\n```bash\necho hi\n```\n")
    page = render_deck(parse_deck(deck.read_text(), deck), {"one-1": cast}, PLAIN)
    index = write_site(page, {"one-1": cast}, PLAIN, tmp_path / "out")
    assert parse_cast((index.parent / "casts/one-1.cast").read_text()) == cast
    assert (index.parent / "lib/LICENSE-reveal.js.txt").read_text() != "the deck's"


def test_a_deck_that_is_built_again_replaces_the_first(tmp_path: Path, rendered: Rendered, cast: Cast) -> None:
    out = tmp_path / "out"
    write_site(rendered, {"one-1": cast}, PLAIN, out)
    write_site(rendered, {}, PLAIN, out)
    assert not (out / "casts").exists()


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path, rendered: Rendered) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(WorkspaceError, match="is not a deck that castdeck built"):
        write_site(rendered, {}, PLAIN, tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_failed_write_leaves_the_deck_that_was_there(tmp_path: Path, rendered: Rendered) -> None:
    out = tmp_path / "out"
    write_site(rendered, {}, PLAIN, out)
    broken = Rendered("\ud800", (), ())
    with pytest.raises(UnicodeEncodeError):
        write_site(broken, {}, PLAIN, out)
    assert (out / "index.html").read_text() == rendered.html
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_bundle_has_no_modules_left() -> None:
    lines = bundle_scripts().splitlines()
    assert not [line for line in lines if line.startswith(("import ", "export "))]
    assert lines.index("export function fitSlide(section) {".removeprefix("export ")) < len(lines) - 1
