"""The same deck recorded again and again: no flake, and nothing that stays behind.

    .venv/bin/python benchmarks/record_soak.py --times 100 [--machine debian]

Each time `castdeck record --force` records a deck of ten blocks on a fresh machine. After each recording: the exit
status and the text of every cast are as the first time; no emulator, run folder or temporary folder is left; the cache
takes no more room than after the first recording and its kept states together may. Ends with status 1 otherwise.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from castdeck.cast.model import parse_cast
from castdeck.machine.qemu.checkpoints import checkpoints_size
from castdeck.workspace import cache_folder

ROOM = 0.5  # GiB of machine states
BLOCKS = (
    "echo one; cd /tmp",
    "for i in 1 2 3; do\n  echo $i\ndone",
    "cat > poem <<'END'\nun\ndeux\nEND",
    "grep -n deux poem",
    "seq 1 2000",
    "printf '\\r50 %%'; sleep 0.2; printf '\\r100 %%\\n'",
    "read -p 'name? ' name\n#$ expect name\n#$ sendline Ada\necho $name",
    "seq 1 100 | less\n#$ expect :\n#$ send q",
    "sleep 3; echo rested",
)
LAST = {"docker": "docker run --rm hello-world | head -2", "debian": "echo last | tee file; sudo cat file"}


def deck(machine: str) -> str:
    """The deck of ten blocks."""
    blocks = "\n\n".join(f"```bash\n{block}\n```" for block in (*BLOCKS, LAST[machine]))
    return f"---\nmachine: {machine}\n---\n\n# A {{#a}}\n\n{blocks}\n"


def record(folder: Path) -> float:
    """Record the deck; gives the seconds. Raises AssertionError with what was said when it fails."""
    began = time.monotonic()
    command = [sys.executable, "-m", "castdeck", "record", "deck.md", "--force"]
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


def texts(folder: Path) -> dict[str, str]:
    """What each cast shows."""
    casts = sorted((folder / "recordings").rglob("*.cast"))
    shown = {path.stem: parse_cast(path.read_text(encoding="utf-8")).events for path in casts}
    return {name: "".join(event.data for event in events if event.kind == "o") for name, events in shown.items()}


def left_behind(folder: Path) -> Iterator[str]:
    """What a recording should have taken away."""
    cache = cache_folder()
    yield from (f"process {cwd.parent.name}" for cwd in Path("/proc").glob("[0-9]*/cwd") if is_within(cwd, cache))
    yield from map(str, (cache / "run").iterdir())
    yield from map(str, (folder / "tmp").iterdir())
    if checkpoints_size(cache) > ROOM * (1 << 30):
        yield f"{checkpoints_size(cache) / 1e6:.0f} MB of machine states"


def is_within(cwd: Path, cache: Path) -> bool:
    """Whether a process works in the cache, as each emulator does."""
    try:
        return cwd.readlink().is_relative_to(cache)
    except OSError:
        return False


def cache_megabytes() -> float:
    """What the whole cache takes on the disk."""
    return sum(path.stat().st_blocks * 512 for path in cache_folder().rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Record, look, and end with 1 when something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--machine", choices=sorted(LAST), default="docker")
    options = parser.parse_args()
    seconds: list[float] = []
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        (folder / "castdeck.toml").write_text(f"checkpoints = {ROOM}\n")
        (folder / "deck.md").write_text(deck(options.machine))
        (folder / "tmp").mkdir()
        first: dict[str, str] = {}
        for number in range(1, options.times + 1):
            seconds.append(record(folder))
            first = first or texts(folder)
            wrong = [block for block, text in texts(folder).items() if text != first[block]]
            wrong += left_behind(folder)
            if number % 10 == 1 or wrong:
                print(f"{number}: {seconds[-1]:.1f} s, cache {cache_megabytes():.0f} MB", flush=True)
            if wrong:
                print("\n".join(wrong))
                sys.exit(1)
    print(
        f"{options.times} recordings, {statistics.median(seconds):.1f} s each (median): no flake, nothing left behind"
    )


if __name__ == "__main__":
    main()
