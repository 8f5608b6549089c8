"""Only what lies in a workspace, and is meant to be seen, is read and published."""

import asyncio
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from castdeck.codes import Code
from castdeck.deck import parse_deck
from castdeck.errors import CastdeckError, RecordingError, WorkspaceError
from castdeck.export.single_file import single_file
from castdeck.gate import DOWNLOADS, MEDIA, Gate, Refused, open_real, published
from castdeck.problems import Place, Problem
from castdeck.record.store import Entry, Recordings
from castdeck.render.files import LocalFile, find_file
from castdeck.render.site import site_files
from castdeck.render.theme import load_theme
from castdeck.serve.frame import file_response
from castdeck.serve.problems import problem_json
from castdeck.workspace import (
    deck_names,
    find_deck,
    find_workspace,
    include_reader,
    languages,
    read_deck_text,
)
from tests.conftest import Cli, Result

Build = Callable[..., Result]
SECRET = "S3CRET-OUTSIDE"
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret.svg").write_text(SECRET)
    folder = tmp_path / "ws"
    for below in ("slides/a/images", "themes/mine", "recordings/a", ".git", ".ssh"):
        (folder / below).mkdir(parents=True)
    (folder / "castdeck.toml").touch()
    (folder / ".env").write_text(f"X={SECRET}")
    (folder / ".git/config").write_text(SECRET)
    (folder / ".ssh/key.png").write_text(SECRET)
    (folder / "slides/a/deck.md").write_text("# A {#a}\n")
    (folder / "slides/a/images/x.svg").write_text(PICTURE)
    (folder / "logo.PNG").write_text("png")
    (folder / "themes/mine/theme.css").write_text("/* mine */")
    return folder


@pytest.fixture
def build(workspace: Path, cli: Cli) -> Build:
    """build() builds the deck of the workspace; build(words) calls castdeck with them there."""
    return lambda *words: cli(*(words or ("build", "--no-record", "a")), cwd=workspace)


def published_files(workspace: Path) -> list[str]:
    found = [path for path in (workspace / "public").rglob("*") if path.is_file()]
    return [str(path.relative_to(workspace)) for path in found if SECRET.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../secret", "lies outside the workspace"),
        ("/etc/passwd", "lies outside the workspace"),
        (".env", "is hidden"),
        (".git/config", "is hidden"),
        ("slides/../.git/config", "is hidden"),
        ("castdeck.toml", "holds settings"),
        ("slides/a", "is no regular file"),
        ("gone", "does not exist"),
        ("x" * 5000, "can't be read"),
        ("a\0b", "lies outside the workspace"),
        ("link", "lies outside the workspace"),
        ("folder/secret", "lies outside the workspace"),
        ("to-env", "is hidden"),
        ("to-settings.md", "holds settings"),
        ("circle", "does not exist"),
        ("fifo", "is no regular file"),
        ("to-zero", "lies outside the workspace"),
    ],
)
def test_what_may_not_be_read_says_why(workspace: Path, path: str, why: str) -> None:
    (workspace / "link").symlink_to("../secret")
    (workspace / "folder").symlink_to("..")
    (workspace / "to-env").symlink_to(".env")
    (workspace / "to-settings.md").symlink_to("castdeck.toml")
    (workspace / "circle").symlink_to("circle")
    (workspace / "to-zero").symlink_to("/dev/zero")
    os.mkfifo(workspace / "fifo")
    with pytest.raises(Refused, match=why):
        Gate(workspace).read_bytes(workspace / path)


def test_what_lies_in_the_workspace_is_read_through_links_that_stay_there(workspace: Path) -> None:
    (workspace / "same.md").symlink_to("slides/a/deck.md")
    assert Gate(workspace).read_text(workspace / "same.md") == "# A {#a}\n"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(workspace: Path) -> None:
    with (workspace / "huge.md").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(Refused, match="larger than"):
        Gate(workspace).read_bytes(workspace / "huge.md")


def test_a_link_laid_after_the_check_is_not_followed(workspace: Path) -> None:
    found = Gate(workspace).find(workspace / "slides/a/images/x.svg")
    shutil.rmtree(workspace / "slides/a/images")
    (workspace / "slides/a/images").symlink_to(workspace.parent)
    (workspace.parent / "x.svg").write_text(SECRET)
    with pytest.raises(Refused):
        open_real(found)


def test_what_is_served_is_what_was_found(workspace: Path) -> None:
    found = Gate(workspace).find(workspace / "slides/a/images/x.svg")
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET", "headers": [(b"range", b"bytes=1-3")]}
    asyncio.run(file_response(found)(scope, send, send))  # type: ignore[arg-type]
    assert (sent[0]["status"], b"".join(one.get("body", b"") for one in sent)) == (206, b"svg")
    shutil.rmtree(workspace / "slides/a/images")
    (workspace / "slides/a/images").symlink_to(workspace.parent)
    (workspace.parent / "x.svg").write_text(SECRET)
    with pytest.raises(HTTPException):
        file_response(found)


