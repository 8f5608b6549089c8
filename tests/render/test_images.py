"""Images: copied when they may be, named when they are missing."""

from pathlib import Path

import pytest

from castdeck.render import Rendered, Theme, render_deck
from tests.render.small_decks import make_deck


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "slides/a").mkdir(parents=True)
    for name in ("slides/a/in here.png", "logo.png"):
        (tmp_path / name).write_bytes(b"png")
    return tmp_path


def render(workspace: Path, text: str) -> Rendered:
    return render_deck(make_deck(text, path=workspace / "slides/a/deck.md"), {}, Theme("plain", ""), root=workspace)


def targets(rendered: Rendered) -> list[str]:
    return [image.target for image in rendered.images]


def test_an_image_beside_the_deck_keeps_its_path(workspace: Path) -> None:
    rendered = render(workspace, "![x](in%20here.png)")
    assert targets(rendered) == ["in here.png"]
    assert 'src="in%20here.png"' in rendered.html
    assert 'class="figure"' in rendered.html


def test_images_with_a_blank_between_them_are_figures(workspace: Path) -> None:
    rendered = render(workspace, "![x](in%20here.png) ![y](in%20here.png)")
    assert 'class="figure"' in rendered.html


def test_an_image_of_the_workspace_is_copied_into_the_deck(workspace: Path) -> None:
    rendered = render(workspace, "![x](../../logo.png)")
    assert targets(rendered) == ["shared/logo.png"]
    assert 'src="shared/logo.png"' in rendered.html


@pytest.mark.parametrize(
    ("url", "why"),
    [("gone.png", "does not exist"), ("../../../x.png", "lies outside the deck's folder and the workspace")],
)
def test_a_missing_image_is_shown_and_told_with_its_line(workspace: Path, url: str, why: str) -> None:
    rendered = render(workspace, f"words\n\n\nmore ![x]({url})")
    assert f'<span class="missing-image">{url}</span>' in rendered.html
    assert [(p.message, p.line, p.is_error) for p in rendered.problems] == [(f"image {url!r} {why}", 4, True)]


def test_images_in_raw_html_are_copied_too(workspace: Path) -> None:
    rendered = render(workspace, '<div>\n<img src="in here.png">\n<img src="gone.png">\n</div>')
    assert targets(rendered) == ["in here.png"]
    assert [problem.line for problem in rendered.problems] == [3]


def test_a_variable_of_mdx_is_no_missing_file(workspace: Path) -> None:
    rendered = render(workspace, "# A\n\n<img src={logo} alt='logo' />\n\n<img src={props.logo} alt='logo' />")
    told = [(problem.code.value, problem.line, problem.is_error) for problem in rendered.problems]
    assert told == [("unsupported", 3, False), ("unsupported", 5, False)]


@pytest.mark.parametrize("url", ["https://example.org/x.png", "data:image/png;base64,AA=="])
def test_images_from_elsewhere_are_left_alone(workspace: Path, url: str) -> None:
    rendered = render(workspace, f"![x]({url})")
    assert (rendered.images, rendered.problems) == ((), ())
    assert url in rendered.html
