"""Shells of Unix. What makes one mark leaves `$?` as it was."""

import re

from castdeck.marks import Marks
from castdeck.record.languages.language import Opening, ReplLanguage

_PROMPT = re.compile(r"[$#%>]\s*\Z")
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


def _opening(template: str) -> Opening:
    def made(marks: Marks, pid: int) -> str:
        del pid  # a shell tells its own
        return template.replace("SECRET", marks.secret)

    return made


def _bash(marks: Marks, pid: int) -> str:
    del pid
    return marks.opening


BASH = ReplLanguage("bash", frozenset({"bash"}), _PROMPT, _bash, pastes=True, accepts=True)
ZSH = ReplLanguage("zsh", frozenset({"zsh"}), _PROMPT, _opening(_ZSH), pastes=True, accepts=True)
POSIX = ReplLanguage("sh", frozenset({"sh", "dash", "ash", "busybox", "bash"}), _PROMPT, _opening(_POSIX))
"""Also a bash without a line editor."""
