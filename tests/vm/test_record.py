"""Recording in a real virtual machine, through the whole command line.

What does not depend on the kind of machine is in tests/record/test_whole_recordings.py.
"""

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
from tests.emulators import emulators, nothing_left_of_machines

pytestmark = [pytest.mark.vm, pytest.mark.timeout(900)]


@pytest.fixture(scope="module", autouse=True)
def machine() -> None:
    """The golden machine, built once: minutes under emulation, where the cache has none."""
    subprocess.run([sys.executable, "-m", "castdeck", "machine", "build", "docker"], check=True, timeout=880)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    with nothing_left_of_machines():
        yield


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
echo one && \\
  echo two
f() {
  echo "in f: $1"
}
f été
sleep 30 &
kill %1; wait
```

---

# State {#s}

```bash {.hidden}
echo prepared > hidden.txt
```

```bash {exit=any}
echo "$WORD in $PWD" | cat - hidden.txt | tee -a poem.txt
ls /nowhere
```

```console
$ grep -c . poem.txt
4
$ printf 'a\\
> b'
# whoami
root
$ whoami
student
```

```bash {exit=3}
sh -c 'exit 3'
```

```bash {timeout=600}
read -p 'name? ' name
#$ expect name
#$ sendline Ada
echo "hello $name"
read -rsp 'Password: ' password
#$ expect Password
#$ sendline hunter2hunter2
echo "${#password} characters"
cat > letter
#$ sendline dear you
#$ sendcontrol d
cat letter
docker run --rm hello-world | head -2
```

---

# Terminal {#t}

```bash {session=terminal}
for percent in 10 50 100; do printf '\\r%3d %%' $percent; sleep 0.1; done; echo
printf '\\033[32mgreen\\033[0m\\n'
yes | head -1
seq 1 150000
```

```bash {session=terminal cols=90 rows=20}
stty size
```
"""


def test_every_kind_of_command_is_recorded_once_and_then_still_true(cli: Cli, tmp_path: Path) -> None:
    _write(tmp_path, EVERY_KIND)
    folder = tmp_path / "casts"
    done = cli("record", "deck.md", "--recordings", folder)
    assert done.status == 0, done.err
    assert "tour 3\n" in _screen(folder, "k-1")
    assert "in f: été\n" in _screen(folder, "k-1")
    assert not (folder / "s-1.cast").exists()
    assert "déjà vu in /tmp\nprepared\n" in _screen(folder, "s-2")
    assert "No such file or directory" in _screen(folder, "s-2")
    assert "\n4\n" in _screen(folder, "s-3") and "# whoami\nroot\nstudent@docker:/tmp$" in _screen(folder, "s-3")
    for shown in ("hello Ada", "14 characters", "\ndear you\n", "Hello from Docker!"):
        assert shown in _screen(folder, "s-5")
    assert "hunter2" not in (folder / "s-5.cast").read_text(encoding="utf-8")
    assert "\\r 50 %" in (folder / "t-1.cast").read_text(encoding="utf-8")
    assert "\\u001b[32mgreen" in (folder / "t-1.cast").read_text(encoding="utf-8")
    assert "[ 0.6 MB of output are left out of this recording ]" in (folder / "t-1.cast").read_text(encoding="utf-8")
    assert "150000" in _screen(folder, "t-1")
    assert "Broken pipe" not in (folder / "t-1.cast").read_text(encoding="utf-8")
    assert "\n20 90\n" in _screen(folder, "t-2")
    markers = parse_cast((folder / "k-1.cast").read_text(encoding="utf-8")).markers
    assert [marker.data for marker in markers] == [
        "cd /tmp && WORD='déjà vu' # à l'accent près",
        "for number in 1 2 3; do",
        "cat > poem.txt <<'END'",
        "echo one && \\",
        "f() {",
        "f été",
        "sleep 30 &",
        "kill %1; wait",
    ]
    seen = json.loads((folder / "index.json").read_text(encoding="utf-8"))["blocks"]["s-2"]["commands"]
    assert [command["status"] for command in seen] == [0, 2]
    _assert_without_marks_and_paths(folder)

    again = cli("record", "deck.md", "--recordings", folder, timeout=120)
    assert again.err.endswith(": 0 recorded, 8 still true\n")


SEVERAL_SCREENS = """# Terminal {#t}

```bash
seq 1 300 | less
#$ expect :
#$ send " "
#$ wait 300
#$ send q
top -d 1
#$ expect PID
#$ wait 1200
#$ send q
nano note.txt
#$ expect New File
#$ send "bonjour é"
#$ sendcontrol o
#$ expect File Name
#$ sendline ""
#$ expect Wrote
#$ sendcontrol x
cat note.txt
vi letter.txt
#$ expect letter.txt
#$ send "iau revoir"
#$ sendcontrol [
#$ sendline ":wq"
cat letter.txt
htop
#$ expect Load average
#$ send q
```

```bash {exit=any}
KEPT=yes
exec bash
echo "after exec: <$KEPT>"
cd /usr
exit
echo "after exit: $PWD"
set -e
false
echo "after set -e: $PWD"
```
"""


@pytest.mark.slow("builder/castdeck/machine/qemu", "builder/castdeck/record", "tests/vm")
def test_programs_that_fill_the_screen_and_shells_in_place_of_others_are_recorded(cli: Cli, tmp_path: Path) -> None:
    _write(tmp_path, SEVERAL_SCREENS)
    folder = tmp_path / "casts"
    done = cli("record", "deck.md", "--recordings", folder)
    assert done.status == 0, done.err
    assert "load average" in (folder / "t-1.cast").read_text(encoding="utf-8")
    assert "bonjour é" in _screen(folder, "t-1") and "\nau revoir\n" in _screen(folder, "t-1")
    assert "Load average" in (folder / "t-1.cast").read_text(encoding="utf-8")
    for shown in ("after exec: <>", "after exit: /home/student", "after set -e: /home/student"):
        assert shown in _screen(folder, "t-2")
    _assert_without_marks_and_paths(folder)


def _assert_without_marks_and_paths(folder: Path) -> None:
    for cast in folder.glob("*.cast"):
        text = cast.read_text(encoding="utf-8")
        assert "]133;" not in text
        assert str(Path.home()) not in text or str(Path.home()) == "/"
        assert "timestamp" not in text and "/tmp/castdeck" not in text


REBOOT = """# R {#r}

```bash {cols=90 rows=20}
echo bonjour é > note.txt
sudo reboot
cat note.txt; cut -d . -f 1 /proc/uptime
stty size
```
"""


@pytest.mark.slow(
    "builder/castdeck/machine/qemu", "builder/castdeck/record/reboot.py", "builder/castdeck/record/waits.py"
)
def test_a_machine_that_is_rebooted_goes_on_in_the_same_recording(cli: Cli, tmp_path: Path) -> None:
    _write(tmp_path, REBOOT)
    done = cli("record", "deck.md", "--recordings", tmp_path / "casts", timeout=800)
    assert done.status == 0, done.err
    screen = _screen(tmp_path / "casts", "r-1")
    assert "\nbonjour é\n" in screen and "\n20 90\n" in screen


def _recorded(err: str) -> list[str]:
    return [line.split()[2] for line in err.splitlines() if ": recorded " in line]


TWO = "# A {#a}\n\n```bash\necho one; sleep 4\n```\n\n```bash\necho two\n```\n"


def _states() -> set[Path]:
    return set(cache_folder().glob("machines/*/golden-*/checkpoints/*/memory.zst"))


def test_a_state_is_started_from_and_a_damaged_one_thrown_away(cli: Cli, tmp_path: Path) -> None:
    word = str(tmp_path)
    before = _states()
    _write(tmp_path, TWO.replace("one", word))
    assert cli("record", "deck.md", "--recordings", "casts").status == 0
    kept = _states() - before
    assert kept
    _write(tmp_path, TWO.replace("one", word).replace("two", "good"))
    done = cli("record", "deck.md", "--recordings", "casts")
    assert (done.status, _recorded(done.err)) == (0, ["a-2"])
    assert "starting the machine as it was after a-1\n" in done.err
    assert "running a-1 again" not in done.err
    for memory in kept:
        memory.write_bytes(memory.read_bytes()[:100_000])
    _write(tmp_path, TWO.replace("one", word).replace("two", "three"))
    done = cli("record", "deck.md", "--recordings", "casts")
    assert (done.status, _recorded(done.err)) == (0, ["a-2"])
    assert "starting the machine as it was after a-1\n" in done.err
    assert "that state can't be used: " in done.err
    assert "running a-1 again" in done.err
    assert "three" in _screen(tmp_path / "casts", "a-2")


@pytest.mark.slow("builder/castdeck/machine/qemu", "builder/castdeck/record")
def test_where_no_state_can_be_written_everything_is_recorded_all_the_same(tmp_path: Path) -> None:
    _write(tmp_path, TWO.replace("one", str(tmp_path)) + "\n```bash\ncat /etc/hostname\n```\n")
    megabytes = 40
    command = f'ulimit -S -f {megabytes * 1024}; exec "$0" -m castdeck record deck.md --recordings casts'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "the machine's state is not kept: the machine's memory could not be saved" in done.stderr
    assert _recorded(done.stderr) == ["a-1", "a-2", "a-3"]


@pytest.mark.slow("builder/castdeck/machine/qemu", "builder/castdeck/record")
def test_another_terminal_size_loses_no_command(cli: Cli, tmp_path: Path) -> None:
    block = "```bash {{rows={rows} cols={cols}}}\n# d'abord\necho $LINES\nsleep 0.2; echo fin $COLUMNS\n```\n\n"
    sizes = [(12, 80), (24, 100), (16, 60), (24, 100)]
    _write(tmp_path, "# A {#a}\n\n" + "".join(block.format(rows=rows, cols=cols) for rows, cols in sizes))
    done = cli("record", "deck.md", "--recordings", tmp_path / "casts")
    assert done.status == 0, done.err
    for number, (rows, cols) in enumerate(sizes, 1):
        screen = _screen(tmp_path / "casts", f"a-{number}")
        assert f"\n{rows}\n" in screen and f"fin {cols}\n" in screen


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
    for number in emulators():
        os.kill(number, signal.SIGKILL)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "deck.md:8: error: sleep 300: the machine was lost, or switched off, while it ran" in err
    assert "first" in _screen(tmp_path / "casts", "a-1")


@pytest.mark.slow(
    "builder/castdeck/cli", "builder/castdeck/record", "builder/castdeck/machine"
)  # the moment is in tests/terminal, too
def test_ctrl_c_ends_it_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    process = _start_long_recording(tmp_path)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert err.endswith("interrupted: all that was recorded before is kept\n")
    assert "first" in _screen(tmp_path / "casts", "a-1")
