"""Which mutated functions each test runs, and for how long: python -m tests.functions_run FILE PYTEST-ARGUMENTS...

`tests.mutants` runs it in mutmut's folder and reads the FILE. A test that fails with the unchanged code is left out and
named.
"""

import json
import os
import sys
import time
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state


@dataclass(frozen=True)
class Run:
    """A test, the functions that it runs by mutmut's names, and its seconds.

    These are seconds of work: beside other programs a test takes longer, and is no worse for it.
    """

    test: str
    functions: tuple[str, ...]
    seconds: float


class _Collector:
    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        state()._stats.clear()
        begun, worked = time.monotonic(), _work()
        done = yield
        seconds = max(_work() - worked, (time.monotonic() - begun) / 5)
        self.runs.append(Run(item.nodeid, tuple(sorted(state()._stats)), seconds))
        return done


def _work() -> float:
    """The seconds that this process and those that it has waited for have worked."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def read(path: Path) -> list[Run]:
    """What `main` has written to a file."""
    return [Run(**run) for run in json.loads(path.read_text(encoding="utf-8"))]


def main() -> None:
    path, *arguments = sys.argv[1:]
    set_mutant_under_test("stats")
    collector = _Collector()
    pytest.main(["--rootdir=.", "-q", *arguments], plugins=[collector])
    runs = [asdict(run) for run in collector.runs if run.test not in collector.failed]
    Path(path).write_text(json.dumps(runs), encoding="utf-8")
    print(f"{len(runs)} tests run the unchanged code", *sorted(collector.failed), sep="\nleft out: ")


if __name__ == "__main__":
    main()
