"""Finds shell variables that are used but never set."""

from collections.abc import Collection, Iterator

from castdeck.check.subject import CheckedDeck
from castdeck.codes import Code
from castdeck.deck.bash import read_variables
from castdeck.problems import Problem

_IN_THE_ENVIRONMENT = frozenset(
    """
    BASH BASHPID BASH_REMATCH BASH_SOURCE BASH_VERSION BASH_VERSINFO COLORTERM COLUMNS COMP_WORDS
    DBUS_SESSION_BUS_ADDRESS DEBIAN_FRONTEND DIRSTACK DISPLAY EDITOR EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS
    HISTFILE HISTSIZE HOME HOSTNAME HOSTTYPE IFS LANG LC_ALL LINENO LINES LOGNAME LS_COLORS MACHTYPE MAIL OLDPWD
    OPTARG OPTIND OSTYPE PAGER PATH PIPESTATUS PPID PS1 PS2 PS4 PWD RANDOM REPLY SECONDS SHELL SHELLOPTS SHLVL
    SRANDOM SSH_CONNECTION TEMP TERM TMPDIR TZ UID USER VISUAL XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME
    XDG_RUNTIME_DIR
    """.split()  # noqa: SIM905
)


def unset_variables(files: CheckedDeck, known: Collection[str]) -> Iterator[Problem]:
    """Report each upper-case variable that no earlier command sets; castdeck sets the `known` ones.

    Blocks that are not run count too: their variables may be set in another way.
    """
    seen = {*_IN_THE_ENVIRONMENT, *known}
    for block in files.deck.blocks:
        found = read_variables("\n".join(line.text for line in block.lines))
        if found.may_set_any:
            return
        seen |= found.assigned
        for name, row in found.used if not block.skip else ():
            if name.isupper() and name not in seen:
                seen.add(name)
                message = f"nothing before this sets ${name}, so it is empty"
                yield files.of(block).problem(Code.UNSET_VARIABLE, message, block.lines[row].line, f"{name}")
