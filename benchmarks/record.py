"""What recording costs beside the bare commands, and what a change of a deck costs beside recording it whole.

    .venv/bin/python benchmarks/record.py commands --rounds 3
    .venv/bin/python benchmarks/record.py deck docker

`commands` runs one list of 40 commands on fresh machines from the same golden snapshot, in turns:

- bare: a file of them, run by `bash` in the machine's terminal, as `ssh -t host bash commands` would (the machine has
  no network card, so there is no ssh): no prompt, nothing between two commands.
- castdeck: as one block. From joining the terminal to the cast that was read and checked.
- asciinema-automation: its own program with its own script language, typing into the same terminal; after each command
  it expects the prompt. With its own settings, and again without its pauses between keys.

`deck` records a deck in a copy of the workspace: whole, unchanged with three slides moved, with another word in the
last block, with another word in the first. It first removes the machine states that the cache keeps.
"""

import argparse
import os
import re
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import termios
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from castdeck.cast.model import format_cast
from castdeck.deck import parse_deck
from castdeck.machine.protocol import Machine, Ready
from castdeck.machine.qemu.checkpoints import trim_checkpoints
from castdeck.machine.terminal import TerminalHandover
from castdeck.record.events import Work
from castdeck.record.kept import cast_of
from castdeck.record.run import mark_shell, record_block, recorder_environment
from castdeck.record.settings import Settings, settings_of
from castdeck.workspace import cache_folder, find_workspace
from machine import answered

COMMANDS = r"""
pwd
echo "a first line"
date
uname -a
ls -l /
mkdir -p course && cd course
for number in 1 2 3; do echo "round $number"; done
printf '%s\n' one two three > list
cat list
wc -l list
sort -r list
grep -n two list
seq 1 500
head -3 /etc/passwd
id
df -h /
ps aux | head -5
find /etc -name '*.conf' | wc -l
du -sh /usr/bin
sha256sum /bin/ls
tar -czf etc.tar.gz /etc/systemd
gzip -t etc.tar.gz && echo good
sed 's/o/0/g' list
awk '{ total += length($1) } END { print total }' list
sleep 1
test -f nowhere || echo "not there"
history | tail -1
env | sort | head -3
rm -r etc.tar.gz list && cd ..
docker version --format '{{.Server.Version}}'
docker ps
docker images
docker run --rm hello-world
docker run --rm debian cat /etc/os-release
docker run -d --name sleeper debian sleep 300
docker ps --format '{{.Names}} {{.Status}}'
docker exec sleeper ls /
docker logs sleeper
docker rm -f sleeper
docker info --format '{{.Driver}}'
""".strip().splitlines()
DECK = "# Forty {#forty}\n\n```bash {exit=any}\n" + "\n".join(COMMANDS) + "\n```\n"
COLS, ROWS = 100, 24


def bare(machine: Machine) -> float:
    """Seconds of the commands alone."""
    machine.resize(COLS, ROWS)
    machine.run("cat >/tmp/commands", stdin="\n".join(COMMANDS) + "\n")
    began = time.monotonic()
    shown = answered(machine, "bash /tmp/commands", timeout=600)
    seconds = time.monotonic() - began
    assert b"not there" in shown
    return seconds


def castdeck(machine: Machine, settings: Settings) -> float:
    """Seconds of recording them as castdeck does."""
    (block,) = parse_deck(DECK, Path("deck.md")).blocks
    mark_shell(machine)
    began = time.monotonic()
    run = record_block(machine, block, settings, Work(Path("deck.md")), lambda event: None)
    text = format_cast(cast_of(run, block, settings))
    seconds = time.monotonic() - began
    assert len(run.session.commands) == len(COMMANDS) and "not there" in text
    return seconds


