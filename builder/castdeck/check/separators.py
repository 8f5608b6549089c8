"""Separators that separate nothing, because they are inside of something."""

from collections.abc import Iterator

from castdeck.check.subject import Subject
from castdeck.deck.separators import read_separators
from castdeck.errors import Problem

_VERBATIM = ("<!--", "<script", "<pre", "<style", "<textarea", "<svg", "<?", "<![CDATA[")


def swallowed_by_html(subject: Subject) -> Iterator[Problem]:
    """A separator right under HTML, which goes on until an empty line. What a comment holds is meant to be there."""
    separators = read_separators(subject.deck.settings, subject.deck.path)
    for slide in subject.deck.slides:
        for token in (*slide.tokens, *slide.notes):
            if token.type != "html_block" or not token.map or token.content.lstrip().lower().startswith(_VERBATIM):
                continue
            for number in range(token.map[0] + 1, token.map[1] + 1):
                line = subject.lines[number - 1]
                if separators.kind(line.strip()):
                    message = f"this {line.strip()} is part of the HTML above it, and begins no slide"
                    yield subject.problem("swallowed-separator", message, number, "", "put an empty line before it")


def swallowed_by_a_list(subject: Subject) -> Iterator[Problem]:
    """A separator that is indented, and so a line drawn inside a list."""
    separators = read_separators(subject.deck.settings, subject.deck.path)
    for slide in subject.deck.slides:
        depth = 0
        for token in (*slide.tokens, *slide.notes):
            depth += token.nesting if token.type in ("list_item_open", "list_item_close") else 0
            if token.type != "hr" or not depth or not token.map:
                continue
            number = token.map[0] + 1
            line = subject.lines[number - 1].strip()
            if separators.kind(line):
                message = f"this {line} is part of the list above it, and begins no slide"
                yield subject.problem("swallowed-separator", message, number, line, "begin the line with it")


def unclosed_comments(subject: Subject) -> Iterator[Problem]:
    """A comment that nothing ends: all that follows, slides too, is part of it."""
    for slide in subject.deck.slides:
        for token in (*slide.tokens, *slide.notes):
            if token.type == "html_block" and token.content.lstrip().startswith("<!--") and "-->" not in token.content:
                line = token.map[0] + 1 if token.map else slide.line
                hint = "end it with -->: all that follows, separators too, is part of it now"
                yield subject.problem("unclosed-comment", "this comment never ends", line, "<!--", hint)
