"""Shells of Unix. What makes one mark leaves `$?` as it was.

A session's own shell takes the place of the machine's (`exec`), so that `exit` ends it as it would end that.
"""

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
_FISH = (
    r""" printf '\e[?2004l\r'; set -g fish_autosuggestion_enabled 0; set -g fish_greeting; function fish_title; end;"""
    r""" functions -q __castdeck_prompt; or functions -c fish_prompt __castdeck_prompt;"""
    r""" function __castdeck_ended --on-event fish_prompt; set -l last $status;"""
    r""" printf '\e]133;D;%s;n=0;pid=%s;aid=SECRET;\a\e]133;A;aid=SECRET;\a\e[?2004h' $last $fish_pid; end;"""
    r""" function __castdeck_begins --on-event fish_preexec; printf '\e]133;C;aid=SECRET;\a'; end;"""
    r""" function fish_prompt; __castdeck_prompt; printf '\e]133;B;aid=SECRET;\a'; end;"""
    r""" bind \r 'printf "\e[?2004l\r"; commandline -f execute'"""
)
"""fish draws its lines anew while they are typed, and says of none that it was taken: events and the Enter key do."""
_UNSEEN = " [[ $HISTCONTROL == *ignore[sb]* ]] || history -d $((HISTCMD-1));"
_ZSH_START = f"{_UNSEEN} [ -e ~/.zshrc ] || echo '# empty' >~/.zshrc; exec zsh -o histignorespace"
"""Without that file zsh asks what to do."""


def _opening(template: str) -> Opening:
    def made(marks: Marks, pid: int) -> str:
        del pid  # a shell tells its own
        return template.replace("SECRET", marks.secret)

    return made


def _bash(marks: Marks, pid: int) -> str:
    del pid
    return marks.opening


def _exported_by_fish(name: str, value: str) -> str:
    quoted = value.replace("\\", r"\\").replace("'", r"\'")
    return f"set -gx {name} '{quoted}'"


BASH = ReplLanguage("bash", frozenset({"bash"}), _PROMPT, _bash, pastes=True, accepts=True)
ZSH = ReplLanguage(
    "zsh", frozenset({"zsh"}), _PROMPT, _opening(_ZSH), pastes=True, accepts=True, start=_ZSH_START
)  # fmt: skip
FISH = ReplLanguage(
    "fish",
    frozenset({"fish"}),
    _PROMPT,
    _opening(_FISH),
    pastes=True,
    accepts=True,
    start=f"{_UNSEEN} exec fish",
    pagers=(
        " set -e PAGER GIT_PAGER MANPAGER SYSTEMD_PAGER",
        " set -gx PAGER cat; set -gx GIT_PAGER cat; set -gx MANPAGER cat; set -gx SYSTEMD_PAGER cat",
    ),
    checks="LC_ALL=C fish --no-execute /dev/stdin 2>&1; :",
    unfinished=re.compile(
        r"Missing end|are not balanced|end of the input|[Uu]nexpected end of string|Incomplete|unclosed"
    ),
    export=_exported_by_fish,
)
POSIX = ReplLanguage("sh", frozenset({"sh", "dash", "ash", "busybox", "bash"}), _PROMPT, _opening(_POSIX))
"""Also a bash without a line editor."""
SESSION_SHELLS = {one.name: one for one in (BASH, ZSH, FISH)}
"""What a whole session can be typed into, by the name in `shell =`."""
