"""Time to read, check and draw decks that repeat one construct, and how it grows with their length.

    python benchmarks/growth.py [--dialect remark] [--counts 2000 4000 8000] [--over 1] [TEXT ...]

Each construct of `tests/hostile/repeated.txt` whose name contains one of the TEXTs is repeated as often as each count
says, up to a deck of a megabyte. A deck is read in a process of its own, which may take 40 s of CPU time and 2 GB. The
columns are CPU seconds to read it, to find its problems and variables, and to draw it. Constructs that take less than
`--over` seconds at the last count are not shown. Time that grows with the length doubles from column to column.
"""

import argparse
import os
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.hostile.repeated import DIALECTS, decks

from castdeck.check.rules import text_problems
from castdeck.check.subject import CheckedDeck, subjects
from castdeck.check.variables import unset_variables
from castdeck.deck import parse_deck
from castdeck.deck.text import DeckText
from castdeck.errors import CastdeckError
from castdeck.render import Theme, render_deck

PATH = Path("/nowhere/deck.md")
SECONDS, MEMORY = 40, 2 << 30
LONGEST = 1_000_000


def seconds(text: str) -> list[float]:
    """CPU seconds to read, check and draw a deck."""
    at = [time.process_time()]
    deck = parse_deck(text, PATH)
    at.append(time.process_time())
    text_problems(deck, DeckText(text))
    list(unset_variables(CheckedDeck(deck, subjects(deck, DeckText(text), 80)), ()))
    at.append(time.process_time())
    render_deck(deck, {}, Theme("folio", ""))
    at.append(time.process_time())
    return [after - before for before, after in zip(at, at[1:], strict=False)]


def apart(text: str) -> str:
    """The seconds, measured in a process of its own, as text; or how it ended."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            said = " ".join(f"{one:.2f}" for one in seconds(text))
        except CastdeckError as error:
            said = f"refused: {str(error)[:100]}"
        except BaseException as error:
            said = f"{type(error).__name__}: {str(error)[:100]}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    return said or f"killed ({status})"


def is_quick(said: str, over: float) -> bool:
    """Whether it took less than that many seconds."""
    words = said.split()
    return said.startswith("refused") or (len(words) == 3 and words[0][0].isdigit() and sum(map(float, words)) < over)


def main() -> None:
    """Measure each construct."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="*", metavar="TEXT")
    parser.add_argument("--dialect", choices=DIALECTS, default="castdeck")
    parser.add_argument("--counts", nargs=3, type=int, default=(2000, 4000, 8000))
    parser.add_argument("--over", type=float, default=1)
    asked = parser.parse_args()
    for made in zip(*(decks(count, asked.dialect) for count in asked.counts), strict=True):
        name = made[0][0]
        short = [text for _, text in made if len(text) <= LONGEST] or [made[0][1][:LONGEST]]
        if asked.texts and not any(text in name for text in asked.texts):
            continue
        last = apart(short[-1])
        if not is_quick(last, asked.over):
            rows = [apart(text) for text in short[:-1]]
            print(f"{name[:56]:<56} {len(short[-1]) // 1000:>4} kB ", " | ".join((*rows, last)), flush=True)


if __name__ == "__main__":
    main()
