"""The prompt that a line of a terminal session begins with."""

import re
from dataclasses import dataclass

_PROMPT = re.compile(
    r"""
    (?P<indent>[ \t]*)
    (?:\([\w.\-+ ]+\)[ ]?)?                        # (venv)
    (?P<name>
        \[[^\[\]\n]+\]                             # [me@host dir]
      | [\w.-]+@[\w.-]+(?:[:\ ][^$#%\n]{0,60}?)?   # me@host:~/dir   me@host ~
      | (?:[A-Za-z][\w.-]*:)?[~/:][^\s$#%]*        # ~/dir   /   :~   host:~
      | (?:ba|z|da|a|k)?sh(?:-[\d.]+)?             # bash-5.2
      | [A-Za-z][\w.-]*(?=[ ]?\$|\#)               # host$   host#
      |
    )
    (?P<space>[ ]?)
    (?P<mark>\$|[\#%❯])(?:(?<=\$)>)?
    (?:[ \t]+(?P<command>.*))?
    """,
    re.VERBOSE,
)
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
    )
    """,
    re.VERBOSE,
)
_CONTAINER = re.compile(r".*@[0-9a-f]{12}\b.*")


@dataclass(frozen=True)
class Prompt:
    """A prompt and the command behind it. `name` is what stands before the mark, such as `me@host:~`."""

    name: str
    mark: str
    command: str
    indent: int = 0

    @property
    def is_roots(self) -> bool:
        """Whether it ends with `#`."""
        return self.mark == "#"

    @property
    def may_be_comment(self) -> bool:
        """Whether a comment may begin the same way: `# `, `/usr/bin/x # `."""
        return self.is_roots and not re.match(r"\[|\S+@", self.name)

    @property
    def is_inside(self) -> bool:
        """Whether it is a container's, where everybody is root."""
        return self.name.startswith("/") or bool(_CONTAINER.fullmatch(self.name))


def read_prompt(line: str) -> Prompt | None:
    """The prompt that the line begins with. Where `may_be_comment`, the line may be something else."""
    found = _PROMPT.fullmatch(line)
    if not found:
        return None
    name, mark = found["name"], found["mark"]
    is_lonely = not name and (mark == "%" or (mark != "$" and found["command"] is None))
    is_apart = found["space"] and mark != "$" and not re.match(r"[\[/~:]|\S+@", name)
    if is_lonely or is_apart:
        return None
    return Prompt(name, mark, found["command"] or "", len(found["indent"]))


def is_other_prompt(line: str) -> bool:
    """Whether the line begins with the prompt of a program that is no shell of Unix."""
    return bool(_OTHER.fullmatch(line))
