"""Recording in a real virtual machine, through the whole command line."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from castdeck.cast.model import parse_cast
from castdeck.cast.screen import last_screen
from castdeck.workspace import cache_folder
from tests.conftest import Cli

pytestmark = [pytest.mark.vm, pytest.mark.timeout(900)]


@pytest.fixture(scope="module", autouse=True)
def machine() -> None:
    """The golden machine, built once: minutes under emulation, where the cache has none."""
    subprocess.run([sys.executable, "-m", "castdeck", "machine", "build", "docker"], check=True, timeout=880)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    assert list((cache_folder() / "run").iterdir()) == []
    assert _emulators() == []


def _emulators() -> list[int]:
    """The emulators that run on machines of this cache."""
    pattern = f"^(.*/)?qemu-system-.*{cache_folder()}/"
    found = subprocess.run(["pgrep", "-f", pattern], capture_output=True, text=True, check=False)
    return [int(number) for number in found.stdout.split()]


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "deck.md"
    path.write_text(text, encoding="utf-8")
    return path


def _screen(folder: Path, name: str) -> str:
    return "\n".join(last_screen(parse_cast((folder / f"{name}.cast").read_text(encoding="utf-8"))))


EVERY_KIND = """# Kinds {#k}

```bash
cd /tmp && WORD='déjà vu' # à l'accent près
for number in 1 2 3; do
  echo "tour $number"
done
cat > poem.txt <<'END'
un
  [deux] <trois>
END
```

---

# State {#s}

```bash {exit=any}
echo "$WORD in $PWD" | tee -a poem.txt
ls /nowhere
```

```console
$ grep -c . poem.txt
7
$ printf 'a\\
> b'
```

```bash
read -p 'name? ' name
#$ expect name
#$ sendline Ada
echo "hello $name"
docker run --rm hello-world | head -2
```
"""


def test_every_kind_of_command_is_recorded_once_and_then_still_true(cli: Cli, tmp_path: Path) -> None:
    _write(tmp_path, EVERY_KIND)
    folder = tmp_path / "casts"
    done = cli("record", "deck.md", "--recordings", folder)
    assert done.status == 0, done.err
    assert "tour 3" in _screen(folder, "k-1")
    assert "à l'accent près" in _screen(folder, "k-1")
    assert "déjà vu in /tmp" in _screen(folder, "s-1")
    assert "No such file or directory" in _screen(folder, "s-1")
    assert "\n3\n" in _screen(folder, "s-2")
    assert "hello Ada" in _screen(folder, "s-3")
    assert "Hello from Docker!" in _screen(folder, "s-3")
    markers = parse_cast((folder / "k-1.cast").read_text(encoding="utf-8")).markers
    assert [marker.data for marker in markers] == [
        "cd /tmp && WORD='déjà vu' # à l'accent près",
        "for number in 1 2 3; do",
        "cat > poem.txt <<'END'",
    ]
    seen = json.loads((folder / "index.json").read_text(encoding="utf-8"))["blocks"]["s-1"]["commands"]
    assert [command["status"] for command in seen] == [0, 2]
    for cast in folder.glob("*.cast"):
        text = cast.read_text(encoding="utf-8")
        assert "]133;" not in text
        assert str(Path.home()) not in text or str(Path.home()) == "/"
        assert "timestamp" not in text and "/tmp/castdeck" not in text

    again = cli("record", "deck.md", "--recordings", folder, timeout=20)
    assert again.err.endswith(": 0 recorded, 4 still true\n")


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
    assert "deck.md:9: error: false: ended with exit status 1, not 0\n" in done.err
    assert "deck.md:14: error: sleep 100: did not end within 2 s\n" in done.err
    assert sorted(path.name for path in folder.iterdir()) == ["a-1.cast", "a-4.cast", "index.json"]
    assert "good" in _screen(folder, "a-4")


def test_another_terminal_size_loses_no_command(cli: Cli, tmp_path: Path) -> None:
    block = "```bash {{rows={rows} cols={cols}}}\n# d'abord\necho $LINES\nsleep 0.2; echo fin $COLUMNS\n```\n\n"
    sizes = [(12, 80), (24, 100), (16, 60), (24, 100)]
    _write(tmp_path, "# A {#a}\n\n" + "".join(block.format(rows=rows, cols=cols) for rows, cols in sizes))
    done = cli("record", "deck.md", "--recordings", tmp_path / "casts")
    assert done.status == 0, done.err
    for number, (rows, cols) in enumerate(sizes, 1):
        screen = _screen(tmp_path / "casts", f"a-{number}")
        assert f"\n{rows}\n" in screen and f"fin {cols}\n" in screen


def test_an_open_quote_is_an_error_and_not_a_hang(cli: Cli, tmp_path: Path) -> None:
    _write(tmp_path, "# A {#a}\n\n```bash\necho 'never closed\n```\n")
    done = cli("record", "deck.md", "--recordings", tmp_path / "casts")
    assert done.status == 1
    assert "deck.md:4: error: echo 'never closed: the command is not finished" in done.err


def _start_long_recording(tmp_path: Path) -> subprocess.Popen[str]:
    _write(tmp_path, "# A {#a}\n\n```bash\necho first\n```\n\n```bash\nsleep 300\n```\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "castdeck", "record", "deck.md", "--recordings", "casts"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not (tmp_path / "casts" / "a-1.cast").exists():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    return process


def test_killing_the_machine_is_an_error_of_its_block(cli: Cli, tmp_path: Path) -> None:
    process = _start_long_recording(tmp_path)
    for number in _emulators():
        os.kill(number, signal.SIGKILL)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "deck.md:8: error: sleep 300: the virtual machine was lost while it ran" in err
    assert "first" in _screen(tmp_path / "casts", "a-1")


def test_ctrl_c_ends_with_130_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    process = _start_long_recording(tmp_path)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.endswith("interrupted: all that was recorded before is kept\n")
    assert "first" in _screen(tmp_path / "casts", "a-1")
