"""The recorder from markdown to casts, through the whole command line, on this computer's sandbox instead of a VM.

What depends on a virtual machine (its states, its loss, its terminal's size) is in tests/vm/test_record.py.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from castdeck.cast.model import parse_cast
from castdeck.cast.screen import last_screen
from castdeck.record.store import Recordings
from tests.conftest import Cli, needs_bubblewrap
from tests.record.test_plan import DECK

pytestmark = needs_bubblewrap


@pytest.fixture(autouse=True)
def workspace(sandbox: None, tmp_path: Path) -> None:
    """Decks in the test's folder are recorded on this computer."""
    (tmp_path / "castdeck.toml").write_text('default_machine = "local"\n')


def _write(folder: Path, text: str) -> None:
    (folder / "deck.md").write_text(text, encoding="utf-8")


def _screen(folder: Path, name: str) -> str:
    return "\n".join(last_screen(parse_cast((folder / f"{name}.cast").read_text(encoding="utf-8"))))


def _recorded(err: str) -> list[str]:
    return [line.split()[2] for line in err.splitlines() if ": recorded " in line]


THREE = DECK.replace("echo three\n", "echo three; shuf -i 1-1000000 -n 1\n")


def test_only_what_depends_on_a_change_is_recorded_again_and_verify_finds_what_differs(
    cli: Cli, tmp_path: Path
) -> None:
    _write(tmp_path, THREE)
    done = cli("record", "deck.md", "--recordings", "casts")
    assert (done.status, _recorded(done.err)) == (0, ["one-1", "two-1", "three-1"]), done.err

    one, prose, two, three = THREE.split("\n---\n")
    _write(tmp_path, "\n---\n".join([prose.replace("Words", "Other words"), one, two.replace("# Two", "# 2"), three]))
    assert _recorded(cli("record", "deck.md", "--recordings", "casts").err) == []

    _write(tmp_path, THREE.replace("echo three", "echo four"))
    assert _recorded(cli("record", "deck.md", "--recordings", "casts").err) == ["three-1"]

    held = cli("verify", "deck.md", "--recordings", "casts", "--quiet")
    assert held.status == 0, held.out  # a number that differs each time is no drift

    _say_instead(tmp_path / "casts", "three-1", "four", "five")
    drifted = cli("verify", "deck.md", "--recordings", "casts", "--quiet")
    assert drifted.status == 1
    assert "deck.md:26: echo four; shuf -i 1-1000000 -n 1: it prints something else than was recorded\n" in drifted.out
    assert "    --- recorded\n    +++ now\n" in drifted.out
    assert drifted.out.endswith(": 2 blocks as recorded, 1 drifted\n")

    varies = THREE.replace("echo three", "echo four").replace("{#three}\n\n```bash", "{#three}\n\n```bash {.varies}")
    _write(tmp_path, varies)
    true = cli("verify", "deck.md", "--recordings", "casts")
    assert true.status == 0, true.out
    assert true.out.endswith(": 3 blocks as recorded, 0 drifted\n")

    _write(tmp_path, THREE.replace("echo one", "echo first"))
    assert _recorded(cli("record", "deck.md", "--recordings", "casts").err) == ["one-1", "two-1", "three-1"]


def test_a_check_is_in_no_recording_and_verify_runs_it_after_its_slide(cli: Cli, tmp_path: Path) -> None:
    check = "\n```bash {.check}\ntest -e made || { echo make it; exit 1; }\n```\n"
    slide = "---\nmachine: local\n---\n# One {#one}\n\n```bash\ntouch made\n```\n"
    _write(tmp_path, slide)
    assert cli("record", "deck.md", "--recordings", "casts").status == 0
    _write(tmp_path, slide + check)
    done = cli("record", "deck.md", "--recordings", "casts")
    assert (done.status, _recorded(done.err)) == (0, [])
    assert "not run" not in done.err
    true = cli("verify", "deck.md", "--recordings", "casts", "--quiet")
    assert true.status == 0, true.out
    _write(tmp_path, slide + check.replace("made", "other"))
    wrong = cli("verify", "deck.md", "--recordings", "casts", "--quiet")
    assert wrong.status == 1
    assert "deck.md:10: test -e other" in wrong.out
    assert "the slide's own commands do not fulfil this check: make it\n" in wrong.out
    assert "test -e" not in (tmp_path / "casts" / "index.json").read_text()


