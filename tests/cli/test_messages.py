"""What a user sees when the command line or a deck is wrong: a message with a remedy, a status, no traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.color import Color

from castdeck.cli.console import BAD, CAREFUL, GOOD, TYPED
from castdeck.render import known_themes
from tests.conftest import Cli

RECORDABLE = "# Un\n\n```bash\necho un\n```\n"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "deck.md"
    path.write_text(RECORDABLE, encoding="utf-8")
    return path


def test_an_unknown_deck_is_a_usage_error_that_names_the_near_one(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text("")
    (tmp_path / "slides/docker").mkdir(parents=True)
    (tmp_path / "slides/docker/deck.md").write_text("# Un\n")
    done = cli("build", "doker")
    assert (done.status, done.out) == (2, "")
    assert done.err == "error: there is no deck 'doker'\n  did you mean docker?\n"


def test_front_matter_that_is_no_yaml_is_an_error_with_its_line(cli: Cli, deck: Path) -> None:
    deck.write_text("---\ntitle: un: deux\n---\n\n# Un\n", encoding="utf-8")
    done = cli("build", "deck.md")
    assert done.status == 1
    assert done.err == (
        "deck.md:2: error: the front matter is not valid YAML: mapping values are not allowed here\n"
        "  put texts with a colon in quotes\n"
    )


def test_a_deck_that_is_not_utf8_is_an_error(cli: Cli, deck: Path) -> None:
    deck.write_bytes(b"# caf\xe9\n")
    done = cli("build", "deck.md")
    assert (done.status, done.err) == (1, "deck.md:1: error: not UTF-8 text\n  save the file as UTF-8\n")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("machine = [", "castdeck.toml:1: error: not valid TOML"),
        ("machin = 1", "castdeck.toml:1: error: unknown setting 'machin'\n  did you mean machine?"),
        ("[machine.docker]\nmemory = 'big'", "castdeck.toml:2: error: [machine.docker]: memory must be a whole number"),
        (
            "[machine.docker]\nmemory = 99999999999",
            "castdeck.toml:2: error: [machine.docker]: memory must be from 64 to 1048576 MiB, not 99999999999\n"
            "  memory = 512, say",
        ),
        ("[machine.docker]\nmemory = -1", "castdeck.toml:2: error: [machine.docker]: memory must be from 64"),
        ("[machine.docker]\nhostname = 'x'\ncores = 1000", "castdeck.toml:3: error: [machine.docker]: cores must be"),
        ("[machine.docker]\ndisk = 9000000000000000", "castdeck.toml:2: error: [machine.docker]: disk must be from 1"),
        ("[machine.docker]\ndisk = 1e9", "castdeck.toml:2: error: [machine.docker]: disk must be a whole number"),
        ("[machine.docker]\npackage = []", "unknown setting 'package'\n  did you mean packages?"),
        ("[machine.docker]\npackages = ['--x']", "packages contains an invalid name"),
        ("default_machine = 'dokcer'", "error: there is no machine called 'dokcer'\n  did you mean docker?"),
        ("[terminal]\ncols = 'wide'", "castdeck.toml:2: error: terminal.cols = 'wide': expected `int`, got `str`"),
    ],
)
def test_a_wrong_setting_is_a_usage_error(cli: Cli, deck: Path, config: str, message: str) -> None:
    deck.with_name("castdeck.toml").write_text(config)
    done = cli("record", "deck.md")
    assert done.status == 2
    assert message in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ("{", "error: not an index of recordings"),
        ('{"version": 99, "blocks": {}}', "error: index of version 99, this castdeck reads 2"),
    ],
)
def test_an_index_that_cannot_be_read_is_an_error_and_stays(cli: Cli, deck: Path, index: str, message: str) -> None:
    folder = deck.parent / "recordings"
    folder.mkdir()
    (folder / "index.json").write_text(index)
    done = cli("record", "deck.md", "--recordings", folder)
    assert done.status == 1
    assert message in done.err
    assert (folder / "index.json").read_text() == index


def test_building_without_a_machine_shows_the_blocks_and_succeeds(cli: Cli, deck: Path, tmp_path: Path) -> None:
    done = cli("build", "deck.md", "--no-record", "--out", tmp_path / "out")
    assert (done.status, done.err) == (0, "")
    assert done.out == f"{tmp_path / 'out' / 'index.html'}\n"
    assert "echo" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_a_missing_image_is_a_warning_with_its_line(cli: Cli, deck: Path, tmp_path: Path) -> None:
    deck.write_text("# Un\n\n![plan](images/plan.png)\n", encoding="utf-8")
    done = cli("build", "deck.md", "--no-record", "--out", tmp_path / "out")
    assert done.status == 0
    assert done.err.startswith("deck.md:3: warning: image 'images/plan.png' does not exist\n")


def test_out_is_for_one_deck(cli: Cli, deck: Path) -> None:
    deck.with_name("other.md").write_text(RECORDABLE, encoding="utf-8")
    done = cli("build", "deck.md", "other.md", "--out", "out")
    assert done.status == 2
    assert "--out takes one deck" in done.err


def test_help_shows_examples(cli: Cli) -> None:
    for command in ("build", "record"):
        assert f"castdeck {command} docker" in cli(command, "--help").out


@pytest.mark.parametrize("colour", [GOOD, BAD, CAREFUL, TYPED])
def test_colours_can_be_read_on_dark_and_on_light_backgrounds(colour: str) -> None:
    luminance = _luminance(*Color.parse(colour).get_truecolor())
    assert (luminance + 0.05) / 0.05 > 4 and 1.05 / (luminance + 0.05) > 4  # the contrast of WCAG, 21 at most


def _luminance(*channels: int) -> float:
    linear = [one / 255 / 12.92 if one < 11 else ((one / 255 + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_outside_a_workspace_a_machine_of_one_is_not_known(cli: Cli) -> None:
    done = cli("machine", "build", "lab")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "error: there is no castdeck.toml here that defines the machine 'lab'\n"
        "  go to its workspace, or use a built-in machine: debian, docker, local\n"
    )


def test_a_misspelt_command_is_guessed(cli: Cli) -> None:
    done = cli("biuld")
    assert done.status == 2
    assert done.err == "error: there is no command 'biuld'\n  did you mean build?\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("build", "--teme", "folio"), "no such option '--teme'\n  did you mean '--theme'?"),
        (("machine", "lst"), "no such command 'lst'\n  did you mean 'list'?"),
        (
            ("new", "--lang", "it"),
            "invalid value for '--lang': 'it' is not one of 'en', 'de', 'es', 'fr'\n  see castdeck new --help",
        ),
        (
            ("export", "docker"),
            "choose what to write: --single-file, --pdf, --zip, --handout\n  see castdeck export --help",
        ),
    ],
)
def test_wrong_arguments_are_told_as_all_errors_are(cli: Cli, arguments: tuple[str, ...], message: str) -> None:
    assert cli(*arguments).err == f"error: {message}\n"


def test_no_line_of_the_list_of_commands_is_cut_off(cli: Cli) -> None:
    for command in ((), ("machine",)):
        listed = cli(*command, "--help").out.split("Commands:")[1]
        assert "..." not in listed


def test_a_deck_in_all_themes_is_one_page_beside_a_folder_for_each(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n")
    done = cli("themes", "deck.md", "--quiet")
    assert (done.status, done.err) == (0, "")
    page = tmp_path / done.out.strip()
    named = set(re.findall(r'src="([\w-]+)/index.html', page.read_text()))
    assert named == {path.parent.name for path in page.parent.glob("*/index.html")} == set(known_themes())


def test_a_script_whose_own_output_can_not_be_written_gets_an_error_and_no_traceback(tmp_path: Path) -> None:
    script = "print('mine'); from castdeck.cli import main; main(['machine', 'list'])"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", script]
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path, env=environment
        )
    assert done.stderr == "error: the results can't be written to standard output: No space left on device\n"
    assert done.returncode == 1
