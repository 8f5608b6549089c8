"""No mistake of an author's and no fault of the computer ends in a traceback: every verb, with every fault.

The command line runs in this process, so that an exception that gets out of it fails the test.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from castdeck.codes import Code
from castdeck.faults import fault
from castdeck.machine.consent import allow
from castdeck.machine.kinds import find_definition
from tests.conftest import Cli

LATIN = b"caf\xe9\n"
DECK = b"# One {#one}\n\n![a](a.png)\n\n```bash\necho one\n```\n"
VERBS: dict[str, tuple[str, ...]] = {
    "build": ("build", "--no-record"),
    "build-a-deck": ("build", "one", "--no-record", "--out", "OUT"),
    "record": ("record", "one", "--recordings", "CASTS"),
    "dry-run": ("record", "--dry-run"),
    "prune": ("record", "one", "--recordings", "CASTS", "--prune"),
    "verify": ("verify", "one"),
    "check": ("check", "--no-browser"),
    "export": ("export", "one", "--zip", "--out", "OUT"),
    "plan": ("plan",),
    "themes": ("themes", "one", "--out", "OUT"),
    "trust": ("trust", "--withdraw"),
    "merge": ("merge", "CASTS"),
    "new": ("new", "NEW"),
    "theme": ("new", "--theme", "mine"),
    "list": ("machine", "list"),
    "machine-prune": ("machine", "prune"),
    "doctor": ("machine", "doctor"),
}
ALWAYS = ("build", "record", "check")  # with each fault; the other verbs where the program has changed
SELDOM = pytest.mark.slow("builder/castdeck", "tests/cli", "tests/conftest.py")
PLACES = {"OUT": "out", "CASTS": "recordings/one", "NEW": "course"}


def file(name: str, content: bytes) -> Callable[[Path], None]:
    def put(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    return put


def folder_at(name: str) -> Callable[[Path], None]:
    def put(folder: Path) -> None:
        if (folder / name).exists():
            (folder / name).unlink()
        (folder / name).mkdir(parents=True)

    return put


def nothing(folder: Path) -> None: ...


FILES: dict[str, Callable[[Path], None]] = {
    "nothing wrong": nothing,
    "the deck is not UTF-8": file("slides/one/deck.md", LATIN),
    "the deck is a folder": folder_at("slides/one/deck.md"),
    "castdeck.toml is not UTF-8": file("castdeck.toml", LATIN),
    "castdeck.toml is a folder": folder_at("castdeck.toml"),
    "castdeck.toml is no TOML": file("castdeck.toml", b"[["),
    "a style sheet is not UTF-8": file("themes/own/theme.css", LATIN),
    "a style sheet is a folder": folder_at("themes/own/theme.css"),
    "a layout is not UTF-8": file("themes/own/layout.html.j2", LATIN),
    "theme.toml is not UTF-8": file("themes/own/theme.toml", LATIN),
    ".env is not UTF-8": file(".env", LATIN),
    ".env is a folder": folder_at(".env"),
    "the index is not UTF-8": file("recordings/one/index.json", LATIN),
    "the index is a folder": folder_at("recordings/one/index.json"),
    "a cast is not UTF-8": file("recordings/one/one-1.cast", LATIN),
    "a cast is a folder": folder_at("recordings/one/one-1.cast"),
    "the recordings are a file": file("recordings/one", b""),
    "public is a file": file("public", b""),
    "the image is a folder": folder_at("slides/one/a.png"),
}
PATHS = {
    "in /proc": "/proc/x",
    "below a file": "a-file/x",
    "of a name that is too long": "x" * 300,
    "behind a link to itself": "loop/x",
}


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace with a deck that may be recorded on this computer."""
    file("castdeck.toml", b'theme = "own"\ndefault_machine = "local"\nsecrets = ["TOKEN"]\n')(tmp_path)
    file("slides/one/deck.md", DECK)(tmp_path)
    file("themes/own/theme.css", b"")(tmp_path)
    file("a-file", b"")(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("CASTDECK_CACHE", str(tmp_path / "cache"))
    allow(find_definition("local", {}, tmp_path))


def run(cli: Cli, verb: str, places: dict[str, str]) -> None:
    done = cli(*(places.get(word, word) for word in VERBS[verb]))
    assert done.status in (0, 1, 2)
    if done.status:
        assert done.err + done.out
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        pytest.param(verb, what, marks=() if verb in ALWAYS or what == "nothing wrong" else SELDOM, id=f"{verb}-{what}")
        for verb in VERBS
        for what in FILES
    ],
)
def test_a_file_that_is_wrong(cli: Cli, tmp_path: Path, verb: str, what: str) -> None:
    FILES[what](tmp_path)
    run(cli, verb, PLACES)


@pytest.mark.parametrize("place", PATHS)
@pytest.mark.parametrize("verb", [verb for verb, words in VERBS.items() if set(words) & set(PLACES)])
def test_a_path_that_can_not_be(cli: Cli, verb: str, place: str) -> None:
    run(cli, verb, dict.fromkeys(PLACES, PATHS[place]))


@pytest.mark.parametrize("place", PATHS)
@pytest.mark.parametrize("variable", ["CASTDECK_CACHE", "CASTDECK_CONFIG"])
@pytest.mark.parametrize("verb", ["record", "list", "machine-prune", "doctor", "verify", "dry-run"])
def test_a_folder_of_castdecks_own_that_can_not_be(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, verb: str, variable: str, place: str
) -> None:
    monkeypatch.setenv(variable, PATHS[place])
    run(cli, verb, PLACES)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("verb", ["build", "record", "export", "new", "theme"])
def test_a_disk_that_refuses_every_write(cli: Cli, monkeypatch: pytest.MonkeyPatch, verb: str, number: int) -> None:
    opened = os.open

    def refuse(path: str, flags: int, *rest: object, **more: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(number, os.strerror(number), str(path))
        return opened(path, flags, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    run(cli, verb, PLACES)


def test_a_fault_is_told_with_the_file_the_reason_and_what_to_do() -> None:
    problem = fault(OSError(errno.ENOSPC, "No space left on device", "/srv/out/index.html"))
    assert problem.code is Code.FAILED
    assert str(problem) == "/srv/out/index.html: error: no space left on device\n  make room on that disk"


def test_a_temporary_file_is_told_as_the_folder_that_it_is_in() -> None:
    for name in (".castdeck-0123456789abcdef.part", ".castdeck-0123456789abcdef"):
        assert fault(OSError(errno.EROFS, "", f"/srv/{name}")).path == Path("/srv")
    assert fault(OSError(errno.EACCES, "", "/srv/.env")).path == Path("/srv/.env")


def test_a_fault_without_a_file_or_number_is_told_in_its_own_words() -> None:
    assert str(fault(OSError("the network is gone"))) == "error: the network is gone"
