"""`castdeck new`: what it makes builds and checks as it stands, and nothing is written over."""

from pathlib import Path

import pytest

from tests.conftest import Cli

MADE = (
    "A workspace, with the deck slides/welcome/deck.md. Next:\n"
    "  cd course\n"
    "  castdeck serve welcome --open    see it, and write your own\n"
    "  castdeck build                   record its blocks in a virtual machine, and write public/\n"
)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def in_folder(cli: Cli, folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """The status and the problems' codes of a command in that folder."""
    done = cli(*arguments, cwd=folder)
    return done.status, [line.split()[1] for line in done.out.splitlines() if not line.startswith(" ")]


def test_a_new_workspace_builds_and_checks_as_it_stands(cli: Cli, tmp_path: Path) -> None:
    done = cli("new", "course")
    assert (done.status, done.out, done.err) == (0, "course\n", MADE)
    course = tmp_path / "course"
    assert files(course) == [
        ".gitignore",
        "castdeck.toml",
        "recordings/.gitkeep",
        *(
            f"recordings/welcome/{name}"
            for name in ("failing-1.cast", "index.json", "session-1.cast", "terminal-1.cast")
        ),
        "slides/welcome/deck.md",
        "slides/welcome/images/machine.svg",
    ]
    status, codes = in_folder(cli, course, "check", "--no-browser", "--quiet")
    assert (status, set(codes)) == (0, set())
    built = cli("build", course / "slides/welcome/deck.md", "--no-record")
    assert built.status == 0, built.err
    assert (course / "public/welcome/index.html").is_file()


@pytest.mark.browser
@pytest.mark.timeout(300)  # two checks, each in a browser
def test_no_slide_of_the_new_deck_is_too_full(cli: Cli, tmp_path: Path) -> None:
    cli("new", "course")
    for theme in ("folio", "contrast"):
        config = tmp_path / "course/castdeck.toml"
        config.write_text(config.read_text().replace('theme = "folio"', f'theme = "{theme}"'))
        status, codes = in_folder(cli, tmp_path / "course", "check", "--quiet")
        assert (status, set(codes)) == (0, set())


def test_a_theme_that_is_known_is_chosen(cli: Cli, tmp_path: Path) -> None:
    assert cli("new", "course", "--theme", "light+dark").status == 0
    assert 'theme = "light+dark" ' in (tmp_path / "course/castdeck.toml").read_text()
    assert not (tmp_path / "course/themes").exists()


def test_a_theme_of_a_new_name_is_made_and_used(cli: Cli, tmp_path: Path) -> None:
    done = cli("new", "course", "--theme", "mine")
    assert done.err.startswith("A workspace, with the deck slides/welcome/deck.md and the theme themes/mine. Next:\n")
    folder = tmp_path / "course/themes/mine"
    assert files(folder) == ["layout.html.j2", "theme.css"]
    assert (folder / "theme.css").read_text().startswith("/* mine: every colour, font and size of a slide.")
    assert in_folder(cli, tmp_path / "course", "check", "--no-browser", "--quiet")[0] == 0
    cli("build", tmp_path / "course/slides/welcome/deck.md", "--no-record")
    html = (tmp_path / "course/public/welcome/index.html").read_text()
    assert '<footer class="footer">Welcome</footer>' in html


def test_a_theme_alone_is_made_in_the_workspace_that_is_there(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text("")
    done = cli("new", "--theme", "mine")
    assert (done.status, done.out) == (0, "themes/mine\n")
    assert done.err == (
        "A theme. Next: write theme: mine in a deck's front matter, and change its theme.css while you look at it.\n"
    )
    assert files(tmp_path / "themes/mine") == ["layout.html.j2", "theme.css"]
    again = cli("new", "--theme", "mine")
    assert (again.status, again.err) == (
        2,
        "error: there is a theme called 'mine' already\n  choose another name\n",
    )


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_there_stays(cli: Cli, tmp_path: Path, what: str) -> None:
    there = tmp_path / "course"
    if what == "folder":
        there.mkdir()
        there = there / "notes.txt"
    there.write_text("mine")
    done = cli("new", "course")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "error: course already exists, and castdeck overwrites nothing\n  name another folder, or move this one away\n"
    )
    assert there.read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_empty_folder_is_filled(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    assert cli("new", "course").status == 0
    assert (tmp_path / "course/castdeck.toml").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "error: name a folder: castdeck new course\n  see castdeck new --help"),
        (("--theme", "mine"), "error: there is no workspace here\n  make one: castdeck new course --theme mine"),
        (("course", "--theme", "../x"), "error: no theme can be called '../x'\n  a theme's name is of small letters"),
    ],
)
def test_what_cannot_be_made_is_a_usage_error(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = cli("new", *arguments)
    assert done.status == 2
    assert message in done.err
    assert not list(tmp_path.iterdir())


def test_a_new_workspace_plays_its_recordings_without_a_machine(cli: Cli, tmp_path: Path) -> None:
    assert cli("new", "course").status == 0
    assert cli("build", "welcome", "--no-record", cwd=tmp_path / "course").status == 0
    page = (tmp_path / "course/public/welcome/index.html").read_text()
    assert (page.count('<figure class="terminal"'), page.count('class="badge"')) == (3, 0)
