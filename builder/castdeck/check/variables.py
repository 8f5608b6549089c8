"""Shell variables that a command uses and nothing before it sets."""

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
    """One problem for each name in capitals that no command of the deck before it sets; `known` are set by castdeck.

    Blocks that are not run count, too: what they set may be set otherwise.
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