def _say_instead(folder: Path, name: str, old: str, new: str) -> None:
    """Have the recording say that a command printed something else then."""
    recordings = Recordings(folder)
    entry, cast = recordings.entry(name), recordings.whole_cast(name)
    assert entry and cast
    events = [event._replace(data=re.sub(rf"^{old}", new, event.data)) for event in cast.events]
    recordings.keep(name, entry, replace(cast, events=tuple(events)))


def test_sessions_run_side_by_side_and_one_that_fails_stops_no_other(cli: Cli, tmp_path: Path) -> None:
    block = "```bash {{session={name}}}\n{code}\n```\n\n"
    sessions = [("", "echo own > /tmp/state"), ("a", "cat /tmp/state"), ("b", "echo fine"), ("", "cat /tmp/state")]
    text = "# A {#a}\n\n" + "".join(block.format(name=name or '""', code=code) for name, code in sessions)
    _write(tmp_path, text)
    done = cli("record", "deck.md", "--recordings", "casts", "--jobs", "2")
    assert done.status == 1
    assert "deck.md:8: error: cat /tmp/state: ended with exit status 1, not 0" in done.err
    assert ": 3 recorded, 0 still true, 1 failed (" in done.err
    log = re.search(r"^full log: (.*)$", done.err, re.MULTILINE)
    assert log and "No such file or directory" in Path(log[1]).read_text(encoding="utf-8")
    assert "own" in _screen(tmp_path / "casts", "a-4")


