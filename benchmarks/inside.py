"""What it costs to have a shell marked that a command opens: going in and out by castdeck beside typing the same.

    .venv/bin/python benchmarks/inside.py [--rounds 10] [COMMAND...]

Both in turns on one machine, from the first key to the prompt after `exit`. Typed bare, the prompt is waited for.
"""

import argparse
import os
import re
import select
import statistics
import time
from dataclasses import replace
from pathlib import Path

from castdeck.deck import parse_deck
from castdeck.deck.model import Block, CommandLine
from castdeck.machine.kinds import find_definition
from castdeck.machine.protocol import Machine
from castdeck.record.events import Work
from castdeck.record.run import mark_shell, replay_block
from castdeck.record.settings import Settings, settings_of
from castdeck.workspace import cache_folder, find_workspace

COMMANDS = ("bash", "sudo -i", "docker run -it --rm debian bash")
_PROMPT = re.compile(rb"[$#] (?:\x1b\[[0-9;?]*\w|\x1b\][^\x07]*\x07)*\Z")
_PATIENCE = 120.0  # seconds


def bare(machine: Machine, command: str) -> float:
    """Seconds of typing the command, and `exit` at the prompt that it shows."""
    began = time.monotonic()
    for line in (command, "exit"):
        os.write(machine.terminal, f"{line}\r".encode())
        shown, deadline = b"", time.monotonic() + _PATIENCE
        while not (_PROMPT.search(shown) and shown.count(b"\n")):
            if not select.select([machine.terminal], [], [], deadline - time.monotonic())[0]:
                raise SystemExit(f"{line}: no prompt, but {shown!r}")
            shown += os.read(machine.terminal, 65536)
    return time.monotonic() - began


def castdeck(machine: Machine, command: str, settings: Settings) -> float:
    """Seconds of the same as a block."""
    (block,) = parse_deck("# A\n\n```bash\ntrue\n```\n", Path("deck.md")).blocks
    lines = tuple(CommandLine(text, number) for number, text in enumerate((command, "exit"), 4))
    return _replayed(machine, replace(block, lines=lines, exit_status=None), settings)


def _replayed(machine: Machine, block: Block, settings: Settings) -> float:
    return replay_block(machine, block, settings, Work(Path("deck.md")), lambda event: None).seconds


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("commands", nargs="*", default=COMMANDS)
    arguments.add_argument("--rounds", type=int, default=10)
    given = arguments.parse_args()
    settings = settings_of(parse_deck("# A\n", Path("deck.md")), find_workspace(Path.cwd()))
    with find_definition("docker", {}).ready(cache_folder(), print).started() as machine:
        mark_shell(machine)
        for command in given.commands:
            bare(machine, command)
            pairs = [(bare(machine, command), castdeck(machine, command, settings)) for _ in range(given.rounds)]
            one, other = (statistics.median(times) for times in zip(*pairs, strict=True))
            more = statistics.median(b - a for a, b in pairs)
            print(f"{command:34} bare {one:.2f} s, castdeck {other:.2f} s: {more:+.2f} s", flush=True)


if __name__ == "__main__":
    main()
