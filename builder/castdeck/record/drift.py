"""Compares a run with the recording of the same block: statuses, normalised output, expected output."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from fnmatch import translate
from re import compile as pattern

from castdeck.cast.marks import RecordedSession
from castdeck.cast.recording import label
from castdeck.deck.model import Block, CommandLine
from castdeck.record.expected import Expected
from castdeck.record.normalise import Rule, normalised, printed_lines
from castdeck.record.varying import agrees, is_same

ANYTHING = "..."
OUTPUT = "output"
_MOST_LINES = 40


@dataclass(frozen=True)
class Drift:
    """One difference: the command's line in the deck, the command, what differs, and a diff.

    `kind` is OUTPUT if only the output differs. `expected` is the output given in the deck, if that is what differs.
    """

    line: int
    command: str
    message: str
    diff: tuple[str, ...] = ()
    kind: str = ""
    expected: Expected | None = None


def drifts(
    block: Block,
    recorded: RecordedSession,
    now: RecordedSession,
    size: tuple[int, int],
    rules: Sequence[Rule],
    again: RecordedSession | None = None,
    processes: Collection[int] = (),
) -> tuple[Drift, ...]:
    """Compare a run with the recording, command by command, and with the output expected by a console block.

    `size` is the terminal's, in columns and rows.

    Differences that also occur between this run and another one, `again`, are not drift, nor are the numbers of
    `processes` that ran there.
    """
    if len(recorded.commands) != len(now.commands):
        counts = f"{len(recorded.commands)} commands were recorded, {len(now.commands)} ran"
        return (Drift(block.line, block.lines[0].text.strip(), counts),)
    found: list[Drift] = []
    others = again.commands if again and len(again.commands) == len(now.commands) else now.commands
    groups = zip(lines_of(block, now), recorded.commands, now.commands, others, strict=False)
    for lines, before, after, other in groups:
        line, typed = lines[0].line, label(after)
        if before.status != after.status:
            message = f"it ended with status {after.status}, recorded was {before.status}"
            found.append(Drift(line, typed, message))
        printed = printed_lines(after.output, *size)
        was, shown = normalised(printed_lines(before.output, *size), rules), normalised(printed, rules)
        differs = not block.varies and not is_same(was, shown)
        if differs and again:
            differs = not agrees(was, shown, normalised(printed_lines(other.output, *size), rules), processes)
        if differs:
            found.append(Drift(line, typed, "it prints something else than was recorded", _diff(was, shown), OUTPUT))
        expected = normalised(lines[-1].expected, rules)
        if expected and not is_expected(shown, expected):
            diff = _diff(expected, shown, "the deck", "now")
            instead = Expected(lines[-1].line + 1, lines[-1].expected, tuple(printed))
            found.append(Drift(line, typed, "it prints something else than the deck says", diff, expected=instead))
    return tuple(found)


def lines_of(block: Block, session: RecordedSession) -> list[tuple[CommandLine, ...]]:
    """The lines of the deck for each command."""
    lines = [line for line in block.lines if not line.is_directive]
    groups: list[tuple[CommandLine, ...]] = []
    for command in session.commands:
        while lines and not lines[0].text.strip():
            lines.pop(0)
        count = len(command.typed)
        groups.append(tuple(lines[:count]) or (block.lines[-1],))
        lines = lines[count:]
    return groups


def is_expected(shown: Sequence[str], expected: Sequence[str]) -> bool:
    """Whether the lines match the expected ones, where `...` matches any lines, or any text within a line."""
    glob = "\n".join(line.replace("[", "[[]").replace("?", "[?]").replace("*", "[*]") for line in expected)
    glob = f"\n{glob}".replace(f"\n{ANYTHING}", "*").replace(ANYTHING, "*")
    return bool(pattern(translate(glob)).match("\n".join(["", *shown])))


def _diff(before: Sequence[str], after: Sequence[str], was: str = "recorded", now: str = "now") -> tuple[str, ...]:
    lines = tuple(unified_diff(before, after, was, now, lineterm="", n=1))
    left_out = len(lines) - _MOST_LINES
    return lines if left_out <= 0 else (*lines[:_MOST_LINES], f"... {left_out} more lines")
