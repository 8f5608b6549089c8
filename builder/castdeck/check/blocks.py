"""Rules for blocks: whether they are run, and fit their terminal."""

from collections.abc import Iterator

from castdeck.check.subject import CheckedFile
from castdeck.codes import Code
from castdeck.deck.bash import SimpleCommand, read_bash
from castdeck.deck.model import Role, SourceLine
from castdeck.deck.skip import Reason
from castdeck.problems import Problem

_SAID = (Reason.NORUN, Reason.CHECK, Reason.EMPTY)
_CODES = {
    Reason.PLACEHOLDER: Code.UNFILLED_PLACEHOLDER,
    Reason.STAND_IN: Code.UNFILLED_PLACEHOLDER,
    Reason.SYNOPSIS: Code.SYNOPSIS,
}

_WANT_KEYS = frozenset("emacs htop nano nvim passwd pico read top vi view vigr vim vipw visudo".split())  # noqa: SIM905
_WORK_ALONE = frozenset({"--help", "--version", "-b", "-h", "-V"})
_KEYS = "`#$ sendline TEXT` below it types what is wanted, `#$ send` presses keys; {.norun} only shows the block"


def never_run(subject: CheckedFile) -> Iterator[Problem]:
    """Blocks that are not run although the author did not ask for that: not commands, or not runnable as written."""
    for block in subject.deck.blocks:
        skip = block.skip
        if skip and skip.reason not in _SAID:
            code = _CODES.get(skip.reason, Code.NOT_A_COMMAND)
            yield subject.problem(code, f"{skip.why}, so this block is not run", skip.line, skip.word, skip.hint)


def wider_than_terminal(subject: CheckedFile) -> Iterator[Problem]:
    """Lines to type that are wider than their terminal."""
    for block in subject.deck.blocks:
        cols = block.cols or subject.cols
        long = [line for line in block.lines if len(line.text) > cols]
        if long and not block.skip and not block.hidden:
            widest = max(long, key=lambda line: len(line.text))
            message = f"a line of {len(widest.text)} characters in a terminal of {cols} columns"
            hint = f"break it with a backslash, or give the block {{cols={len(widest.text) + 2}}}"
            yield subject.problem(Code.WIDE_BLOCK, message, widest.line, "", hint)


def wants_keys(subject: CheckedFile) -> Iterator[Problem]:
    """Commands that wait for keys, in blocks without any."""
    for block in subject.deck.blocks:
        if block.skip or block.interpreter or block.file or block.inside or any(map(_is_directive, block.source)):
            continue
        lines = [line for line in block.lines if not line.interpreter]
        for command in read_bash("\n".join(line.text for line in lines)).commands:
            if program := _waiting(command):
                message = f"{program} waits for keys, and nothing presses them"
                yield subject.problem(Code.WANTS_KEYS, message, lines[command.row].line, program, _KEYS)
                break


def _is_directive(line: SourceLine) -> bool:
    return line.role is Role.DIRECTIVE


def _waiting(command: SimpleCommand) -> str:
    """The program that waits for keys; "" if the command starts none, or one that its options keep from waiting."""
    words = [command.name, *command.arguments]
    words = words[1:] if words[0] == "sudo" else words
    if not command.has_terminal or not words or not _WORK_ALONE.isdisjoint(words):
        return ""
    return words[0] if words[0] in _WANT_KEYS or words == ["cat"] else ""
