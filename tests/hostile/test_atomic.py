"""A file is written whole or not at all, and never through a link that somebody laid there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from castdeck import atomic
from tests.conftest import Cli


def test_a_file_takes_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "new/index.html"
    atomic.write(path, "one")
    atomic.write(path, "two é")
    assert path.read_bytes() == "two é".encode()
    assert names(path.parent) == {"index.html"}
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws/index.html").symlink_to(tmp_path / "secret")
    atomic.write(tmp_path / "ws/index.html", "built")
    assert (tmp_path / "secret").read_text() == "mine"
    assert (tmp_path / "ws/index.html").read_text() == "built"
    assert not (tmp_path / "ws/index.html").is_symlink()


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "index.json"
    path.write_text("good")
    with pytest.raises(RuntimeError), atomic.writing(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert path.read_text() == "good"
    assert names(tmp_path) == {"index.json"}


def test_the_name_of_the_part_can_not_be_known(tmp_path: Path) -> None:
    found: set[str] = set()
    for _ in range(8):
        with atomic.writing(tmp_path / "x") as file:
            found |= names(tmp_path) - {"x"}
            file.write(b"")
    assert len(found) == 8


def test_what_a_killed_process_was_writing_is_removed_and_what_another_writes_is_not(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom castdeck import atomic\n"
        "with atomic.writing(Path(sys.argv[1])) as file:\n    file.write(b'half')\n    file.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "killed"], check=False)
    (left,) = names(tmp_path)
    with atomic.writing(tmp_path / "a") as file:
        assert left not in names(tmp_path)
        write = (
            "import sys; from pathlib import Path; from castdeck import atomic; atomic.write(Path(sys.argv[1]), 'b')"
        )
        subprocess.run([sys.executable, "-c", write, tmp_path / "b"], check=True)
        file.write(b"a")
    assert names(tmp_path) == {"a", "b"}


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_second_name_of_a_file_is_replaced_and_the_file_stays(tmp_path: Path) -> None:
    secret, name = tmp_path / "secret", tmp_path / "index.html"
    secret.write_text("kept")
    secret.chmod(0o600)
    name.hardlink_to(secret)
    atomic.write(name, "new")
    assert (secret.read_text(), name.read_text()) == ("kept", "new")
    assert (secret.stat().st_mode & 0o777, secret.stat().st_nlink) == (0o600, 1)


def test_themes_are_not_written_where_a_link_leads(cli: Cli, tmp_path: Path) -> None:
    elsewhere, course = tmp_path / "elsewhere", tmp_path / "course"
    for folder in (elsewhere, course / "public", course / "slides/a"):
        folder.mkdir(parents=True)
    (course / "castdeck.toml").touch()
    (course / "slides/a/deck.md").write_text("# A\n")
    (course / "public/a-themes").symlink_to(elsewhere)
    assert "is a link" in cli("themes", "course/slides/a/deck.md").err
    assert not list(elsewhere.iterdir())
