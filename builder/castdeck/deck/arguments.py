"""Finds commands without the arguments that they can't do without, as lists of commands have them."""

import re

from castdeck.deck.bash import Script, SimpleCommand

_AT_LEAST = {
    **dict.fromkeys(("chgrp", "chmod", "chown", "cp", "mv", "scp"), 2),
    **dict.fromkeys(("awk", "egrep", "grep", "kill", "ln", "mkdir", "rm", "rmdir", "sed", "ssh", "touch"), 1),
}
_MAY_BE_SEVERAL = re.compile(r"[{*?$\[`]")
_HELP = frozenset({"--help", "--version", "-h", "-V"})


def find_lacking(script: Script) -> SimpleCommand | None:
    """The first command with too few arguments to run: `cp`, `chmod 777`."""
    return next((command for command in script.commands if _lacks(command, script)), None)


def _lacks(command: SimpleCommand, script: Script) -> bool:
    given = command.arguments
    if command.name not in _AT_LEAST or command.name in script.defined or len(given) >= _AT_LEAST[command.name]:
        return False
    return _HELP.isdisjoint(given) and not any(map(_MAY_BE_SEVERAL.search, given))
