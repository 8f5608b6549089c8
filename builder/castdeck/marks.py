"""Marks by which a shell's prompts and commands are told apart in what a terminal shows (OSC 133).

The marks stand in PS1 and PS2 alone: no function, no PROMPT_COMMAND, no trap, so that everything else of the shell is
as its user set it. Each mark carries a secret, so that what a program prints is never taken for the shell's word.
A starts a prompt, B ends it, D tells the exit status of the command before it, P;k=s ends a continuation prompt:
https://gitlab.freedesktop.org/Per_Bothner/specifications/-/blob/master/proposals/semantic-prompts.md

Lines are sent as a bracketed paste, which readline inserts without interpreting any of it. It says itself when it
takes over the terminal (READY) and when a line was entered (ACCEPTED): https://invisible-island.net/xterm/xterm-paste64.html
"""

import re
import secrets
from dataclasses import dataclass, field

READY = "\x1b[?2004h"
ACCEPTED = "\x1b[?2004l\r"
NOT_A_LINE_EDITOR = "^[[200~"  # how a terminal in line mode echoes the beginning of a paste
ANY_MARK_BEGIN = "\x1b]133;"
ANY_MARK = re.compile(r"\x1b\]133;[^\x07\x1b]*(?:\x07|\x1b\\)")
NEW_SHELL = re.compile(r"\x1b\]133;L;(\d*)\x07")
"""Printed by login.sh and shell.sh before each shell they start, with the exit status of the one before it."""

_NO_PAGERS = "export PAGER=cat GIT_PAGER=cat MANPAGER=cat SYSTEMD_PAGER=cat"
_KEEP_STATUS = '"(exit $?)"'
WITH_PAGERS = f" eval 'unset PAGER GIT_PAGER MANPAGER SYSTEMD_PAGER;'{_KEEP_STATUS}"
WITHOUT_PAGERS = f" eval '{_NO_PAGERS};'{_KEEP_STATUS}"

OPENING = " eval '"  # how each line begins that makes a shell mark

_PASTE, _END_PASTE = "\x1b[200~", "\x1b[201~"
_UNTYPABLE = re.compile(r"[\x00\x03\x04\x11\x13\x1a\x1c\x7f]|\x1b\[201~")
_OPENING = (
    r""" eval '"""
    r"""[[ $PS1 == *"\[\e]133;"*";\a\]"* ]] && PS1=${PS1%%"\[\e]133;"*}${PS1#*";\a\]"};"""
    r"""[[ $PS1 == *"\[\e]133;"*";\a\]"* ]] && PS1=${PS1%%"\[\e]133;"*}${PS1#*";\a\]"};"""
    r"""PS2=${PS2%%"\[\e]133;"*};"""
    r"""PS1="\[\e]133;D;\$?;n=\#;pid=\$\$;aid=SECRET;\a\e]133;A;aid=SECRET;\a\]$PS1\[\e]133;B;aid=SECRET;\a\]";"""
    r"""PS2="$PS2\[\e]133;P;k=s;aid=SECRET;\a\]";"""
    r"""bind "set enable-bracketed-paste on" "set enable-active-region off";"""
    r"""export PAGER=cat GIT_PAGER=cat MANPAGER=cat SYSTEMD_PAGER=cat;"""
    r"""[[ $HISTCONTROL == *ignore[sb]* ]] || history -d $((HISTCMD-1));"""
    f"'{_KEEP_STATUS} 2>/dev/null"
)


def pasted(line: str) -> str:
    """What is sent to enter a line exactly as it is."""
    return f"{_PASTE}{line}{_END_PASTE}\r" if line else "\r"


def untypable(line: str) -> str:
    """A character of the line that a terminal takes for itself, "" if there is none."""
    found = _UNTYPABLE.search(line)
    return found[0] if found else ""


@dataclass(frozen=True)
class Marks:
    """The marks with one secret."""

    secret: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def opening(self) -> str:
        """The line that makes bash mark its prompts from the next one on; `$?` stays as it was.

        Marks of an earlier secret are taken out, and nothing is shown in a pager unless a block wants that. The line is
        no part of the shell's history.
        """
        return _OPENING.replace("SECRET", self.secret)

    @property
    def ended(self) -> re.Pattern[str]:
        """The mark in which a shell tells a command's exit status, its own count of commands and its process id."""
        return re.compile(rf"\x1b\]133;D;(\d+);n=(\d+);pid=(\d+);aid={self.secret};\x07")

    @property
    def prompt_end(self) -> str:
        """The mark behind a prompt."""
        return f"\x1b]133;B;aid={self.secret};\x07"

    @property
    def more(self) -> str:
        """The mark behind a prompt for the rest of a command."""
        return f"\x1b]133;P;k=s;aid={self.secret};\x07"

    @property
    def own(self) -> re.Pattern[str]:
        """Any of these marks, or one of those between two shells."""
        return re.compile(rf"\x1b\]133;[^\x07\x1b]*aid={self.secret};\x07|{NEW_SHELL.pattern}")

    @property
    def spelled(self) -> re.Pattern[str]:
        """The marks as a program prints them that shows PS1 or PS2: with backslashes, quoted, by `cat -v`."""
        begin = r"(?:\\*\[|\x01|\^A)?(?:\\+(?:e|E|033)|\x1b|\^\[)\\*\]133\\*;"
        return re.compile(
            rf"(?:{begin}[^\x07\r\n]{{0,60}}?aid={self.secret}\\*;(?:\\+a|\\+007|\x07|\^G))(?:\\*\]|\x02|\^B)?"
        )


def binary(pattern: "re.Pattern[str] | str") -> "re.Pattern[bytes]":
    """The pattern for what comes from a terminal."""
    text = re.escape(pattern) if isinstance(pattern, str) else pattern.pattern
    return re.compile(text.encode())


def without_marks(text: str) -> str:
    """The text as its reader sees it: without any marks."""
    return ANY_MARK.sub("", text)