def stock(machine: Machine, *options: str) -> float:
    """Seconds of recording them with asciinema-automation's own program."""
    machine.resize(COLS, ROWS)
    with tempfile.TemporaryDirectory() as folder, TerminalHandover(machine.terminal) as handover:
        script, cast = Path(folder, "script"), Path(folder, "out.cast")
        script.write_text("#$ expect \\$ \n" + "".join(f"{line}\n#$ expect \\$ \n" for line in COMMANDS))
        joins = handover.command.split()[-1]
        program = f"{sys.executable} {Path(__file__).resolve()} join {joins}"
        threading.Thread(target=handover.accept, daemon=True).start()
        began = time.monotonic()
        arguments = f"--cols {COLS} --rows {ROWS} --command '{program}'"
        done = subprocess.run(
            ["asciinema-automation", *options, "--timeout", "120", "-aa", arguments, str(script), str(cast)],
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        seconds = time.monotonic() - began
        assert done.returncode == 0, cast.read_text()[-1500:] + done.stderr[-300:]
        assert "sleeper" in cast.read_text(), "the commands are not in the recording"
        return seconds


def join(address: str) -> None:
    """Join a machine's terminal, as castdeck.machine.attach does, but with a new prompt, and leave it at Ctrl-D."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as owner:
        owner.connect(address)
        _, (machine, *_), _, _ = socket.recv_fds(owner, 1, 1)
        before = termios.tcgetattr(0)
        tty.setraw(0, termios.TCSANOW)
        owner.sendall(b"r")
        os.write(machine, b"\r")
        keys = b""
        while b"\x04" not in keys:
            os.write(machine, keys)
            ready, _, _ = select.select([0, machine], [], [])
            if machine in ready:
                os.write(1, os.read(machine, 65536))
            keys = os.read(0, 65536) if 0 in ready else b""
        termios.tcsetattr(0, termios.TCSANOW, before)


def measure_commands(rounds: int, with_typing: bool) -> None:
    """Print each way's median seconds and its ratio to the bare commands."""
    deck = parse_deck(DECK, Path("deck.md"))
    settings = settings_of(deck, find_workspace(Path.cwd()))
    ready: Ready = settings.definition.ready(settings.cache, print)
    ways: dict[str, Callable[[Machine], float]] = {
        "bare commands": bare,
        "castdeck": lambda machine: castdeck(machine, settings),
        "asciinema-automation, no pauses": lambda machine: stock(machine, "-dt", "0", "-sd", "0", "-wt", "0"),
    }
    if with_typing:
        ways["asciinema-automation"] = stock
    found: dict[str, list[float]] = {name: [] for name in ways}
    with recorder_environment():
        for _ in range(rounds):
            for name, way in ways.items():
                with ready.started() as machine:
                    machine.run("docker info >/dev/null; docker images >/dev/null")
                    found[name].append(way(machine))
                    print(f"  {name}: {found[name][-1]:.2f} s", flush=True)
    base = statistics.median(found["bare commands"])
    print("| | median s | beside the bare commands |\n|---|---|---|")
    for name, seconds in found.items():
        print(f"| {name} | {statistics.median(seconds):.1f} | {statistics.median(seconds) / base:.2f} |")


def measure_deck(name: str) -> None:
    """Print what recording the deck costs, whole and after changes."""
    workspace = find_workspace(Path.cwd()).root
    assert workspace, "run it in a workspace"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copy(workspace / "castdeck.toml", copy)
        shutil.copytree(workspace / "slides" / name, copy / "slides" / name)
        path = copy / "slides" / name / "deck.md"
        text, whole = path.read_text(encoding="utf-8"), 0.0
        trim_checkpoints(cache_folder(), 0)
        print("| | blocks recorded | seconds | |\n|---|---|---|---|")
        changes: dict[str, Callable[[str], str]] = {
            "the whole deck": lambda text: text,
            "three slides moved": three_moved,
            "another word in the last block": lambda text: another_word(text, -1),
            "another word in the first block": lambda text: another_word(text, 0),
        }
        for what, change in changes.items():
            path.write_text(change(text), encoding="utf-8")
            began = time.monotonic()
            done = subprocess.run(
                [sys.executable, "-m", "castdeck", "record", name],
                cwd=copy,
                capture_output=True,
                text=True,
                check=False,
            )
            seconds = time.monotonic() - began
            assert done.returncode == 0, done.stderr
            blocks = re.findall(r": recorded (\S+)", done.stderr)
            whole = whole or seconds
            print(f"| {what} | {len(blocks)} | {seconds:.1f} | {seconds / whole:.0%} |", flush=True)


def another_word(text: str, which: int) -> str:
    """The deck with one more word in the comment of one of the blocks that are run."""
    deck = parse_deck(text, Path("deck.md"))
    line = [block for block in deck.blocks if not block.skip][which].lines[-1].line
    lines = text.split("\n")
    lines[line - 1] += "   # encore"
    return "\n".join(lines)


def three_moved(text: str) -> str:
    """The deck with three slides that have no blocks at other places."""
    head, *slides = re.split(r"\n---\n", text.removeprefix("---\n"))
    movable = [slide for slide in slides if "```" not in slide][-4:-1]
    rest = [slide for slide in slides if slide not in movable]
    return "---\n" + "\n---\n".join([head, rest[0], *reversed(movable), *rest[1:]])


def main() -> None:
    """Measure what is asked for."""
    if sys.argv[1:2] == ["join"]:
        join(sys.argv[2])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("commands", "deck"))
    parser.add_argument("deck", nargs="?", default="docker")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--typing", action="store_true", help="asciinema-automation with its own typing speed too")
    options = parser.parse_args()
    if options.what == "commands":
        measure_commands(options.rounds, options.typing)
    else:
        measure_deck(options.deck)


if __name__ == "__main__":
    main()
