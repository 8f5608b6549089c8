"""Shells that commands open: `bash`, `su -`, `docker run -it debian sh`, and how each is made to mark its prompts.

What is typed to that end is no part of the recording. `$?` stays as it was.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from castdeck.machine.waits import Look, Program
from castdeck.marks import Marks

_POSIX = (
    """ eval 'PS1="$(printf "\\033]133;D;")\\$?;n=0;pid=\\$\\$;aid=SECRET;"""
    """$(printf "\\007\\033]133;A;aid=SECRET;\\007")$PS1$(printf "\\033]133;B;aid=SECRET;\\007")";"""
    """PS2="$PS2$(printf "\\033]133;P;k=s;aid=SECRET;\\007")";'"(exit $?)\""""
)
_ZSH = (
    """ eval 'setopt promptsubst; unsetopt promptsp; zle_highlight=(paste:none);"""
    """PS1=%{$(printf "\\033]133;D;")%?";n=0;pid=$$;aid=SECRET;"$(printf "\\007\\033]133;A;aid=SECRET;\\007")%}"""
    """$PS1%{$(printf "\\033]133;B;aid=SECRET;\\007")%};"""
    """PS2=$PS2%{$(printf "\\033]133;P;k=s;aid=SECRET;\\007")%};'"(exit $?)\""""
)


_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[=>]|\r")


@dataclass(frozen=True)
class Kind:
    """A kind of shell. One that is `plain` takes no paste: lines are typed, and its terminal echoes them."""

    name: str
    opening: Callable[[Marks], str]
    plain: bool = False


BASH = Kind("bash", lambda marks: marks.opening)
_ZSH_KIND = Kind("zsh", lambda marks: _ZSH.replace("SECRET", marks.secret))
_PLAIN = Kind("sh", lambda marks: _POSIX.replace("SECRET", marks.secret), plain=True)


@dataclass(frozen=True)
class Level:
    """A shell that castdeck types into: its process id as itself knows it, and as the machine does."""

    pid: int
    machine_pid: int
    kind: Kind


def inner_shell(look: Look, screen: str, level: Level) -> tuple[Program, Kind] | None:
    """The shell that waits at a prompt, if it is another than `level`; `screen` is the last line that is shown."""
    program = look.waiting or look.inner
    if program is None or not _CONTROL.sub("", screen).rstrip().endswith(("$", "#", "%", ">")):
        return None
    is_line_editor = program.polls and (not look.line_mode or program is look.inner)
    kind = _kind(program.name, is_line_editor)
    if kind is None or (program.pid == level.machine_pid and kind == level.kind):
        return None
    return program, kind


def _kind(name: str, is_line_editor: bool) -> Kind | None:
    if name == "bash" and is_line_editor:
        return BASH
    if name == "zsh":
        return _ZSH_KIND
    if name in ("sh", "dash", "ash", "busybox", "bash"):
        return _PLAIN
    return None
