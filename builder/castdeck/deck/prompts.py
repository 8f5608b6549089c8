"""Recognises the shell prompt at the beginning of a line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from castdeck.deck.interpreters import INTERPRETERS, NODE, Interpreter

_BEFORE = r"(?P<indent>[ \t]*)(?:\([\w.\-+ ]+\) ?)?"  # `(venv)` too
_BEHIND = r"(?:[ \t]+(?P<command>.*))?"
_AT = r"[\w.-]+@[\w.-]+"
_FORMS = tuple(
    re.compile(_BEFORE + form + _BEHIND)
    for form in (
        r"(?P<name>➜  \S+(?: git:\([^)]*\))?)(?P<mark> ✗|)",  # oh-my-zsh's
        r"(?P<name>)(?P<mark>\$>?|[#%❯➸λ➜])",
        rf"(?P<name>{_AT}(?:[: ][^$#%>\n]{{0,60}}?)?) ?(?P<mark>[$#%>])",  # me@host:~/dir$   me@host ~ %   me@host:~>
        r"(?P<name>\[[^\[\]\n]+\]) ?(?P<mark>[$#%])",  # [me@host dir]$
        r"(?P<name>(?:[A-Za-z][\w.-]*:)?[~/:][^\s$#%]*) ?(?P<mark>[$#%])",  # ~/dir$   / #   :~$   host:~$
        r"(?P<name>(?:[bzdak]|ba|da)?sh(?:-[\d.]+)?)(?P<mark>[$#%])",  # bash-5.2$
        r"(?P<name>[A-Za-z][\w.-]*)(?P<mark>#| ?\$)",  # host$   host#
        r"(?P<name>[└╰][─╼━]+) ?(?P<mark>[$#%])",  # the second line of Kali's
    )
)
_ABOVE = re.compile(rf"\s*(?:[┌╭]─.*|{_AT} (?:MINGW|MSYS|UCRT|CLANG)\w+ .*)")  # the first line of two
_ARROWS = frozenset("❯➸➜")
_STARSHIP = re.compile(r"\s*\S+ (?:on|via|took|is|at|in) +\S.*")  # site on main [?] via v3.9 took 5s
_OTHER = re.compile(
    r"""
    \s*(?:
        >>>[ ]?.*                                  # Python
      | [\w.()\[\]/@:#*+-]+>[ ].*                  # mysql>   irb(main):001>   router(config)>
      | [\w.()/@:-]+[=-][>#][ ].*                  # postgres=#   db->
      | [\w.-]+(?:\([\w-]+\))?\#\w.*               # router#show   router(config)#vlan
      | (?:PS[ ])?[A-Z]:\\[^>]*>.*                 # C:\>   PS C:\>
      | \((?:gdb|lldb|Pdb|pdb)\)[ ].*
      | >[ ](?:\S+[ ]\S.*|[\w-]+)                  # PowerShell's, R's, Node's; `> a.txt` empties a file
      | >[ ]/[\w-]+(?:[ ]+\#.*)?                   # a chat's; `> /tmp/a` empties a file
    )
    """,
    re.VERBOSE,
)
_DIALOGUE = re.compile(
    r">>> .*|(?:sqlite|mysql|ftp|sftp|julia|scala|ghci|test|[\d.]+:\d+)> .*|MariaDB \[[^\]]*\]> .*"
    r"|\w+[=-][>#] .*|irb\(.*|In \[\d+\]: .*|\((?:gdb|lldb|Pdb|pdb)\) .*"
)
_SCRIPT = re.compile(r"\.(?:py|[cm]?js|rb|sql)\b|\s-[cemf]\b")
_CONTAINER = re.compile(r".*@[0-9a-f]{12}\b.*")


@dataclass(frozen=True)
class Prompt:
    """A prompt and the command after it. `name` is the text before the mark, such as `me@host:~`.

    `interpreter` is the program whose prompt it is; None for a shell's.
    """

    name: str
    mark: str
    command: str
    indent: int = 0
    interpreter: Interpreter | None = None

    @property
    def is_roots(self) -> bool:
        """Whether it ends with `#`."""
        return self.mark == "#"

    @property
    def is_doubtful(self) -> bool:
        """Whether it may also begin a comment or output: `# `, `/usr/bin/x # `, `% `."""
        if self.mark == "%":
            return not self.name
        return self.is_roots and not re.match(rf"[\[└╰]|/$|{_AT}", self.name)

    @property
    def is_inside(self) -> bool:
        """Whether it is a container's prompt, where the user is root."""
        return self.name.startswith("/") or bool(_CONTAINER.fullmatch(self.name))


def read_prompt(line: str) -> Prompt | None:
    """The prompt at the beginning of a line. If it `is_doubtful`, the line may be something else."""
    for form in _FORMS:
        if found := form.fullmatch(line):
            name, mark, command = found["name"], found["mark"].strip(), found["command"]
            if name or mark == "$" or command:
                return Prompt(name, mark, command or "", len(found["indent"]))
    return None


def with_interpreters(texts: Sequence[str], prompts: Sequence[Prompt | None]) -> Iterator[Prompt | None]:
    """The prompts of shells, and those of the interpreters that their commands start."""
    inside, goes_on = None, False
    for text, prompt in zip(texts, prompts, strict=True):
        if text.lstrip().startswith("#$ "):
            inside = None  # what is typed is said by directives
        command = inside.command(text) if inside else None
        goes_on = bool(inside and goes_on and command is None and inside.continued(text) is not None)
        if inside and command is not None:
            goes_on = True
            yield Prompt("", ">", command, interpreter=inside)
        elif goes_on:
            yield None
        else:
            if prompt:
                inside = _started_by(prompt.command)
            yield prompt


def _started_by(command: str) -> Interpreter | None:
    """The interpreter that a command seems to start: one without a script, for Node without any argument."""
    if _SCRIPT.search(command):
        return None
    words = [re.sub(r"(?<=python)[\d.]+$", "", word.rpartition("/")[2]) for word in command.split()]
    found = next((one for one in INTERPRETERS if not one.programs.isdisjoint(words)), None)
    return None if found is NODE and words[-1] not in NODE.programs else found


def is_above_prompt(line: str, prompt: Prompt, is_apart: bool) -> bool:
    """Whether the line is the upper line of the prompt: of `$` in Kali's and Git Bash's, of `❯` in Starship's, which
    `is_apart` from the output above it."""
    is_arrow = is_apart and prompt.mark in _ARROWS and not prompt.name
    return bool(_ABOVE.fullmatch(line) or (is_arrow and _STARSHIP.fullmatch(line)))


def is_other_prompt(line: str) -> bool:
    """Whether the line begins with the prompt of a program other than a Unix shell."""
    return bool(_OTHER.fullmatch(line))


def is_dialogue(line: str) -> bool:
    """Whether the line, among output, shows input for an interpreter."""
    return bool(_DIALOGUE.fullmatch(line))