def test_secrets_are_known_to_blocks_and_to_no_recording(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PIN='a secret value'\n")
    _write(
        tmp_path,
        "---\nsecrets: [PIN, TOKEN]\n---\n\n# A {#a}\n\n"
        '```bash\ntest "$PIN" = "a secret value" && echo "pin: $PIN"\nenv | grep TOKEN\n```\n\n'
        "```bash\necho AKIAIOSFODNN7EXAMPL\\E\n```\n\n"
        "```bash\necho $PIN; false\n```\n\n"
        "```bash {exit=any}\nexit\n```\n\n"
        "```bash\necho again $PIN\n```\n",
    )
    done = cli("record", "deck.md", "--recordings", "casts", TOKEN="tok-98765")
    assert done.status == 1
    assert "pin: ••••••••\n" in _screen(tmp_path / "casts", "a-1")
    assert "TOKEN=••••••••\n" in _screen(tmp_path / "casts", "a-1")
    assert "deck.md:13: error: echo AKIA" in done.err and "would show an AWS access key" in done.err
    told = done.err + "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "casts").iterdir())
    assert "again ••••••••\n" in _screen(tmp_path / "casts", "a-5")
    assert "    ••••••••\n" in done.err
    assert "a secret value" not in told and "tok-98765" not in told


def test_a_block_that_fails_or_hangs_leaves_no_trace_and_the_others_are_recorded(cli: Cli, tmp_path: Path) -> None:
    _write(
        tmp_path,
        "# A {#a}\n\n```bash\necho good > state\n```\n\n"
        "```bash\necho bad > state\nfalse\n```\n\n"
        "```bash {timeout=2}\necho worse > state\nsleep 100\n```\n\n"
        "```bash\ncat state\n```\n",
    )
    folder = tmp_path / "casts"
    done = cli("record", "deck.md", "--recordings", folder)
    assert done.status == 1
    assert "deck.md:9: error: false: ended with exit status 1, not 0" in done.err
    assert "deck.md:14: error: sleep 100: did not end within 2 s" in done.err
    assert sorted(path.name for path in folder.iterdir()) == ["a-1.cast", "a-4.cast", "index.json"]
    assert "good" in _screen(folder, "a-4")


def test_a_failed_block_leaves_no_process_in_a_background_that_ignores_signals(tmp_path: Path) -> None:
    _write(tmp_path, "# A {#a}\n\n```bash\nfalse\n```\n")
    record = f"{sys.executable} -m castdeck record deck.md --recordings casts"
    background = ["sh", "-c", f"trap '' INT HUP; exec {record}"]
    done = subprocess.run(background, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "false: ended with exit status 1" in done.stderr
    assert [one for one in _commands() if str(tmp_path) in one] == []


def _commands() -> Iterator[str]:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield file.read_bytes().replace(b"\0", b" ").decode(errors="replace")


def test_an_open_quote_is_told_and_not_a_hang(cli: Cli, tmp_path: Path) -> None:
    _write(tmp_path, "# A {#a}\n\n```bash\necho 'never closed\n```\n")
    done = cli("record", "deck.md", "--recordings", tmp_path / "casts")
    assert (done.status, list(tmp_path.glob("casts/*.cast"))) == (0, [])
    assert "deck.md:3: warning: not run: bash would wait for the rest of it: echo 'never closed" in done.err


def test_another_terminal_size_loses_no_command(cli: Cli, tmp_path: Path) -> None:
    block = "```bash {{rows={rows} cols={cols}}}\n# d'abord\necho $LINES\nsleep 0.2; echo fin $COLUMNS\n```\n\n"
    sizes = [(12, 80), (24, 100), (16, 60), (24, 100)]
    _write(tmp_path, "# A {#a}\n\n" + "".join(block.format(rows=rows, cols=cols) for rows, cols in sizes))
    done = cli("record", "deck.md", "--recordings", tmp_path / "casts")
    assert done.status == 0, done.err
    for number, (rows, cols) in enumerate(sizes, 1):
        screen = _screen(tmp_path / "casts", f"a-{number}")
        assert f"\n{rows}\n" in screen and f"fin {cols}\n" in screen


def test_a_folder_for_temporary_files_may_have_blanks_in_its_name(cli: Cli, tmp_path: Path) -> None:
    _write(tmp_path, "# A {#a}\n\n```bash\necho fin-$((40 + 2))\n```\n")
    with tempfile.TemporaryDirectory(prefix="a folder ") as folder, mock.patch.object(tempfile, "tempdir", None):
        Path(folder).chmod(0o755)  # the sandbox is another user where the tests are root
        done = cli("record", "deck.md", "--recordings", "my casts", TMPDIR=folder)
    assert done.status == 0, done.err
    assert "fin-42" in _screen(tmp_path / "my casts", "a-1")


OWN_PROMPTS = """# One {#one}

```bash
PROMPT_COMMAND='PS1="[$?] "'
true
p() { PS1="{$?}> "; }; PROMPT_COMMAND=p
```

```bash {exit=any}
false
echo "after it"
unset PROMPT_COMMAND
echo last
```
"""


def test_a_prompt_that_is_made_anew_each_time_is_the_author_s_own_and_still_followed(tmp_path: Path, cli: Cli) -> None:
    _write(tmp_path, OWN_PROMPTS)
    assert cli("record", "deck.md", "--recordings", "casts").status == 0
    assert _screen(tmp_path / "casts", "one-1").splitlines()[1:] == [
        "[0] true",
        '[0] p() { PS1="{$?}> "; }; PROMPT_COMMAND=p',
        "{0}>",
    ]
    shown = _screen(tmp_path / "casts", "one-2").splitlines()
    assert shown == [
        "{0}> false",
        '{1}> echo "after it"',
        "after it",
        "{0}> unset PROMPT_COMMAND",
        "{0}> echo last",
        "last",
        "{0}>",
    ]
