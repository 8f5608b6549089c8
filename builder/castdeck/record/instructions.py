"""What is done for one block: its lines as instructions for asciinema-automation, from the first to the last."""

from collections.abc import Callable
from functools import partial

from asciinema_automation.script import Instruction

from castdeck.deck.model import CommandLine
from castdeck.errors import DeckError
from castdeck.machine.terminal import TerminalHandover
from castdeck.marks import untypable
from castdeck.record.directives import read_directive
from castdeck.record.languages.language import ReplLanguage
from castdeck.record.script import START_TIMEOUT, Begin, BeIn, End, OpenRoot, TypeCommand
from castdeck.record.shell import Shell


def instructions(
    lines: tuple[CommandLine, ...],
    handover: TerminalHandover | None,
    shell: Shell,
    timeout: float,
    right: int | None,
    root_shell: str,
    restarts: Callable[[float], bool] = bool,
    with_pagers: bool = False,
    language: ReplLanguage | None = None,
    leads_inside: bool = False,
) -> list[Instruction]:
    """All that a block wants done; `root_shell` is what is typed to have root's, "" where that can't be.

    `language` is the interpreter that the lines are for; None for the shell, or what it has led to. `restarts` tells
    whether the machine goes down, or has started anew since a time. `with_pagers` lets programs show what they print in
    a pager; `leads_inside` has any program typed into that waits at a prompt.

    Raises DeckError for a directive that is none, for what can't be typed, and for a command of root's where there is
    no root.
    """
    steps: list[Instruction] = [Begin(handover, shell, lines[0]), BeIn(language, lines[0], shell)]
    chore = partial(_chore, TypeCommand, shell=shell)
    if with_pagers:
        steps.append(chore(lines[0], shell.own.pagers[0]))
    is_root = False
    for line in lines:
        if line.is_directive:
            command = steps[-1]
            if not isinstance(command, TypeCommand) or command.is_chore:
                raise DeckError("a directive needs a command before it", line=line.line)
            command.directives.append(read_directive(line, timeout))
            continue
        if character := untypable(line.text):
            raise DeckError(f"the character {character!r} can't be typed", line=line.line, hint="write $'\\x03', say")
        if line.as_root != is_root:
            if not root_shell:
                raise DeckError("a command needs root, and this machine has none", line=line.line)
            steps.append(_chore(OpenRoot, line, f" {root_shell}", shell) if line.as_root else chore(line, " exit"))
            is_root = line.as_root
        steps.append(TypeCommand(line, timeout, right, shell, restarts, leads_inside=leads_inside))
    if is_root:
        steps.append(chore(lines[-1], " exit"))
    if with_pagers:
        steps.append(chore(lines[-1], shell.own.pagers[1]))
    steps.append(End(handover, lines[-1], shell))
    return steps


def _chore(kind: type[TypeCommand], line: CommandLine, text: str, shell: Shell) -> TypeCommand:
    return kind(CommandLine(text, line.line), START_TIMEOUT, None, shell, bool, is_chore=True)
