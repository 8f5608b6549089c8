"""How soon a student's shell answers while another student's machine has a fork bomb in it, or prints without end.

.venv/bin/python benchmarks/live_neighbour.py [--times 30]

A word is echoed in one live terminal of the Docker deck, first alone, then beside each.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.terminals.preview import Page, serving

_BLOCK = "hello-world-1"
_BESIDE = {
    "a fork bomb": "bomb() { bomb | bomb & }; bomb\r",
    "1 GB of output": "yes | head -c 1000000000\r",
}
_PATIENCE = 600.0  # seconds: where no state is kept, the deck is run up to the slide
_PAUSE = 0.2  # seconds between two words
_SETTLED = 3.0  # seconds until the neighbour is at work


def answers(page: Page, times: int) -> str:
    """Median and longest time from the Enter key to the answer."""
    taken = []
    for _ in range(times):
        began = time.monotonic()
        assert page.asked("echo fine") == "fine\r\n"
        taken.append(time.monotonic() - began)
        time.sleep(_PAUSE)
    return f"median {statistics.median(taken):.3f} s, at most {max(taken):.3f} s"


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--times", type=int, default=30)
    times = arguments.parse_args().times
    root = Path(__file__).parents[1]
    with (
        serving(root, root / "slides/docker/deck.md", "docker") as served,
        served.terminal(_BLOCK, waits=False) as good,
    ):
        good.patience = _PATIENCE
        good.state("running")
        good.asked("true")
        print(f"{'alone':28} {answers(good, times)}", flush=True)
        for what, line in _BESIDE.items():
            with served.terminal(_BLOCK, waits=False) as bad:
                bad.patience = _PATIENCE
                bad.state("running")
                bad.type(line)
                time.sleep(_SETTLED)
                print(f"{'beside ' + what:28} {answers(good, times)}", flush=True)


if __name__ == "__main__":
    main()
