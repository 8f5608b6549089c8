"""PostgreSQL's psql: marks in PROMPT1 and PROMPT2; what begins with ERROR is status 1."""

import re

from castdeck.deck.interpreters import PSQL as SHOWN
from castdeck.marks import Marks
from castdeck.record.languages.language import ReplLanguage, prompts

_FAILED = re.compile(r"^(?:ERROR|FATAL|PANIC): |^invalid command \\|^Did not find any |: error: ", re.MULTILINE)
_CODE = (
    r"\pset pager off \\ \set PROMPT1 "
    r"'%[%033]133;D;0;n=0;pid=PID;aid=SECRET;%007%033]133;A;aid=SECRET;%007%]%/%R%x%# %[%033]133;B;aid=SECRET;%007%]'"
    r" \set PROMPT2 '%/%R%x%# %[%033]133;P;k=s;aid=SECRET;%007%]'"
)


def opening(marks: Marks, pid: int) -> str:
    """One line; psql's own prompts, with marks."""
    return _CODE.replace("SECRET", marks.secret).replace("PID", str(pid))


_PROMPT, _MORE = prompts(SHOWN)
PSQL = ReplLanguage(
    SHOWN.name, frozenset({"psql"}), _PROMPT, opening, _MORE, pastes=True, accepts=True,
    start="psql -q", end=r"\q", failed=_FAILED,
)  # fmt: skip
