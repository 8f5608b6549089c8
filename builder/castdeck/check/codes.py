"""Every kind of problem by its code, and which of them are errors. docs/check.md says what each means."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from castdeck.deck import CODES as DECK_CODES
from castdeck.errors import Problem, WorkspaceError

ERRORS = frozenset(
    {
        "not-utf8",
        "invalid-front-matter",
        "invalid-setting",
        "unclosed-fence",
        "unclosed-comment",
        "swallowed-separator",
        "unknown-attribute",
        "invalid-attribute",
        "duplicate-id",
        "include-cycle",
        "include-failed",
        "invalid-template",
        "undefined-variable",
        "unclosed-div",
        "unknown-template",
        "unknown-slide",
        "missing-image",
        "invalid-recordings",
        "slide-overflow",
        "broken-diagram",
        "broken-formula",
        "endless-script",
        "leaves-deck",
    }
)
WARNINGS = (DECK_CODES.keys() - ERRORS) | frozenset(
    {
        "unknown-setting",
        "skipped-heading-level",
        "image-without-alt",
        "unfilled-placeholder",
        "synopsis",
        "heading-in-list",
        "wants-internet",
        "unknown-container-image",
        "wide-block",
        "missing-recording",
        "stale-recording",
        "orphaned-recording",
        "small-text",
        "small-code",
        "small-terminal",
        "not-measured",
    }
)
CODES = ERRORS | WARNINGS


def weighed(problem: Problem) -> Problem:
    """The problem as `castdeck check` counts it: what loses something of the deck, or breaks it, is an error."""
    return replace(problem, is_error=problem.is_error or problem.code in ERRORS)


def ignored_codes(settings: Any) -> frozenset[str]:
    """The codes that castdeck.toml's `ignore` lists. Raises WorkspaceError for what is no list of codes."""
    codes: Sequence[Any] = settings.get("ignore", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise WorkspaceError('castdeck.toml: ignore is a list of codes, such as ["image-without-alt"]')
    for code in codes:
        if code not in CODES:
            near = get_close_matches(code, CODES, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(CODES))}"
            raise WorkspaceError(f"castdeck.toml: ignore has {code!r}, which is no code of a problem", hint=hint)
    return frozenset(codes)


def not_ignored(problems: Iterable[Problem], settings: Any) -> list[Problem]:
    """Those of the problems that castdeck.toml does not ignore. Raises WorkspaceError where its `ignore` is wrong."""
    ignored = ignored_codes(settings)
    return [problem for problem in problems if problem.code not in ignored]
