"""How long a live terminal takes from the first message to its prompt: the first one of a state, and later ones.

PYTHONPATH=. .venv/bin/python benchmarks/live_terminal.py [--deck docker] [--block stop-start-1] [--times 10]

"Cold" is the first terminal of a new preview; "warm" are those after it, whose state is loaded.
"""

import argparse
import statistics
import time
from pathlib import Path

from tests.terminals.preview import Preview, serving


def seconds(served: Preview, block: str) -> float:
    """From the connection to a prompt that has answered a line."""
    began = time.monotonic()
    with served.terminal(block, waits=False) as page:
        page.patience = 600
        page.state("running")
        ready = time.monotonic() - began
        page.asked("true")
    return ready


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--deck", default="docker")
    arguments.add_argument("--block", default="stop-start-1")
    arguments.add_argument("--times", type=int, default=10)
    given = arguments.parse_args()
    root = Path(__file__).parents[1]
    deck = root / "slides" / given.deck / "deck.md"
    with serving(root, deck, given.deck) as served:
        print(f"first of all, kept or replayed: {seconds(served, given.block):.2f} s")
    cold = []
    for _ in range(min(3, given.times)):
        with serving(root, deck, given.deck) as served:
            cold.append(seconds(served, given.block))
    print(f"cold: median {statistics.median(cold):.2f} s, from {min(cold):.2f} to {max(cold):.2f}")
    with serving(root, deck, given.deck) as served:
        seconds(served, given.block)
        warm = [seconds(served, given.block) for _ in range(given.times)]
    print(f"warm: median {statistics.median(warm):.2f} s, from {min(warm):.2f} to {max(warm):.2f}")


if __name__ == "__main__":
    main()
