"""Break the code in small ways, and tell which of the changes nothing notices: python -m tests.mutants --help

mutmut writes the changed functions (mutants). This adds what makes a run end within hours:

- mypy looks at all mutants. Those that it refuses are noticed: `make check` would fail.
- Of the others, a sample is tested: every n-th, in the order of the code.
- A mutant is tested by the tests that run its function (see functions_run.py), the quickest first, as many as fit into
  SECONDS_OF_TESTS. These have passed before, by their names, with the unchanged code.
- It is noticed if a test fails ("test"), if the tests or the code can't be loaded any more ("load"), if they take more
  than ten times as much work as with the unchanged code ("time"), or if they wait for LONGEST ("waits").

The score of a package counts all mutants that mypy refuses, and the same part of the others as of the sample. It is
printed beside the sample's own. This runs in the folder that `make mutants` prepares. The exit status is 1 if a package
misses the goal.
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from mutmut import __main__ as mutmut
from mutmut.configuration import config
from mutmut.mutation.data import MutantLineSpans
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths, walk_mutatable_files
from mutmut.utils.format_utils import get_mutant_name, mangled_name_from_mutant_name

from tests import functions_run
from tests.functions_run import Run

GOAL = 0.9  # of the mutants are noticed
SECONDS_OF_TESTS = 20.0  # on one mutant: it lives if the tests that fit into this time pass
ENVIRONMENT = {"PYTHONPATH": "src", "PY_IGNORE_IMPORTMISMATCH": "1"}
NOTICED = ("test", "load", "time", "waits")
LONGEST = 900.0  # seconds for the tests of one mutant, however busy the computer is
# By pytest's exit status; 4 is a test that is not there any more, or a conftest.py that can't be loaded.
OUTCOMES = {0: "lives", 1: "test", 2: "load", 3: "load", 4: "load", -signal.SIGXCPU: "time"}


@dataclass(frozen=True)
class Mutant:
    """A changed function: mutmut's name for it, the file below src that it stands in, and whether mypy refuses it."""

    name: str
    path: Path
    is_refused: bool

    @property
    def package(self) -> str:
        return self.name.split(".")[1]

    def tests(self, runs: Mapping[str, Sequence[Run]]) -> list[Run]:
        """The tests to test it with; `runs` are those of each function."""
        return list(_within(SECONDS_OF_TESTS, runs.get(mangled_name_from_mutant_name(self.name), ())))

    def outcome(self, chosen: Sequence[Run]) -> str:
        """What notices it, one of NOTICED, or "lives" or "no test"."""
        if not chosen:
            return "no test"
        most = round(10 * sum(run.seconds for run in chosen) + 60)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--rootdir=.", "-p", "no:cacheprovider"]
        try:
            done = subprocess.run(
                [*command, *(run.test for run in chosen)],
                cwd="mutants",
                env={**os.environ, **ENVIRONMENT, "MUTANT_UNDER_TEST": self.name},
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5)),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "waits"
        return OUTCOMES.get(done.returncode, f"broken ({done.returncode})")


def _within(seconds: float, runs: Sequence[Run]) -> Iterator[Run]:
    """The quickest runs, as many as fit into so many seconds; at least one."""
    needed = 0.0
    for number, run in enumerate(sorted(runs, key=lambda run: (run.seconds, run.test))):
        needed += run.seconds
        if number and needed > seconds:
            return
        yield run


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


def runs_of_functions() -> dict[str, list[Run]]:
    """The tests that run each function."""
    found = defaultdict[str, list[Run]](list)
    for run in _passing([*config().pytest_add_cli_args_test_selection, *config().pytest_add_cli_args]):
        for function in run.functions:
            found[function].append(run)
    return found


def _passing(arguments: Sequence[str]) -> list[Run]:
    """The tests that pytest's arguments select, if they pass with the unchanged code."""
    path = Path("functions_run.json").resolve()
    command = [sys.executable, "-m", "tests.functions_run", str(path), *arguments]
    subprocess.run(command, check=True, cwd="mutants", env={**os.environ, **ENVIRONMENT})
    return functions_run.read(path)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    options.add_argument("--every", type=int, default=10, metavar="N", help="test every N-th mutant (default: 10)")
    options.add_argument("--first", type=int, default=0, metavar="N", help="begin with the N-th (default: 0)")
    options.add_argument("packages", nargs="+", metavar="PACKAGE", help="deck, cast or record")
    arguments = options.parse_args()

    every = list(written_mutants(arguments.packages))
    runs = runs_of_functions()
    counts = defaultdict[str, Counter[str]](Counter)
    begun = time.monotonic()
    sample = [mutant for mutant in every if not mutant.is_refused][arguments.first :: arguments.every]
    wanted = sorted({run.test for mutant in sample for run in mutant.tests(runs)})
    passing = {run.test for run in _passing(wanted)} if wanted else set()
    for mutant in sample:
        outcome = mutant.outcome([run for run in mutant.tests(runs) if run.test in passing])
        counts[mutant.package][outcome] += 1
        if outcome not in NOTICED:
            print(f"{outcome}: {mutant.name}\n{get_diff_for_mutant(mutant.name, path=mutant.path)}", flush=True)

    missed = False
    for package, count in counts.items():
        noticed = sum(count[outcome] for outcome in NOTICED) / count.total()
        is_refused = [mutant.is_refused for mutant in every if mutant.package == package]
        refused, written = sum(is_refused), len(is_refused)
        score = (refused + noticed * (written - refused)) / written
        print(f"{package}: {score:.1%} noticed. mypy refuses {refused} of {written};", end=" ")
        print(f"of {count.total()} others {noticed:.1%} are noticed: {dict(count)}")
        missed |= score < GOAL
    print(f"{time.monotonic() - begun:.0f} s after the tests of the unchanged code")
    return missed


if __name__ == "__main__":
    sys.exit(main())
