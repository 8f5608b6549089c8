"""Fuzz the parsers of foreign text for some minutes, and tell what was run: python -m tests.hostile.fuzz --help

Each fuzzer of `test_fuzz.py` gets an equal share of the time, in rounds of random examples. An example may take ten
seconds of CPU time. A fuzzer that fails shows the smallest example that Hypothesis finds, and the others go on. The
exit status is 1 where one failed or ran nothing.
"""

import argparse
import functools
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

ROUND = 300  # examples
SECONDS_OF_AN_EXAMPLE = 10
MEMORY = 4 << 30


@dataclass(frozen=True)
class Ran:
    """What became of one fuzzer; times are in seconds."""

    name: str
    examples: int
    seconds: float
    slowest: float
    failed: bool

    def __str__(self) -> str:
        outcome = "FAILED" if self.failed else "held" if self.examples else "RAN NOTHING"
        took = f"{self.seconds:>6.0f} s, slowest {self.slowest:5.2f} s"
        return f"{self.name:<60} {self.examples:>9,} examples {took}  {outcome}"


class _TooSlow(Exception):
    """An example took longer than it may."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise _TooSlow(f"an example took more than {SECONDS_OF_AN_EXAMPLE} s of CPU time")


def fuzz(test: Callable[[], None], seconds: float) -> Ran:
    """Run rounds of a Hypothesis test for so many seconds, or until it fails."""
    took: list[float] = [0]
    examples = 0
    inner = test.hypothesis.inner_test  # type: ignore[attr-defined]

    @functools.wraps(inner)
    def timed(*arguments: object, **named: object) -> None:
        nonlocal examples
        examples += 1
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS_OF_AN_EXAMPLE)
        try:
            inner(*arguments, **named)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            took[0] = max(took[0], time.process_time() - begun)

    test.hypothesis.inner_test = timed  # type: ignore[attr-defined]
    begun = time.monotonic()
    failed = False
    while not failed and time.monotonic() - begun < seconds:
        try:
            test()
        except Exception:
            traceback.print_exc()
            failed = True
    test.hypothesis.inner_test = inner  # type: ignore[attr-defined]
    return Ran(test.__name__, examples, time.monotonic() - begun, took[0], failed)


def main() -> int:
    """Fuzz, and print a line for each fuzzer as soon as its time is over."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only the fuzzers whose names contain this")
    parser.add_argument("--minutes", type=float, default=60, help="for all of them together (60)")
    asked = parser.parse_args()
    os.environ["CASTDECK_FUZZ"] = str(ROUND)
    from tests.hostile import test_fuzz

    signal.signal(signal.SIGPROF, _stop)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    tests = [test for name, test in vars(test_fuzz).items() if name.startswith("test_")]
    tests = [test for test in tests if not asked.names or any(name in test.__name__ for name in asked.names)]
    print(f"{len(tests)} fuzzers for {asked.minutes:g} minutes, {ROUND} examples a round", flush=True)
    ran = []
    for test in tests:
        ran.append(fuzz(test, asked.minutes * 60 / len(tests)))
        print(ran[-1], flush=True)
    print(
        f"{sum(one.examples for one in ran):,} examples in {sum(one.seconds for one in ran) / 60:.0f} minutes, "
        f"{sum(one.failed for one in ran)} failed"
    )
    return int(not ran or any(one.failed or not one.examples for one in ran))


if __name__ == "__main__":
    sys.exit(main())
