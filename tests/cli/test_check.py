"""`castdeck check`: every problem of every deck at once, for people and for programs."""

import json
import os
import shutil
import struct
import time
from pathlib import Path

import pytest
from dulwich.objects import Blob

from castdeck.chromium import find_chromium
from tests.conftest import Cli

FIRST = """---
title: First
tittle: again
---

# One {#one}

![](gone.png)

[there](#/two)

```bash
echo one
```
"""
CHROMIUM = find_chromium()
NO_CHROMIUM = {"CASTDECK_CHROMIUM": "no-such-program"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Three decks: one with all sorts of problems, one that can't be read, one that is not UTF-8."""
    (tmp_path / "castdeck.toml").write_text("")
    for name, text in (("first", FIRST.encode()), ("second", b"---\na: b: c\n---\n"), ("third", b"# Un\n\ncaf\xe9\n")):
        folder = tmp_path / "slides" / name
        folder.mkdir(parents=True)
        (folder / "deck.md").write_bytes(text)
    return tmp_path


def test_all_problems_of_all_decks_are_told_at_once(cli: Cli, workspace: Path) -> None:
    done = cli("check", "--no-browser")
    assert done.status == 1
    assert done.out == (
        "slides/first/deck.md:3:1: unknown-setting warning: the front matter's 'tittle' is not known\n"
        "  did you mean title?\n"
        "slides/first/deck.md:8:1: image-without-alt warning: this image has no alt text\n"
        "  say what it shows: ![A container and its volume](volume.svg)\n"
        "slides/first/deck.md:8:5: missing-image error: image 'gone.png' does not exist\n"
        "  put the file beside the deck, or write its path as seen from there\n"
        "slides/first/deck.md:10:9: unknown-slide error: no slide has the id 'two'\n"
        "  a slide's id is in its heading, # Title {#id}, or made from its title\n"
        "slides/first/deck.md:12:1: missing-recording warning: one-1 has no recording\n"
        "  castdeck record does it\n"
        "slides/second/deck.md:2:1: invalid-front-matter error: the front matter is not valid YAML: "
        "mapping values are not allowed here\n"
        "  put texts with a colon in quotes\n"
        "slides/third/deck.md:3:1: not-utf8 error: not UTF-8 text\n"
        "  save the file as UTF-8\n"
    )
    assert done.err.splitlines()[-1] == "3 decks checked: 4 errors, 3 warnings"


def test_warnings_alone_are_no_failure(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n\n- ## Three\n")
    done = cli("check", "deck.md", "--no-browser", "--quiet")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(
        "deck.md:3:3: heading-in-list warning: a heading inside a list is shown as strong text\n"
    )


def test_a_kind_that_comes_many_times_is_told_once_with_its_count(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n\n### Deep\n\n" + "- ## item\n" * 12)
    done = cli("check", "deck.md", "--no-browser")
    message = "a heading inside a list is shown as strong text, and 11 more heading-in-list"
    assert done.out == (
        f"deck.md:5:3: heading-in-list warning: {message} (lines 6, 7, 8, 9, 10, 11, ...)\n"
        "  write **strong text**, or end the list; --all reports each\n"
    )
    assert done.err.splitlines()[-1] == "1 deck checked: 0 errors, 12 warnings"
    assert cli("check", "deck.md", "--no-browser", "--all").out.count("heading-in-list warning") == 12
    assert "skipped-heading-level" in cli("check", "deck.md", "--no-browser", "--all").out
    assert cli("check", "deck.md", "--no-browser", "--format", "json").out.count("heading-in-list") == 12


def test_a_clean_deck_is_silent_but_for_the_last_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n")
    done = cli("check", "deck.md", "--no-browser")
    assert (done.status, done.out) == (0, "")
    assert done.err.splitlines()[-1] == "1 deck checked: nothing is wrong"


def test_json_is_a_list_of_problems(cli: Cli, workspace: Path) -> None:
    done = cli("check", "third", "first", "--no-browser", "--quiet", "--format", "json")
    assert done.status == 1
    problems = json.loads(done.out)
    assert [problem["code"] for problem in problems][:2] == ["not-utf8", "unknown-setting"]
    assert problems[1] == {
        "path": "slides/first/deck.md",
        "line": 3,
        "column": 1,
        "code": "unknown-setting",
        "severity": "warning",
        "message": "the front matter's 'tittle' is not known",
        "hint": "did you mean title?",
    }


def test_json_of_nothing_is_an_empty_list(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n")
    assert cli("check", "deck.md", "--no-browser", "--quiet", "--format", "json").out == "[]\n"


def test_github_gets_annotations(cli: Cli, workspace: Path) -> None:
    done = cli("check", "second", "--no-browser", "--quiet", "--format", "github")
    assert done.status == 1
    assert done.out == (
        "::error file=slides/second/deck.md,line=2,title=invalid-front-matter::"
        "the front matter is not valid YAML: mapping values are not allowed here%0Aput texts with a colon in quotes\n"
    )


def test_without_a_browser_it_says_what_it_did_not_look_at(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n")
    done = cli("check", "deck.md", "--quiet", **NO_CHROMIUM)
    assert (done.status, done.out) == (0, "")
    assert done.err == (
        "Chromium is not installed: whether slides overflow was not looked at; install it, or use --no-browser\n"
    )


def test_a_browser_that_does_not_start_is_told_and_hides_nothing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n\n- ## Three\n")
    done = cli("check", "deck.md", "--quiet", CASTDECK_CHROMIUM=shutil.which("false") or "false")
    assert done.status == 0
    assert "heading-in-list" in done.out
    assert "does not start: it says nothing: whether slides overflow was not looked at" in done.err


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("theme: ligth", "deck.md:2:1: invalid-setting error: theme: no theme is called 'ligth'; this deck is shown"),
        ("machine: dokcer", "deck.md:2:1: invalid-setting error: there is no machine called 'dokcer'\n  did you mean"),
        ("play: fast", "deck.md:2:1: invalid-setting error: play: 'fast' is not known\n  known: auto, manual, step"),
    ],
)
def test_a_setting_that_cannot_be_has_its_line_and_the_rest_is_checked(
    cli: Cli, tmp_path: Path, setting: str, line: str
) -> None:
    (tmp_path / "deck.md").write_text(f"---\n{setting}\n---\n\n# One\n\n- ## Three\n\n```bash\necho\n```\n")
    done = cli("check", "deck.md", "--no-browser", "--quiet")
    assert done.status == 1
    assert line in done.out
    assert "heading-in-list" in done.out
    assert ("missing-recording" in done.out) != setting.startswith("machine")


@pytest.mark.parametrize("theme", ["gaia", "seriph", "night", "./my.css", "default", "'@me/slidev-theme-x'"])
def test_a_theme_of_another_tool_is_a_warning_and_the_deck_is_built(cli: Cli, tmp_path: Path, theme: str) -> None:
    (tmp_path / "deck.md").write_text(f"---\ntheme: {theme}\n---\n\n# One\n\n---\n\n# Two\n")
    done = cli("check", "deck.md", "--no-browser", "--quiet")
    assert done.status == 0
    assert "deck.md:2:1: unknown-theme warning: " in done.out
    built = cli("build", "deck.md", "--no-record", "--out", "public")
    assert built.status == 0
    assert f"{theme.strip(chr(39))!r} is a theme of" in built.err
    assert (tmp_path / "public/index.html").read_text().count("<section") == 2


def test_classes_that_the_css_of_another_tool_styles_are_told_once(cli: Cli, tmp_path: Path) -> None:
    own = "<style>.note { color: red }</style>\n\n.red[one] .note[two] .large[three]\n"
    (tmp_path / "a.md").write_text(
        f"class: center, inverse\n\n# A\n\n{own}\n.left-column[\na\n]\n.right-column[\nb\n]\n"
    )
    done = cli("check", "a.md", "--no-browser", "--quiet")
    assert "a.md:3:1: unsupported warning: nothing here styles what has the class inverse, red\n" in done.out
    (tmp_path / "a.md").write_text('# A\n\n<div class="mine">a</div>\n')
    assert "styles" not in cli("check", "a.md", "--no-browser", "--quiet").out


def test_a_theme_that_is_given_has_to_be_there(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n")
    done = cli("build", "deck.md", "--no-record", "--theme", "gaia")
    assert (done.status, "no theme is called 'gaia'" in done.err) == (2, True)


def test_recordings_that_no_longer_hold_and_those_of_nobody(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n\n```bash\necho one\n```\n")
    (tmp_path / "castdeck.toml").write_text("")
    folder = tmp_path / "recordings" / tmp_path.name
    folder.mkdir(parents=True)
    entry = {"key": "old", "own": "other", "machine": "docker-1", "tools": {}, "commands": []}
    index = {"version": 2, "blocks": {"one-1": entry, "two-1": entry}}
    (folder / "index.json").write_text(json.dumps(index))
    done = cli("check", "deck.md", "--no-browser", "--quiet")
    assert done.status == 0
    assert done.out == (
        "deck.md:3:1: stale-recording warning: the recording of one-1 is no longer true: its commands have changed\n"
        "  castdeck record does it\n"
        f"recordings/{tmp_path.name}/two-1.cast: orphaned-recording warning: no block has this recording\n"
        "  castdeck record --prune removes it\n"
    )


def test_recordings_that_no_deck_has_are_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n")
    (tmp_path / "castdeck.toml").write_text("")
    folder = tmp_path / "recordings" / tmp_path.name
    folder.mkdir(parents=True)
    for number in range(10, 50):
        (folder / f"gone-{number}.cast").touch()
    done = cli("check", "deck.md", "--no-browser", "--quiet")
    assert done.out == (
        f"recordings/{tmp_path.name}/gone-10.cast: orphaned-recording warning: no block has this recording, "
        "and 39 more orphaned-recording (files gone-11.cast, gone-12.cast, gone-13.cast, gone-14.cast, gone-15.cast, "
        "gone-16.cast, ...)\n  castdeck record --prune removes it; --all reports each\n"
    )
    each = cli("check", "deck.md", "--no-browser", "--quiet", "--all")
    assert each.out.count("orphaned-recording") == 40


def test_what_an_included_file_has_is_told_with_its_name(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "part.md").write_text("# Two\n\n```bash\nsudo apt update\n```\n\n![](gone.png)\n")
    (tmp_path / "deck.md").write_text("# One\n\n---\n\ninclude: part.md\n")
    done = cli("check", "deck.md", "--no-browser", "--quiet")
    told = [line.split(" ")[0:2] for line in done.out.splitlines() if not line.startswith(" ")]
    assert told == [
        ["part.md:3:1:", "missing-recording"],
        ["part.md:4:6:", "wants-internet"],
        ["part.md:7:1:", "image-without-alt"],
        ["part.md:7:5:", "missing-image"],
    ]


def test_an_index_that_cannot_be_read_is_an_error_with_its_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text("")
    (tmp_path / "deck.md").write_text("# One\n")
    folder = tmp_path / "recordings" / tmp_path.name
    folder.mkdir(parents=True)
    (folder / "index.json").write_text("{")
    done = cli("check", "deck.md", "--no-browser", "--quiet")
    assert done.status == 1
    assert done.out.startswith(f"recordings/{tmp_path.name}/index.json: invalid-recordings error: not an index of")


def test_what_a_machine_without_internet_cannot_do(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text(
        "# One\n\n```bash\nsudo apt update\n```\n\n```bash {needs=internet}\ncurl https://example.org\n```\n\n"
        "```bash\ncurl -s localhost:8080\ndocker run -d -p 80:80 --name web nginx\ndocker build -t mine .\n"
        "docker run --rm -it mine\ndocker run debian\n```\n"
    )
    done = cli("check", "deck.md", "--no-browser", "--quiet")
    told = [line for line in done.out.splitlines() if "missing-recording" not in line and not line.startswith(" ")]
    assert told == [
        "deck.md:4:6: wants-internet warning: apt wants the internet here, and the machine has none",
        "deck.md:13:35: unknown-container-image warning: the machine has no container image 'nginx', "
        "and no internet to get it from",
    ]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")
def test_slides_are_measured_in_chromium(cli: Cli, tmp_path: Path) -> None:
    much = "".join(f"- point {number} of very many that nobody will ever read\n" for number in range(60))
    wide = "x = " + "1 + " * 100 + "1"
    some = "".join(f"- point {number} of some\n" for number in range(18))
    (tmp_path / "deck.md").write_text(
        f"# Fine\n\n- one\n- two\n\n---\n\n# Much\n\n{much}\n---\n\n# Wide\n\n```python\n{wide}\n```\n\n"
        f"---\n\n# Some\n\n{some}\n"
    )
    done = cli("check", "deck.md", "--quiet")
    lines = [line for line in done.out.splitlines() if not line.startswith("  ")]
    assert done.status == 1, done.err
    assert [line.split(": ")[1] for line in lines] == [
        "slide-overflow error",
        "small-text warning",
        "small-code warning",
        "small-text warning",
    ]
    assert lines[0].startswith("deck.md:8:1: slide-overflow error: the slide hangs over its bottom edge by ")
    assert lines[2].startswith("deck.md:73:1: small-code warning: this code is too wide for the slide: its lines wrap")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")
def test_diagrams_and_formulas_that_cannot_be_drawn_are_told(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text(
        "# Fine\n\n$a^2$\n\n```mermaid\nflowchart LR\n  a --> b\n```\n\n---\n\n"
        "# Not\n\n$\\frac{1}$ and $x$\n\n```mermaid\nflowchart LR\n  c --> --> d\n```\n"
    )
    done = cli("check", "deck.md", "--quiet")
    lines = [line for line in done.out.splitlines() if not line.startswith("  ")]
    assert done.status == 1, done.err
    assert [line.partition(" this ")[0] for line in lines] == [
        "deck.md:14:2: broken-formula error:",
        "deck.md:17:1: broken-diagram error:",
    ]


def test_what_each_block_types_is_shown_line_by_line(cli: Cli, tmp_path: Path) -> None:
    session = "$ ls \\\n    -l\ntotal 0\n# then\nroot@host:~# id\n#$ wait 1"
    (tmp_path / "deck.md").write_text(f"# One\n\n```bash\n{session}\n```\n\n```bash\nls <dir>\n```\n")
    done = cli("check", "deck.md", "--blocks")
    assert (done.status, done.err) == (0, "")
    assert done.out.replace(f"{tmp_path}/", "").splitlines() == [
        "deck.md:3: one-1: run",
        "     4  types         ls \\",
        "     5  goes on           -l",
        "     6  output        total 0",
        "     7  comment       # then",
        "     8  types as root id",
        "     9  keys          #$ wait 1",
        "deck.md:12: one-2: not run, nothing fills <dir> (line 13)",
    ]


def test_fix_mends_what_is_certain_after_a_diff_and_keeps_a_copy(cli: Cli, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    text = "# One\n\nwords that end.\n---\n\n<div>\na\n</div>\n---\n\n```bash\nFROM debian\nRUN true\n```\n"
    deck.write_text(text)
    done = cli("check", "deck.md", "--no-browser", "--quiet", "--fix")
    fresh = text.replace("end.\n---", "end.\n\n---").replace("</div>\n---", "</div>\n\n---")
    assert deck.read_text() == fresh.replace("```bash", "```bash {.norun}")
    assert "+```bash {.norun}" in done.out
    assert "heading-by-dashes" not in done.out
    assert (tmp_path / "deck.md.orig").read_text() == text
    assert done.status == 0


def test_fix_keeps_each_text_that_it_replaces(cli: Cli, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    texts = ["# One\n\nwords that end.\n---\n\nTwo\n", "# Other\n\nwords that end.\n---\n\nTwo\n"]
    for text in texts:
        deck.write_text(text)
        cli("check", "deck.md", "--no-browser", "--quiet", "--fix")
    assert [(tmp_path / name).read_text() for name in ("deck.md.orig", "deck.md.orig2")] == texts


@pytest.mark.parametrize("index", ["has it", "has another", "sparse", "names", "one name", "fifo", "elsewhere"])
def test_fix_keeps_a_copy_unless_git_has_one_whatever_lies_in_its_place(cli: Cli, tmp_path: Path, index: str) -> None:
    folder = tmp_path / "ws"
    git = folder / ".git/index"
    git.parent.mkdir(parents=True)
    text = "# One\n\nwords that end.\n---\n\nTwo\n"
    (folder / "deck.md").write_text(text)
    entry = bytes(40) + Blob.from_string(text.encode()).sha().digest()
    has_it = b"DIRC" + struct.pack(">II", 2, 1) + entry + struct.pack(">H", 7) + b"deck.md" + bytes(3)
    if index in ("has it", "has another"):
        git.write_bytes(has_it.replace(b"deck.md", b"deck.md" if index == "has it" else b"back.md"))
    elif index == "sparse":
        git.touch()
        os.truncate(git, 1 << 40)
    elif index == "names":
        more = bytes(62) + b"\0" + b"a" * 20 + b"\0"
        git.write_bytes(b"DIRC" + struct.pack(">II", 4, 150_000) + more * 150_000)
    elif index == "one name":
        git.write_bytes(b"DIRC" + struct.pack(">II", 4, 1) + bytes(63) + b"a" * (10 << 20))
    elif index == "fifo":
        os.mkfifo(git)
    else:
        (tmp_path / "index").write_bytes(has_it)
        git.symlink_to(tmp_path / "index")
    started = time.monotonic()
    done = cli("check", "deck.md", "--no-browser", "--quiet", "--fix", cwd=folder)
    assert (folder / "deck.md").read_text() != text and "Traceback" not in done.err
    assert (folder / "deck.md.orig").exists() == (index != "has it")
    assert time.monotonic() - started < 20


def test_fix_puts_properties_right_below_their_separator_and_leaves_words(cli: Cli, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text(
        "# One\n\n---\n\nclass: center\n\n# Two\n\n---\n\nlayout: of the land\n\n```\n---\n\nclass: a\n```\n"
    )
    cli("check", "deck.md", "--no-browser", "--quiet", "--fix")
    assert deck.read_text() == (
        "# One\n\n---\nclass: center\n\n# Two\n\n---\n\nlayout: of the land\n\n```\n---\n\nclass: a\n```\n"
    )


def test_fix_names_no_separator_where_slides_begin_at_headings(cli: Cli, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    text = "".join(f"# Part {number}\n\nwords\n\n" for number in range(6))
    deck.write_text(text)
    done = cli("check", "deck.md", "--no-browser", "--fix")
    assert done.status == 0
    assert "6 headings, and no separator" in done.out
    assert deck.read_text() == text


def test_fix_names_separators_and_leaves_a_deck_alone_that_has_none(cli: Cli, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text("# One\n\n--->\n\n## Two\n\n--->\n\n## Three\n")
    cli("check", "deck.md", "--no-browser", "--quiet", "--fix")
    assert deck.read_text().startswith('---\nseparators: {slide: "--->"}\n---\n\n# One\n')
    mended = deck.read_text()
    done = cli("check", "deck.md", "--no-browser", "--quiet", "--fix")
    assert (deck.read_text(), done.out) == (mended, "")
