"""Break the code in small ways, and tell which of the changes nothing notices: python -m tests.mutants --help

mutmut writes the changed functions (mutants) and runs them. Around it, this adds what makes a run end within an hour: a
fixed sample (every n-th mutant in the order of the code), mypy before the tests, of the tests those that run the
function (see functions_run.py), the quickest first, and a limit to their time. It runs in the folder that
`make mutants` prepares. The exit status is 1 where a package misses the goal.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from mutmut import __main__ as mutmut
from mutmut.configuration import config
from mutmut.mutation.data import MutantLineSpans
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths, walk_mutatable_files
from mutmut.utils.format_utils import get_mutant_name, mangled_name_from_mutant_name
from mutmut.workers.isolation import MutantResult, MutantRunner, get_mutant_runner

from tests import functions_run

GOAL = 0.9  # of the mutants are noticed
SECONDS_OF_TESTS = 20.0  # on one mutant: it lives if the tests that fit into this time pass
NOTICED = ("test", "time", "mypy")
# By the exit status of the process that runs a mutant's tests: pytest's own, and SIGXCPU for one that never ends.
OUTCOMES = {0: "lives", 1: "test", 3: "test", 5: "no test", 33: "no test", -24: "time", 24: "time", 152: "time"}


@dataclass(frozen=True)
class Mutant:
    """A changed function: mutmut's name for it, the file below src that it stands in, and whether mypy refuses it."""

    name: str
    path: Path
    is_refused: bool

    @property
    def package(self) -> str:
        return self.name.split(".")[1]

    def tests(self) -> list[str]:
        """The tests that run the function, the quickest first, as many as fit into the time; at least one."""
        durations = state().duration_by_test
        names = state().tests_by_mangled_function_name.get(mangled_name_from_mutant_name(self.name), set())
        chosen: list[str] = []
        seconds = 0.0
        for name in sorted(names, key=lambda name: (durations[name], name)):
            seconds += durations[name]
            if chosen and seconds > SECONDS_OF_TESTS:
                break
            chosen.append(name)
        return chosen


def written_mutants(packages: list[str]) -> Iterator[Mutant]:
    """Have mutmut write its mutants of the packages, and yield all of them in the order of the code."""
    config().only_mutate = [f"src/castdeck/{package}/*" for package in packages]
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    mutmut.create_mutants(os.cpu_count() or 1)
    errors = _lines_with_errors([f"src/castdeck/{package}" for package in packages])
    for path in sorted(walk_mutatable_files()):
        spans = MutantLineSpans.load(path)
        for name, span in spans.span_by_function_name.items() if spans else ():
            if "__mutmut_" in name and not name.endswith("_orig"):
                is_refused = any(span.start <= line <= span.end for line in errors[str(path)])
                yield Mutant(get_mutant_name(path, name), path, is_refused)


def _lines_with_errors(folders: list[str]) -> dict[str, set[int]]:
    """By file, the lines in which mypy finds an error."""
    options = ["--strict", "--explicit-package-bases", "--no-warn-unused-ignores", "--no-error-summary", "--no-pretty"]
    options += ["--disable-error-code=no-redef", "--disable-error-code=has-type"]  # the copies of a method: no mutant's
    environment = {**os.environ, "MYPYPATH": "src"}
    with chdir("mutants"):
        command = [sys.executable, "-m", "mypy", *options, *folders]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    lines = defaultdict[str, set[int]](set)
    for found in done.stdout.splitlines():
        path, number, kind, *_ = found.split(":", 3)
        if kind == " error":
            lines[path].add(int(number))
    return lines


def _find_tests() -> None:
    """Have mutmut know which tests run which functions."""
    with chdir("mutants"):
        path = Path("functions_run.json").resolve()
        arguments = [*config().pytest_add_cli_args_test_selection, *config().pytest_add_cli_args]
        subprocess.run(
            [sys.executable, "-m", "tests.functions_run", str(path), *arguments],
            check=True,
            env={**os.environ, "PYTHONPATH": "src", "PY_IGNORE_IMPORTMISMATCH": "1"},
        )
    for run in functions_run.read(path):
        state().duration_by_test[run.test] = run.seconds
        for function in run.functions:
            state().tests_by_mangled_function_name[function].add(run.test)


def outcomes(chosen: list[Mutant], runner: MutantRunner) -> Iterator[tuple[Mutant, str]]:
    """What notices each of the mutants, one of NOTICED, or "lives" or "no test"; as soon as it is known."""
    by_name = {mutant.name: mutant for mutant in chosen}

    def ended(result: MutantResult) -> tuple[Mutant, str]:
        return by_name[result.mutant_name], OUTCOMES.get(result.exit_code, f"broken ({result.exit_code})")

    runner.startup()
    try:
        for mutant in chosen:
            if mutant.is_refused:
                yield mutant, "mypy"
                continue
            while not runner.has_capacity():
                yield ended(runner.wait_for_result())
            tests = mutant.tests()
            seconds = sum(state().duration_by_test[test] for test in tests)
            runner.submit(mutant.name, tests, round(10 * seconds + 60), seconds)
        runner.signal_work_complete()
        while runner.pending_count():
            yield ended(runner.wait_for_result())
    finally:
        runner.stop_all_workers()
        runner.shutdown()


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    options.add_argument("--every", type=int, default=10, metavar="N", help="try every N-th mutant (default: 10)")
    options.add_argument("packages", nargs="+", metavar="PACKAGE", help="deck, cast or record")
    arguments = options.parse_args()

    every = list(written_mutants(arguments.packages))
    _find_tests()
    runner = get_mutant_runner(max_workers=1)
    counts = defaultdict[str, Counter[str]](Counter)
    begun = time.monotonic()
    for mutant, outcome in outcomes(every[:: arguments.every], runner):
        counts[mutant.package][outcome] += 1
        if outcome not in NOTICED:
            print(f"{outcome}: {mutant.name}\n{get_diff_for_mutant(mutant.name, path=mutant.path)}", flush=True)

    missed = False
    for package, count in counts.items():
        noticed, tried = sum(count[outcome] for outcome in NOTICED), count.total()
        written = sum(mutant.package == package for mutant in every)
        print(f"{package}: {noticed} of {tried} noticed, {noticed / tried:.1%} ({written} in all):", dict(count))
        missed |= noticed < GOAL * tried
    print(f"{time.monotonic() - begun:.0f} s after the tests of the unchanged code")
    return missed


if __name__ == "__main__":
    sys.exit(main())
