"""The fonts that travel with a deck."""

import pytest

from castdeck.render import known_themes, load_theme
from castdeck.render.fonts import font_faces, font_files

LIMIT = 400_000  # bytes for a deck in Latin letters


def names(css: str, text: str | None) -> set[str]:
    return {face.file.removeprefix("fonts/").removesuffix(".woff2") for face in font_faces(css, text)}


def test_only_the_subsets_that_a_deck_uses_travel_with_it() -> None:
    css = load_theme("folio").css
    latin = names(css, "plain")
    assert {name for name in latin if "cyrillic" in name or "greek" in name or "ext" in name} == set()
    assert names(css, "Привет") - latin == {
        "source-serif-4-cyrillic-opsz-normal",
        "source-serif-4-cyrillic-opsz-italic",
        "ibm-plex-mono-cyrillic-400-normal",
        "ibm-plex-mono-cyrillic-400-italic",
        "ibm-plex-mono-cyrillic-700-normal",
    }
    assert names(css, "plain") < names(css, None)


def test_what_the_first_family_lacks_comes_from_the_next_one() -> None:
    assert "fira-code-greek-wght-normal" in names(load_theme("folio").css, "λ")
    assert "fira-code-latin-wght-normal" not in names(load_theme("folio").css, "λ")
    assert "fira-code-symbols2-wght-normal" in names(load_theme("folio").css, "┌─┐")


def test_a_theme_that_names_no_font_of_ours_needs_none() -> None:
    assert font_faces(":root { --text-font: Georgia, serif; }", "x") == ()
    assert font_files(()) == {}


def test_a_theme_that_changes_its_font_carries_no_other() -> None:
    css = load_theme("folio").css + ":root { --text-font: 'Inter Variable', sans-serif; }"
    assert not {name for name in names(css, "x") if name.startswith("source-serif")}
    assert "inter-latin-opsz-normal" in names(css, "x")


@pytest.mark.parametrize("theme", sorted(known_themes()))
def test_fonts_are_light_and_their_licenses_travel_too(theme: str) -> None:
    files = font_files(font_faces(load_theme(theme).css, "Plain text, é"))
    assert sum(path.stat().st_size for path in files.values()) < LIMIT
    assert "LICENSE-fonts.txt" in files
