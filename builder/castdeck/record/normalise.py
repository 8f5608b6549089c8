"""Makes runs comparable: replaces values that change from run to run by placeholders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from castdeck.cast.model import Event
from castdeck.cast.terminal import VirtualTerminal, places_text, trimmed
from castdeck.config import Verify, VerifyRule
from castdeck.errors import WorkspaceError
from castdeck.linear import linear

_MOST_ROWS = 5000
_MONTHS = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAYS = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_DAY = rf"(?:{_MONTHS} +\d{{1,2}}|\d{{1,2}} {_MONTHS}(?! +\d\d?\b(?!:)))"  # in `24 Nov 26` of ls, 24 is the size
_TIME = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AP]M)?"
_ZONE = r"(?: ?(?:Z\b|UTC|GMT|CES?T|[+-]\d\d:?\d\d))*"
_CLOCK = rf"(?:,? +{_TIME})?{_ZONE}"
_TELLS_TIME = re.compile("<(?:date|time)>")
_JOB_ENDED = re.compile(r"\[\d+\][+-]? (?:Done|Exit \d+|Terminated|Killed|Hangup|Interrupt)\b")
_UNIT = r"(?:nanosecond|microsecond|millisecond|second|minute|hour|day|week|month|year)s?"


@dataclass(frozen=True)
class Rule:
    """A pattern and its replacement."""

    match: re.Pattern[str]
    with_: str


def _rules(*pairs: tuple[str, str]) -> tuple[Rule, ...]:
    return tuple(Rule(re.compile(match), with_) for match, with_ in pairs)


BUILT_IN = _rules(
    (r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", "<uuid>"),
    (r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", "<mac>"),
    (r"\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b", "<id>"),
    (r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,11}\b", "<id>"),
    (rf"\b(?:{_DAYS},? )?\d{{4}}-\d\d-\d\d(?:[T ]{_TIME})?{_ZONE}", "<date>"),
    (rf"\b(?:{_DAYS},? )?{_DAY}(?: \d{{4}})?{_CLOCK}(?: \d{{4}}\b)?", "<date>"),
    (rf"(?<![\w.:]){_TIME}{_ZONE}(?!\w)", "<time>"),
    (rf"\b(?:\d+ ?(?:{_UNIT}|min|[ywdhs]|ms|us) )+(?=ago\b|left\b)", "<duration> "),  # systemd's 1h 4min ago
    (rf"\b(?:About an?|Less than a|an?|\d+(?:[.,]\d+)?) {_UNIT}\b", "<duration>"),
    (r"\b(?:\d+h)?(?:\d+m)?\d+(?:[.,]\d+)?(?:ns|us|µs|ms|s)\b", "<duration>"),
    (r"\b\d+m\d+[.,]\d+s\b", "<duration>"),
    (r"\b\d+(?:[.,]\d+)? ?(?:(?:[kKMGT]i?)?B(?:/s)?|bytes/s)\b", "<size>"),
    (r"(?<![\w.])\d+(?:[.,]\d+)?[KMGT](?!\w)", "<size>"),
    (r"\b\d+ bytes(?= \|)", "<size>"),
    (r"\(delta \d+\)", "(delta <n>)"),  # git's packs depend on the ids
    (r"\b(?!127\.|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b", "<address>"),
    (r"\b\d+\.\d\d,? \d+\.\d\d,? \d+\.\d\d\b", "<load>"),  # of 1, 5 and 15 minutes: runs close together agree
    (r"^(\[\d+\][+-]?) \d+$", r"\1 <pid>"),
    (r"^(<id> .* )[a-z]+_[a-z]+\d?$", r"\1<name>"),
)  # fmt: skip


def own_rules(verify: Verify) -> tuple[Rule, ...]:
    """The rules of `[[verify.rules]]`. Raises WorkspaceError for a malformed regular expression."""
    return tuple(_own_rule(rule) for rule in verify.rules)


def _own_rule(rule: VerifyRule) -> Rule:
    try:
        return Rule(linear(rule.match), rule.with_)
    except ValueError as error:
        hint = "[[verify.rules]] has match = 'a regular expression' and with = 'what stands for it'"
        raise WorkspaceError(f"castdeck.toml: not a rule of verify: {rule.match!r} ({error})", hint=hint) from error


def normalised(lines: Sequence[str], rules: Sequence[Rule]) -> list[str]:
    """Apply the rules to lines; runs of blanks become one.

    Consecutive lines that differ only in times are merged, since a log with a line per second varies in length. What a
    shell says of a job that has ended is left out: it does so before its next prompt, whichever that is.
    """
    found: list[str] = []
    for line in lines:
        text = " ".join(line.split())
        for rule in (*rules, *BUILT_IN):
            text = rule.match.sub(rule.with_, text)
        if _JOB_ENDED.match(text):
            continue
        if not (found and text == found[-1] and _TELLS_TIME.search(text)):
            found.append(text)
    while found and not found[-1]:
        found.pop()
    return found


def printed_lines(output: Sequence[Event], cols: int, rows: int) -> list[str]:
    """What stands in the terminal, of so many columns, after the output: carriage returns and cursor moves are done.

    The lines above the screen are kept; `rows` is its height.
    """
    text = "".join(event.data for event in output)
    is_screen = places_text(text)
    terminal = VirtualTerminal(cols, rows if is_screen else min(_MOST_ROWS, text.count("\n") + 2), kept=_MOST_ROWS)
    terminal.feed(text)
    return trimmed((*terminal.gone, *terminal.lines))
