"""Problems that come many times in a file, as one: what people read first is what they mend first."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from castdeck.codes import Code
from castdeck.problems import Problem

MANY = 4
"""So many of one code in a file are told as one."""
_LINES_NAMED = 6

ONLY_WITH_ALL = frozenset({Code.SKIPPED_HEADING_LEVEL})
"""Advice that few decks of other people follow; `castdeck check --all` gives it."""


def summed(problems: Iterable[Problem]) -> list[Problem]:
    """The problems in their order, with those that come MANY times at the first one's place, counted."""
    given = list(problems)
    kinds: dict[tuple[Path | None, Code, bool], list[Problem]] = {}
    for problem in given:
        kinds.setdefault(_kind(problem), []).append(problem)
    return list(_told(given, kinds))


def _kind(problem: Problem) -> tuple[Path | None, Code, bool]:
    return problem.path, problem.code, problem.is_error


def _told(problems: Iterable[Problem], kinds: dict[tuple[Path | None, Code, bool], list[Problem]]) -> Iterator[Problem]:
    for problem in problems:
        alike = kinds[_kind(problem)]
        if len(alike) < MANY:
            yield problem
        elif problem is alike[0]:
            yield _sum(alike)


def _sum(alike: list[Problem]) -> Problem:
    lines = list(dict.fromkeys(problem.line for problem in alike[1:] if problem.line))
    named = ", ".join(map(str, lines[:_LINES_NAMED])) + (", ..." if len(lines) > _LINES_NAMED else "")
    first = alike[0]
    place = f" (lines {named})" if len(lines) > 1 else f" (line {named})" if lines else ""
    message = f"{first.message}, and {len(alike) - 1} more {first.code}{place}"
    return replace(first, message=message, hint=f"{first.hint}; --all tells each" if first.hint else "--all tells each")