@pytest.mark.parametrize(
    "name", ["evil.js", "evil.mjs", "page.html", "x.css", "x.xhtml", "x.wasm", "x.php", "x.PNG.js"]
)
def test_a_page_a_script_or_a_style_sheet_is_never_published(workspace: Path, name: str) -> None:
    (workspace / name).write_text("alert(1)")
    for types in (MEDIA, DOWNLOADS):
        with pytest.raises(Refused, match="not published"):
            published(Gate(workspace).find(workspace / name), types)


def test_images_are_found_beside_the_deck_and_in_the_workspace(workspace: Path) -> None:
    deck = workspace / "slides/a"
    image, logo = find_file("images/x.svg", deck, workspace), find_file("../../logo.PNG", deck, workspace)
    assert isinstance(image, LocalFile) and image.target == "images/x.svg"
    assert isinstance(logo, LocalFile) and logo.target == "shared/logo.PNG"


HIDING = """# A

![x](../../.env) ![y](../../.git/config) [z](../../.env) ![w](../../.ssh/key.png) ![v](../../castdeck.toml)
![u](link.svg) ![t](../../../secret.svg) ![s](%2e%2e/%2e%2e/%2e%2e/secret.svg) ![r](evil.js)
<video src="../../.ssh/key.png" poster="link.svg"></video> <object data="folder/secret.svg"></object>
<embed src="../../.git/config"> <audio><source src="../../.env"></audio>

---

# B {background-image="../../.ssh/key.png"}

---

<!-- .slide: data-background-video="link.svg" -->

# C
"""


