"""Shell marks (OSC 133), which delimit prompts and commands in a terminal's output.

Only PS1 and PS2 are changed: no function, no trap, and no PROMPT_COMMAND but where there is one that sets PS1, so that
the rest of the user's shell stays as it is. Each mark contains a secret, so that no program's output can be mistaken
for a mark. A starts a prompt, B ends it, D carries the exit status of the previous command, P;k=s ends a continuation
prompt: https://gitlab.freedesktop.org/Per_Bothner/specifications/-/blob/master/proposals/semantic-prompts.md

Lines are sent as a bracketed paste, which readline inserts literally. readline itself signals when it takes over the
terminal (READY) and when a line was entered (ACCEPTED): https://invisible-island.net/xterm/xterm-paste64.html
"""

import re
import secrets
from dataclasses import dataclass, field

READY = "\x1b[?2004h"
ACCEPTED = "\x1b[?2004l\r"
NOT_A_LINE_EDITOR = "^[[200~"  # the beginning of a paste as echoed by a terminal in line mode
ANY_MARK_BEGIN = "\x1b]133;"
ANY_MARK = re.compile(r"\x1b\]133;[^\x07\x1b]*(?:\x07|\x1b\\)")
NEW_SHELL = re.compile(r"\x1b\]133;L;(\d{0,10})\x07")
"""Printed by login.sh and shell.sh before each shell they start, with the exit status of the one before it."""

_NO_PAGERS = "export PAGER=cat GIT_PAGER=cat MANPAGER=cat SYSTEMD_PAGER=cat"
_KEEP_STATUS = '"(exit $?)"'
WITH_PAGERS = f" eval 'unset PAGER GIT_PAGER MANPAGER SYSTEMD_PAGER;'{_KEEP_STATUS}"
WITHOUT_PAGERS = f" eval '{_NO_PAGERS};'{_KEEP_STATUS}"

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[=>]|[\r\x01\x02]")
_PASTE, _END_PASTE = "\x1b[200~", "\x1b[201~"
_UNTYPABLE = re.compile(r"[\x00\x03\x04\x11\x13\x1a\x1c\x7f]|\x1b\[201~")
_OPENING = (
    r""" eval '"""
    r"""[[ $PS1 == *"\[\e]133;"*";\a\]"* ]] && PS1=${PS1%%"\[\e]133;"*}${PS1#*";\a\]"};"""
    r"""[[ $PS1 == *"\[\e]133;"*";\a\]"* ]] && PS1=${PS1%%"\[\e]133;"*}${PS1#*";\a\]"};"""
    r"""PS2=${PS2%%"\[\e]133;"*};"""
    r"""PS1="\[\e]133;D;\$?;n=\#;pid=\$\$;aid=SECRET;\a\e]133;A;aid=SECRET;\a\]$PS1\[\e]133;B;aid=SECRET;\a\]";"""
    r"""PS2="$PS2\[\e]133;P;k=s;aid=SECRET;\a\]";"""
    "AGAIN"
    r"""bind "set enable-bracketed-paste on" "set enable-active-region off";"""
    r"""export PAGER=cat GIT_PAGER=cat MANPAGER=cat SYSTEMD_PAGER=cat;"""
    r"""[[ $HISTCONTROL == *ignore[sb]* ]] || history -d $((HISTCMD-1));"""
    f"'{_KEEP_STATUS} 2>/dev/null"
)
_AGAIN = (
    r"""for __castdeck in ${!PROMPT_COMMAND[@]}; do """
    r"""[[ ${PROMPT_COMMAND[__castdeck]} == *133*aid=* ]] && unset "PROMPT_COMMAND[__castdeck]"; done;"""
    r"""if [[ ${PROMPT_COMMAND[*]} ]] && """
    r"""! (for each in "${PROMPT_COMMAND[@]}"; do eval "$each"; done >/dev/null 2>&1; [[ $PS1 == *SECRET* ]]); then """
    r"""printf -v __castdeck "[[ \$PS1 == *SECRET* ]] || PS1=%q\$PS1%q" "${PS1%%"SECRET;\a\]"*}SECRET;\a\]" """
    r""" "\[\e]133;B;aid=SECRET;\a\]"; PROMPT_COMMAND+=("$__castdeck"); fi; unset __castdeck;"""
)
"""Where a PROMPT_COMMAND of the author's own sets PS1, a last one of castdeck's puts the marks back."""


def pasted(line: str) -> str:
    """The input that enters a line literally."""
    return f"{_PASTE}{line}{_END_PASTE}\r" if line else "\r"


def untypable(line: str) -> str:
    """A character of the line that the terminal would interpret; "" if there is none."""
    found = _UNTYPABLE.search(line)
    return found[0] if found else ""


@dataclass(frozen=True)
class Marks:
    """The marks with one secret."""

    secret: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def opening(self) -> str:
        """The line that makes bash mark its prompts from the next one on; `$?` is preserved.

        It also removes marks of an earlier secret, disables pagers unless a block wants one, and keeps itself out of
        the shell's history.
        """
        return _OPENING.replace("AGAIN", _AGAIN).replace("SECRET", self.secret)

    @property
    def ended(self) -> re.Pattern[str]:
        """The mark with a command's exit status, the shell's command number and its process id."""
        return re.compile(rf"\x1b\]133;D;(\d{{1,10}});n=(\d{{1,10}});pid=(\d{{1,10}});aid={self.secret};\x07")

    def told(self, status: int, pid: int) -> str:
        """Marks that say that a command has ended and a prompt has been shown, for a program that has none."""
        return f"\x1b]133;D;{status};n=0;pid={pid};aid={self.secret};\x07{self.prompt_end}"

    @property
    def prompt_end(self) -> str:
        """The mark after a prompt."""
        return f"\x1b]133;B;aid={self.secret};\x07"

    @property
    def output_begin(self) -> str:
        """The mark before a command's output, from shells that draw their lines anew."""
        return f"\x1b]133;C;aid={self.secret};\x07"

    @property
    def more(self) -> str:
        """The mark after a continuation prompt."""
        return f"\x1b]133;P;k=s;aid={self.secret};\x07"

    @property
    def own(self) -> re.Pattern[str]:
        """Any of these marks, or one between two shells."""
        return re.compile(rf"\x1b\]133;[^\x07\x1b]*aid={self.secret};\x07|{NEW_SHELL.pattern}")

    @property
    def spelled(self) -> re.Pattern[str]:
        """The marks as they appear when a program prints PS1 or PS2: with backslashes, quoted, or through `cat -v`."""
        begin = r"(?:\\*\[|\x01|\^A)?(?:\\+(?:e|E|033)|\x1b|\^\[)\\*\]133\\*;"
        return re.compile(
            rf"(?:{begin}[^\x07\r\n]{{0,60}}?aid={self.secret}\\*;(?:\\+a|\\+007|\x07|\^G))(?:\\*\]|\x02|\^B)?"
        )


def binary(pattern: "re.Pattern[str] | str") -> "re.Pattern[bytes]":
    """The pattern for bytes from a terminal."""
    text = re.escape(pattern) if isinstance(pattern, str) else pattern.pattern
    return re.compile(text.encode())


def without_marks(text: str) -> str:
    """The text without marks."""
    return ANY_MARK.sub("", text)


def last_line(text: str) -> str:
    """The last line that a terminal shows, without control sequences."""
    return _CONTROL.sub("", without_marks(text).rpartition("\n")[2])
