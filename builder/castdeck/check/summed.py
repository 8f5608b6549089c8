"""Summarises problems that occur many times in a file, or in many files of a folder."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from castdeck.codes import Code
from castdeck.problems import Problem

MANY = 4
"""This many problems of one kind are summarised."""
_PLACES_NAMED = 6
_PARTICULAR = re.compile(r"'[^']*'|\S*[\[<{(/.#:]\S*|\d+")
"""The parts in which messages of one kind differ: quotes, names with punctuation, numbers."""
_Kind = tuple[Path | None, Code, bool, str]

ONLY_WITH_ALL = frozenset({Code.SKIPPED_HEADING_LEVEL})
"""Advice that few existing decks follow, reported only by `castdeck check --all`."""


def summed(problems: Iterable[Problem]) -> list[Problem]:
    """The problems in order; those that occur MANY times become one, with their number, at the first place."""
    given = list(problems)
    kinds: dict[_Kind, list[Problem]] = {}
    for problem in given:
        kinds.setdefault(_kind(problem), []).append(problem)
    return list(_told(given, kinds))


def _kind(problem: Problem) -> _Kind:
    """The common key of problems that are summarised. Problems of whole files share their folder, not the file."""
    path = problem.path.parent if problem.path and problem.line is None else problem.path
    return path, problem.code, problem.is_error, _PARTICULAR.sub("", problem.message)


def _told(problems: Iterable[Problem], kinds: Mapping[_Kind, list[Problem]]) -> Iterator[Problem]:
    for problem in problems:
        alike = kinds[_kind(problem)]
        if len(alike) < MANY:
            yield problem
        elif problem is alike[0]:
            yield _sum(alike)


def _sum(alike: list[Problem]) -> Problem:
    first, *others = alike
    lines = list(dict.fromkeys(str(problem.line) for problem in others if problem.line))
    files = list(dict.fromkeys(problem.path.name for problem in others if problem.path != first.path and problem.path))
    word, places = ("file", files) if files else ("line", lines)
    named = ", ".join(places[:_PLACES_NAMED]) + (", ..." if len(places) > _PLACES_NAMED else "")
    place = f" ({word}{'s' * (len(places) > 1)} {named})" if places else ""
    message = f"{first.message}, and {len(alike) - 1} more {first.code}{place}"
    hints = filter(None, (first.hint.rstrip("."), "--all reports each"))
    return replace(first, message=message, hint="; ".join(hints))
