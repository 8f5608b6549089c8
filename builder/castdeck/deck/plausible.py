"""Guesses whether a line is a command, prose or output, where all three are valid shell syntax."""

import re
from functools import lru_cache

from castdeck.deck.bash import Script, SimpleCommand, read_bash
from castdeck.deck.programs import KEYWORDS, KNOWN, PRINTERS, SHELLS, WORDS

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_SETS_AND_RUNS = re.compile(r"\s*(?:[A-Za-z_]\w*=\S* +)+[A-Za-z./~]")
_PATH = re.compile(r"(?:\.{0,2}|~|\$\w+|\$\{\w+\})/[\w./+$-]+")
_PROSE = frozenset(
    """
    a an and are be by for from if in into is it its of on only or so that the then there this to use when with you
    your
    """.split()  # noqa: SIM905
)
_ENDS_SENTENCE = re.compile(r"[a-z)]{2}[.:!?]$")
_ARGUMENT = re.compile(r"^-|[/.=:$\d'\"]")
_OPTION = re.compile(r"-|\0")
_LONG_OPTION = re.compile(r"--\w")
_FILE = re.compile(
    r"[\w-]+\.(?:c|cfg|conf|css|csv|deb|gz|h|html|img|iso|java|jpg|js|json|log|md|o|pdf|png|rpm|tar|txt|xml|ya?ml|zip)"
)
_DATA = re.compile(
    r"/[\w.-]+\.(?:cfg|conf|csv|gz|html|img|ini|iso|json|log|md|pdf|pem|png|service|tar|toml|txt|xml|ya?ml|zip)$"
)
_DONE = re.compile(
    r"(?:add|annotat|appli|autoscal|configur|cordon|creat|delet|drain|edit|evict|expos|label|patch|remov|replac|restart|"
    r"scal|taint|unchang|uncordon|unlabel|updat)ed|met"
)
_COLUMNS = re.compile(r"\S(?:\t| {2,})(?=[^\s\\#|&><-])")
_MANY_COLUMNS = 3
_MANY_NAMES = 3  # of programs, and none of them known
_DRIVE = re.compile(r"(?<!\S)(?:[A-Z]:|%\w+%)\\\S*")
_POWERSHELL = re.compile(r"\$env:\w+")
_IN_THIS_FOLDER = re.compile(r"\./[^/]+")
_HIDDEN = re.compile(r"\.\w[\w.-]*/")  # a path into a folder such as `.venv`
_PROGRAM_FILE = re.compile(r"/bin/[\w.-]+$|\.(?:js|pl|py|rb|sh)$")
_OTHER_SET = re.compile(r"\s*set -(?![abefhkmnoptuvxBCEHPT]*(?!\w))\w+")  # of tmux or fish
_SETTINGS_FILE = re.compile(r"/etc/\S+|(?:~|/home/\w+|/root)/\.\S+")
_SECTION = re.compile(r"\s*(?:\[[^\s\[\]]+\]|!)\s*")
_ADDRESS = re.compile(r"\w+://|[\w.-]+(?:/[\w.-]+)+:[\w.-]+$")  # of a page, of a container image
_DESCRIPTION = re.compile(r"[a-z]+(?:_[a-z]+){3,}")  # the_command_of_the_server: too long to type
_DECLARES = re.compile(r"\s*(?:declare|export|readonly|typeset|unset)\s")
_NUMBER = re.compile(r"[\d.]+")
_HASH = re.compile(r"[0-9a-f]{12,}")
_SYSTEM_FOLDERS = frozenset({"/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin"})
_PRINT_PATHS = frozenset({"find", "mktemp", "pwd", "readlink", "realpath", "which"})
_NOT_FIRST = frozenset("-+*=|~@%^?!,;:#")
_OPERATORS = frozenset({"=", ":=", "==", "+=", "->", "=>", "<-"})


def looks_like_command(text: str) -> bool:
    """Whether the line begins with a well-known program or a path, and does not continue like a sentence."""
    words = read_bash(text).bare.split()
    while words and _ASSIGNMENT.match(words[0]):
        words.pop(0)
    if not words or not _is_known(words[0]) or (len(words) == 1 and _SETTINGS_FILE.fullmatch(words[0])):
        return False
    if _PROSE.intersection(words[1:]) or _ENDS_SENTENCE.search(text.strip()):
        return False
    return words[0] not in WORDS or has_arguments(text)


def has_arguments(text: str) -> bool:
    """Whether it is a single word, or has an argument such as an option, a path or a number."""
    words = text.split()
    return len(words) == 1 or any(map(_ARGUMENT.search, words[1:]))


def looks_like_output(text: str) -> bool:
    """Whether the lines, taken together, look like output."""
    script = read_bash(text)
    return not script.is_whole or are_listed(script) or first_implausible(script) is not None


def are_well_known(code: str) -> bool:
    """Whether all commands are well-known programs, or it is one line with an option."""
    script = read_bash(code)
    if len(script.commands) == 1 and script.is_whole and "\n" not in code.strip():
        has_option = any(map(_LONG_OPTION.match, script.commands[0].arguments))
        if has_option and first_implausible(script) is None:
            return True
    return (
        bool(script.commands or _DECLARES.match(script.bare))
        and script.is_whole
        and all(
            _is_known(command.name) and _is_plausible(command, script.bare.split("\n")[command.row])
            for command in script.commands
        )
    )


