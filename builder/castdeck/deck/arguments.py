"""Finds commands without the arguments or the input that they can't do without, as lists of commands have them."""

import re

from castdeck.deck.bash import Script, SimpleCommand

_AT_LEAST = {
    **dict.fromkeys(("chgrp", "chmod", "chown", "cp", "mv", "scp"), 2),
    **dict.fromkeys(("awk", "egrep", "grep", "kill", "ln", "mkdir", "rm", "rmdir", "sed", "ssh", "touch"), 1),
}
_FILTERS = {"jq": 2, "sed": 2, "tr": 3, **dict.fromkeys(("cut", "nl", "rev", "sort", "tac", "uniq", "wc"), 1)}
"""How many operands a filter has that reads a file; with fewer, it reads what is typed."""
_ITS_OWN = re.compile(r"--|-[a-z]*[efn]")  # may have an operand in it; jq's `-n` reads nothing
_MAY_BE_SEVERAL = re.compile(r"[{*?$\[`]")
_HELP = frozenset({"--help", "--version", "-h", "-V"})


def find_lacking(script: Script) -> SimpleCommand | None:
    """The first command with too few arguments to run: `cp`, `chmod 777`."""
    return next((command for command in script.commands if _lacks(command, script)), None)


def find_waiting(script: Script) -> SimpleCommand | None:
    """The first filter that nothing gives any input: `jq '.name'`, `sort -u`."""
    return next((command for command in script.commands if _waits(command, script)), None)


def _waits(command: SimpleCommand, script: Script) -> bool:
    if command.name not in _FILTERS or not command.has_terminal or command.name in script.defined:
        return False
    operands = [one for one in command.arguments if not one.startswith("-")]
    has_its_own = command.name in ("jq", "sed") and any(map(_ITS_OWN.match, command.arguments))
    is_sure = not has_its_own and not any(map(_MAY_BE_SEVERAL.search, operands))
    return is_sure and _HELP.isdisjoint(command.arguments) and len(operands) < _FILTERS[command.name]


def _lacks(command: SimpleCommand, script: Script) -> bool:
    given = command.arguments
    if command.name not in _AT_LEAST or command.name in script.defined or len(given) >= _AT_LEAST[command.name]:
        return False
    return _HELP.isdisjoint(given) and not any(map(_MAY_BE_SEVERAL.search, given))
