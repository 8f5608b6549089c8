"""Files that a slide links to, films, and pictures beside the deck's folder come into the built deck."""

from pathlib import Path

from castdeck.deck import parse_deck
from castdeck.export.single_file import single_file
from castdeck.render import load_theme, render_deck, site_files
from castdeck.render.page import Rendered

DECK = """# Labs

Take [the files](files/lab.zip), read [the guide](guide.pdf#page=2) or [the next deck](../other/index.html).

<a href="files/lab.zip" download>zip</a> <img data-src="p.png" alt="lazy">

![A demo](demo.mp4){width=50%}
"""


def built(deck: Path) -> Rendered:
    return render_deck(parse_deck(deck.read_text(), deck), {}, load_theme(), root=None)


def made(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content")


def test_they_are_copied_and_their_links_lead_there(tmp_path: Path) -> None:
    made(tmp_path, "files/lab.zip", "guide.pdf", "p.png", "demo.mp4")
    deck = tmp_path / "deck.md"
    deck.write_text(DECK)
    page = built(deck)
    assert page.problems == ()
    assert {image.target for image in page.images} == {"files/lab.zip", "guide.pdf", "p.png", "demo.mp4"}
    assert '<a href="guide.pdf#page=2">' in page.html
    assert '<a href="../other/index.html">' in page.html
    assert '<video src="demo.mp4" style="width:50%" controls="" preload="metadata" aria-label="A demo">' in page.html
    alone = single_file(site_files(page, {}, load_theme()))
    assert '<a href="data:application/zip;base64,Y29udGVudA==" download="lab.zip">the files</a>' in alone


def test_those_that_are_not_there_are_errors_with_their_line(tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text(DECK)
    found = [(problem.line, str(problem.code), problem.word) for problem in built(deck).problems]
    assert found == [
        (3, "missing-file", "files/lab.zip"),
        (3, "missing-file", "guide.pdf#page=2"),
        (5, "missing-file", "files/lab.zip"),
        (5, "missing-image", "p.png"),
        (7, "missing-image", "demo.mp4"),
    ]


def test_a_picture_beside_the_decks_folder_is_copied_where_a_repository_holds_both(tmp_path: Path) -> None:
    made(tmp_path, "repo/assets/x.png", "repo/.git/config", "outside.png")
    deck = tmp_path / "repo/talks/deck.md"
    made(tmp_path, "repo/talks/deck.md")
    deck.write_text("# One\n\n![x](../assets/x.png) ![y](../../outside.png) ![z](../.git/config)\n")
    page = built(deck)
    assert [image.target for image in page.images] == ["shared/assets/x.png"]
    assert [problem.word for problem in page.problems] == ["../../outside.png", "../.git/config"]
