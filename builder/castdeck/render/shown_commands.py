"""What a terminal says in words: its commands, one by one, each with what it printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from castdeck.cast.model import Cast
from castdeck.cast.transcript import transcript
from castdeck.deck.model import Block


@dataclass(frozen=True)
class ShownCommand:
    """One command: what is typed (without a prompt), the prompt that it is typed at, and the lines that it printed.

    `first` is the number of its first line among the block's typed lines, counted from 0.
    """

    typed: str
    prompt: str
    output: tuple[str, ...]
    first: int


def shown_commands(block: Block, cast: Cast) -> tuple[ShownCommand, ...]:
    """The commands of a cast; where the block's text is another one by now, only the first line of each is known."""
    labels = tuple(marker.data for marker in cast.markers)
    groups = _grouped(typed_lines(block), labels)
    spoken = transcript(cast, tuple(len(lines) for _, lines in groups))
    if len(groups) != len(spoken):
        return tuple(ShownCommand(one.label, one.prompt, one.output, number) for number, one in enumerate(spoken))
    return tuple(
        ShownCommand("\n".join(lines), one.prompt, one.output, first)
        for (first, lines), one in zip(groups, spoken, strict=True)
    )


def typed_lines(block: Block) -> tuple[str, ...]:
    """The lines that are typed, without the directives between them."""
    return tuple(line.text for line in block.lines if not line.is_directive)


def _grouped(lines: Sequence[str], labels: Sequence[str]) -> list[tuple[int, list[str]]]:
    """The lines of each command, with the number of its first one: a command begins at the next label's line."""
    groups: list[tuple[int, list[str]]] = []
    for number, line in enumerate(lines):
        if len(groups) < len(labels) and line.strip() == labels[len(groups)].strip():
            groups.append((number, [line]))
        elif groups:
            groups[-1][1].append(line)
    return groups
