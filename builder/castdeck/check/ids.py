"""Ids, each of which is to be there once."""

import re
from collections.abc import Iterator

from castdeck.check.subject import Subject
from castdeck.errors import Problem

_OWN = re.compile(r"\{[^{}]*#([\w-]+)[^{}]*\}\s*#*\s*$")


def duplicate_ids(subject: Subject) -> Iterator[Problem]:
    """Ids that two headings or blocks were given; what castdeck makes of a title is numbered, and no duplicate."""
    first: dict[str, int] = {}
    for slide in subject.deck.slides:
        for token in (*slide.tokens, *slide.notes):
            if token.type not in ("heading_open", "fence") or not token.map:
                continue
            line = token.map[0] + 1
            found = _OWN.search(subject.lines[line - 1])
            if not found:
                continue
            if found[1] in first:
                message = f"the id {found[1]!r} is taken: line {first[found[1]]} has it"
                hint = "give it another one, or none: castdeck makes one of the title"
                yield subject.problem("duplicate-id", message, line, f"#{found[1]}", hint)
            first.setdefault(found[1], line)
