"""What reading a whole deck tells the preview."""

from pathlib import Path

from castdeck.deck.text import DeckText
from castdeck.serve.preview import Preview
from castdeck.serve.reader import Places, read_whole
from castdeck.workspace import DeckPlace, find_workspace

TEXT = DeckText("# One\n\n- ## Three\n\n[there](#/gone)\n")


def told(folder: Path) -> list[str]:
    whole = read_whole(TEXT, Places(folder / "deck.md", folder / "recordings", find_workspace(folder)))
    return [f"{problem.line}: {problem.code}" for problem in whole.problems]


def test_the_preview_knows_what_check_knows_of_the_text(tmp_path: Path) -> None:
    assert sorted(told(tmp_path)) == ["3: heading-in-list", "5: unknown-slide"]


def test_what_castdeck_toml_ignores_is_not_in_the_preview(tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text('ignore = ["unknown-slide"]\n')
    assert told(tmp_path) == ["3: heading-in-list"]


def test_a_missing_image_is_told_unless_castdeck_toml_ignores_it_which_is_followed(tmp_path: Path) -> None:
    deck, settings = tmp_path / "deck.md", tmp_path / "castdeck.toml"
    deck.write_text("# One\n\n![a dot](gone.png)\n")
    preview = Preview(DeckPlace(deck, "deck", tmp_path / "recordings"))
    assert [problem["line"] for problem in preview.view.problems] == [3]
    settings.write_text('ignore = ["missing-image"]\n')
    preview.refresh({settings})
    assert not preview.view.problems
    settings.write_text('ignore = ["mising-image"]\n')
    preview.refresh({settings})
    found = [(problem["line"], problem["message"]) for problem in preview.view.problems]
    assert found == [(1, "ignore: unknown 'mising-image'")]