def test_no_way_to_show_a_file_publishes_a_hidden_one(workspace: Path, build: Build) -> None:
    deck = workspace / "slides/a"
    (deck / "deck.md").write_text(HIDING)
    (deck / "link.svg").symlink_to("../../../secret.svg")
    (deck / "folder").symlink_to("../../..")
    (deck / "evil.js").write_text(SECRET)
    done = build()
    assert done.status in (0, 1) and published_files(workspace) == []
    assert "is hidden" in done.err and "not published" in done.err and "lies outside" in done.err
    assert "deck.md:3:" in done.err
    out = workspace.parent / "a.zip"
    build("export", "a", "--zip", "--out", str(out))
    with zipfile.ZipFile(out) as archive:
        assert not any(SECRET.encode() in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize(
    ("name", "target"),
    [("theme.css", "../../../secret"), ("theme.css", "../../.env"), ("layout.html.j2", "../../../secret")],
)
def test_a_theme_is_read_in_the_workspace_only(workspace: Path, name: str, target: str) -> None:
    (workspace / "themes/mine" / name).unlink(missing_ok=True)
    (workspace / "themes/mine" / name).symlink_to(target)
    with pytest.raises(WorkspaceError, match=f"the theme's {name}"):
        load_theme("mine", find_workspace(workspace).theme_folders)


def test_a_theme_s_folder_may_not_lead_elsewhere(workspace: Path) -> None:
    (workspace.parent / "theirs").mkdir()
    (workspace.parent / "theirs/theme.css").write_text(SECRET)
    (workspace / "themes/evil").symlink_to(workspace.parent / "theirs")
    with pytest.raises(WorkspaceError, match="lies outside"):
        load_theme("evil", find_workspace(workspace).theme_folders)


def test_a_fifo_in_place_of_a_file_hangs_nothing(workspace: Path, build: Build) -> None:
    for name in ("themes/mine/layout.html.j2", "recordings/a/index.json", "slides/a/x.md", "slides/a/x.png"):
        os.mkfifo(workspace / name)
    (workspace / "slides/a/deck.md").write_text("---\ntheme: mine\n---\n\n# A\n\ninclude: x.md\n\n![x](x.png)\n")
    done = build()
    assert "Traceback" not in done.err and "is no regular file" in done.err


@pytest.mark.parametrize("kind", ["fifo", "zero", "sparse", "elsewhere"])
def test_the_list_of_built_decks_replaces_only_a_file_of_castdeck_s(workspace: Path, build: Build, kind: str) -> None:
    index = workspace / "public/index.html"
    index.parent.mkdir()
    if kind == "fifo":
        os.mkfifo(index)
    elif kind == "sparse":
        index.touch()
        os.truncate(index, 1 << 40)
    else:
        index.symlink_to("/dev/zero" if kind == "zero" else workspace.parent / "secret")
    before = index.lstat()
    done = build()
    assert done.status == 0 and (workspace / "public/a/index.html").is_file()
    assert index.lstat().st_ino == before.st_ino


def test_castdeck_toml_and_deck_md_are_files(workspace: Path) -> None:
    (workspace / "slides/b").mkdir()
    os.mkfifo(workspace / "slides/b/deck.md")
    assert deck_names(find_workspace(workspace)) == ["a"]
    (workspace / "castdeck.toml").unlink()
    os.mkfifo(workspace / "castdeck.toml")
    with pytest.raises(WorkspaceError, match="castdeck.toml is no regular file"):
        find_workspace(workspace / "slides")


@pytest.mark.parametrize("linked", ["slides/b", "slides/b/deck.md", "slides"])
def test_a_deck_that_leads_out_of_its_workspace_is_not_opened(workspace: Path, build: Build, linked: str) -> None:
    theirs = workspace.parent / "theirs"
    (theirs / "b").mkdir(parents=True)
    (theirs / "b/deck.md").write_text(SECRET)
    targets = {"slides/b": theirs / "b", "slides/b/deck.md": theirs / "b/deck.md", "slides": theirs}
    if linked == "slides":
        shutil.rmtree(workspace / "slides")
    (workspace / linked).parent.mkdir(exist_ok=True)
    (workspace / linked).symlink_to(targets[linked])
    for named in ("b", str(workspace / "slides/b"), str(workspace / "slides/b/deck.md")):
        with pytest.raises(CastdeckError):
            place = find_deck(named, find_workspace(workspace))
            read_deck_text(place.path, place.workspace.root)
    assert build("build", "--no-record").status != 0 and published_files(workspace) == []


@pytest.mark.parametrize("name", [".env", "..", "../..", "/", "", "a\0", "../secret", "slides/a", "%2e%2e"])
def test_names_of_decks_are_those_of_the_list(workspace: Path, name: str) -> None:
    (workspace / "slides/.hidden").mkdir()
    (workspace / "slides/.hidden/deck.md").write_text("# A\n")
    assert name not in deck_names(find_workspace(workspace)) == ["a"]


@pytest.mark.parametrize("has_workspace", [True, False])
def test_a_deck_in_another_language_is_a_file_of_the_workspace(
    workspace: Path, build: Build, has_workspace: bool
) -> None:
    folder = workspace / "slides/a"
    (folder / "deck.md").rename(folder / "deck.en.md")
    (workspace.parent / "secret.md").write_text(f"# {SECRET}\n")
    (folder / "deck.fr.md").symlink_to("../../../secret.md")
    if not has_workspace:
        (workspace / "castdeck.toml").unlink()
    place = find_deck(str(folder / "deck.en.md"), find_workspace(workspace))
    assert languages(place) == {}
    (folder / "deck.de.md").write_text("# A\n")
    assert sorted(languages(place)) == ["a.de", "a.en"]
    done = build("build", "--no-record", str(folder / "deck.en.md"))
    assert done.status == 0, done.err
    (page,) = workspace.rglob("a.en/index.html")
    assert SECRET.lower() not in page.read_text().lower()


def test_includes_are_text_of_the_workspace(workspace: Path) -> None:
    read = include_reader(workspace / "slides/a/deck.md", workspace)
    for path in (".env", "castdeck.toml", "../secret", ".git/config"):
        with pytest.raises(CastdeckError):
            read(workspace / path)


@pytest.mark.parametrize("linked", ["recordings", "recordings/a", "public"])
def test_nothing_is_written_where_a_folder_leads_out(workspace: Path, build: Build, linked: str) -> None:
    theirs = workspace.parent / "theirs"
    (theirs / "a").mkdir(parents=True)
    (theirs / "mine.cast").write_text("mine")
    shutil.rmtree(workspace / linked, ignore_errors=True)
    (workspace / linked).symlink_to(theirs)
    before = sorted(path.name for path in theirs.rglob("*"))
    for words in (["build", "--no-record", "a"], ["record", "--prune", "a"], ["export", "a", "--zip"]):
        assert build(*words).status == 2 or (linked, words[0]) == ("public", "record")
    assert sorted(path.name for path in theirs.rglob("*")) == before


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only where a folder has such a name")
def test_a_link_that_takes_the_place_of_public_during_a_build_is_not_followed(
    workspace: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build().status == 0
    theirs = workspace.parent / "theirs"
    (theirs / "a").mkdir(parents=True)
    (theirs / "a/mine").touch()
    real = site_files

    def swapped(*arguments: Any) -> dict[str, str | Path]:
        (workspace / "public").rename(workspace / "moved")
        (workspace / "public").symlink_to(theirs)
        return real(*arguments)

    monkeypatch.setattr("castdeck.render.site.site_files", swapped)
    assert build().status == 1  # the list of decks is not written there
    assert [path.relative_to(theirs) for path in theirs.rglob("*")] == [Path("a"), Path("a/mine")]
    assert (workspace / "moved/a/index.html").is_file() and len(list((workspace / "moved").iterdir())) == 2


def test_recordings_are_written_where_they_were_opened(workspace: Path) -> None:
    theirs = workspace.parent / "theirs"
    theirs.mkdir()
    recordings = Recordings(workspace / "recordings/a")
    (workspace / "recordings/a").rename(workspace / "moved")
    (workspace / "recordings/a").symlink_to(theirs)
    with pytest.raises(RecordingError, match="could not be written"):
        recordings.keep("a-1", Entry("0" * 32, "0" * 32, "m"), None)
    assert not list(theirs.iterdir())


ENTRY = {"key": "0" * 32, "own": "0" * 32, "machine": "m", "tools": {}, "commands": [], "cast": "0" * 16}


@pytest.mark.parametrize(
    "name", ["../../../victim", "/tmp/victim", "..", ".", "", "a/b", "a\\b", "a\0b", "x" * 300, "\u202ea", "a\nb"]
)
def test_names_in_an_index_are_those_of_blocks(workspace: Path, name: str) -> None:
    (workspace.parent / "victim.cast").write_text("mine")
    index = {"version": 2, "blocks": {name: ENTRY}}
    (workspace / "recordings/a/index.json").write_text(json.dumps(index))
    with pytest.raises(RecordingError, match="not an index"):
        Recordings(workspace / "recordings/a")
    with pytest.raises(RecordingError):
        Recordings(workspace / "recordings").remove([name])
    assert (workspace.parent / "victim.cast").exists()


def test_a_recording_that_is_a_link_is_not_shown(workspace: Path) -> None:
    events = ["o", "$ "], ["m", "x"], ["i", "x"], ["o", "x"], ["o", "$ "]
    cast = "\n".join(['{"version": 2, "width": 80, "height": 24}', *(json.dumps([0, *event]) for event in events)])
    (workspace.parent / "theirs.cast").write_text(cast)
    (workspace / "recordings/a/a-1.cast").write_text(cast)
    assert Recordings(workspace / "recordings/a").cast("a-1")
    (workspace / "recordings/a/a-1.cast").unlink()
    (workspace / "recordings/a/a-1.cast").symlink_to(workspace.parent / "theirs.cast")
    assert Recordings(workspace / "recordings/a").cast("a-1") is None


@pytest.mark.parametrize("wanted", ["../../y", "../z/w", "/etc/passwd", "a b", ".x", "a\\b", "x" * 300, '"><script>'])
def test_ids_of_slides_are_no_paths(wanted: str) -> None:
    text = (
        f"# A\n\n---\nname: {wanted}\n\n```bash\necho 1\n```\n\n---\n\n# C {{id='{wanted}'}}\n\n```bash\necho 1\n```\n"
    )
    deck = parse_deck(text, Path("deck.md"))
    for block in deck.blocks:
        assert (
            not {"/", "\\", '"', "<", " "} & set(block.name)
            and not block.name.startswith(".")
            and len(block.name) < 250
        )
    assert any(problem.code == "invalid-attribute" for problem in deck.problems)


@pytest.mark.parametrize("wanted", ["über-uns", "日本語", "привет", "हिन्दी", "a.b:c_d"])
def test_ids_of_any_script_stay_as_they_are(wanted: str) -> None:
    deck = parse_deck(f"# A {{id='{wanted}'}}\n", Path("deck.md"))
    assert [slide.id for slide in deck.slides] == [wanted] and not deck.problems


@pytest.mark.parametrize("address", ["//[", "http://[", "//[x]:y", "//a\u2100b", "https://[::1"])
def test_an_address_that_can_not_be_taken_apart_is_no_file(workspace: Path, build: Build, address: str) -> None:
    html = f"<img src='{address}'><video data-src='{address}'></video><a href='{address}'>x</a>"
    style = f"<style>a {{ background: url({address}) }}</style>"
    page = f"# A\n\n{html}\n\n![x]({address}) [y]({address}) <{address}>\n\n{style}\n"
    (workspace / "slides/a/deck.md").write_text(page)
    done = build()
    assert "Traceback" not in done.err and done.status == 0
    assert isinstance(single_file({"index.html": page}), str)


def test_the_preview_quotes_no_line_of_a_file_elsewhere(workspace: Path) -> None:
    (workspace / "slides/a/deck.md").write_text("# A\n")
    places = [workspace / "link", workspace / "fifo", workspace / "slides/a/deck.md"]
    shown = [problem_json(Problem(Code.INVALID_SETTING, Place(path, 1), "x"), workspace) for path in places]
    assert [one["excerpt"] for one in shown] == [[], [], [(1, "# A")]]
