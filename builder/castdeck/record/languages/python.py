"""Python: `sys.ps1` is an object that makes the marks each time it is shown; an exception is status 1."""

import re

from castdeck.deck.interpreters import PYTHON as SHOWN
from castdeck.marks import Marks
from castdeck.record.languages.language import ReplLanguage, prompts

_CODE = r"""
import sys
class Prompt:
    def __init__(self, text):
        self.text, self.seen = text, getattr(sys, "last_value", None)
    def __str__(self):
        last, seen = getattr(sys, "last_value", None), self.seen
        self.seen = last
        status = 0 if last is seen else 130 if isinstance(last, KeyboardInterrupt) else 1
        return "\1\33]133;D;%d;n=0;pid=PID;aid=SECRET;\7\33]133;A;aid=SECRET;\7\2%s\1\33]133;B;aid=SECRET;\7\2" % (
            status, self.text)
sys.ps1 = Prompt(getattr(sys.ps1, "text", sys.ps1))
sys.ps2 = sys.ps2.split("\1")[0] + "\1\33]133;P;k=s;aid=SECRET;\7\2"
try:
    import readline
    readline.remove_history_item(readline.get_current_history_length() - 1)
except (ImportError, ValueError):
    pass
"""


def opening(marks: Marks, pid: int) -> str:
    """One line that leaves no name behind, and no trace in the history."""
    return f"exec({_CODE.replace('SECRET', marks.secret).replace('PID', str(pid))!r}, {{}})"


_PROMPT, _MORE = prompts(SHOWN)
_PROGRAMS = frozenset({"python", "python3", *(f"python3.{minor}" for minor in range(6, 20))})
PYTHON = ReplLanguage(
    SHOWN.name,
    _PROGRAMS,
    _PROMPT,
    opening,
    _MORE,
    pastes=True,
    start="PYTHON_BASIC_REPL=1 python3 -q",
    end="exit()",
    shown_error=re.compile(r"^Traceback \(|^ +File |^(?:\w+\.)*\w*(?:Error|Exception|Interrupt)\b", re.MULTILINE),
)