def first_implausible(script: Script) -> SimpleCommand | None:
    """The first command that is unlikely to be one, by its name or because its line is part of a table."""
    rows = script.bare.split("\n")
    for number, row in enumerate(rows):
        if found := _SECTION.fullmatch(row) or _DRIVE.search(row) or _POWERSHELL.match(row) or _OTHER_SET.match(row):
            return SimpleCommand(found[0].strip(), (), number, found[0].strip())
    names = {command.name for command in script.commands}
    if (are_listed(script) and len(script.commands) > 1) or (
        len(names) >= _MANY_NAMES and not any(map(_is_known, names))
    ):
        return script.commands[0]
    if (len(script.commands) == 1 and _is_answer(script.commands[0])) or _are_names(script):
        return script.commands[0]
    before = None
    for command in script.commands:
        if command.is_nested or command.name in script.defined:
            continue
        if not _is_plausible(command, rows[command.row]) or _is_printed(command, before):
            return command
        before = command
    return None


def are_listed(script: Script) -> bool:
    """Whether all commands are unknown words or files without arguments and without variables set before them, as in a
    listing."""
    if any(map(_SETS_AND_RUNS.match, script.bare.split("\n"))):
        return False
    return not any(one.arguments or one.name in KNOWN or one.name.startswith((".", "$")) for one in script.commands)


def _are_names(script: Script) -> bool:
    """Whether it is a list of words, of which a few happen to be programs."""
    is_bare = not any(one.arguments or _PATH.fullmatch(one.name) for one in script.commands)
    unknown = {one.name for one in script.commands if not _is_known(one.name) and one.name.isidentifier()}
    return is_bare and len(unknown - script.defined) >= _MANY_NAMES and len(unknown) * 2 > len(script.commands)


def _is_known(name: str) -> bool:
    return name in KNOWN or bool(_PATH.fullmatch(name))


def _is_printed(command: SimpleCommand, before: SimpleCommand | None) -> bool:
    """Whether it is likely to be output of the command `before` it."""
    words = (command.name, *command.arguments)
    if before is None or command.name in KNOWN or any(word.startswith("-") for word in words):
        return False
    if before.name == "echo":
        return before.arguments == words
    if before.name == "cat" and not before.arguments and command.name.startswith("./"):
        return False
    if before.name in _PRINT_PATHS and not command.name.startswith(("/", "./")):
        return False
    if "cat" in (before.name, *before.arguments) and not command.arguments and command.name not in before.arguments:
        return True
    return before.name in PRINTERS and (not command.arguments or before.name == "ls")


def _is_answer(command: SimpleCommand) -> bool:
    """Whether it is a path to a shell where no system has one, as `which bash` prints: `/home/x/bin/bash`."""
    folder, slash, program = command.name.rpartition("/")
    is_elsewhere = bool(slash) and folder not in _SYSTEM_FOLDERS and folder[:1] not in (".", "~", "$", "\0", "")
    return is_elsewhere and program in SHELLS and not command.arguments


def _is_message(command: SimpleCommand) -> bool:
    """Whether it reports an action on an object, as kubectl does: `pod/web created`, `pod "web" deleted`."""
    *objects, last = (command.name, *command.arguments)
    has_object = "/" in command.name.lstrip("./~") or any(word.startswith("\0") for word in objects)
    return 0 < len(objects) < 4 and has_object and bool(_DONE.fullmatch(last)) and command.name not in KNOWN


@lru_cache(maxsize=16)
def _columns(row: str) -> int:
    """The number of gaps between columns of a table; it is asked for with each command of the row."""
    return len(_COLUMNS.findall(row.strip()))


def _is_plausible(command: SimpleCommand, row: str) -> bool:
    name, arguments = command.name, command.arguments
    columns = _columns(row)
    if name in KNOWN:
        return columns < _MANY_COLUMNS or any(one.startswith("-") for one in arguments)
    if name.startswith("$") and (name[1:] in KNOWN or arguments[:1] == ("=",)):  # a prompt without a blank; PowerShell
        return False
    if _NUMBER.fullmatch(command.written):
        return False
    if not name or "$" in name or "`" in name or ("\0" in name and "/" in name):
        return True
    if name.startswith("//") or _ADDRESS.match(name) or _is_message(command):
        return False
    if _PATH.fullmatch(name):
        return not columns and bool(arguments or _IN_THIS_FOLDER.fullmatch(name) or not _DATA.search(name))
    if name[0] in _NOT_FIRST or name[0].isdigit() or name[-1] in ":,)!?" or (name[-1] == "." and len(name) > 2):
        return False
    is_hidden = bool(_HIDDEN.match(name)) and (bool(arguments) or bool(_PROGRAM_FILE.search(name)))
    if not (name[0].isalpha() or name[0] in "_/\\\0{" or is_hidden) or re.search(r"[*?\[\]#│─└├•]", name):
        return False
    if len(arguments) > 1 and _PROSE.intersection(arguments) and not any(map(_OPTION.match, arguments)):
        return False
    if name in KEYWORDS or _DESCRIPTION.fullmatch(name) or _FILE.fullmatch(name) or arguments[-1:] == ("{",):
        return False
    if name[0].isupper() or _HASH.fullmatch(name) or _OPERATORS.intersection(arguments[:2]):
        return False
    return not columns
