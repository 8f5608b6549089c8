"""Node: the prompt of its `repl` gets marks each time it is shown; an uncaught error is status 1."""

import re

from castdeck.deck.interpreters import NODE as SHOWN
from castdeck.marks import Marks
from castdeck.record.languages.language import ReplLanguage, prompts

_CODE = (
    r"void((r,a)=>{let P=r.constructor.prototype,s=0,m=k=>'\x1b]133;'+k+';aid=SECRET;\x07';"
    r"r._domain.prependListener('error',()=>{s=1});"
    r"r.prompt=function(k){let t=this.getPrompt(),b=t!==this._initialPrompt;if(!t.includes(a))"
    r"Object.getPrototypeOf(P).setPrompt.call(this,b?t+m('P;k=s'):m('D;'+s+';n=0;pid=PID')+m('A')+t+m('B'));"
    r"if(!b)s=0;return P.prompt.call(this,k)}})(repl.repl,'aid=SECRET')"
)


def opening(marks: Marks, pid: int) -> str:
    """One line that leaves no name behind."""
    return _CODE.replace("SECRET", marks.secret).replace("PID", str(pid))


_PROMPT, _MORE = prompts(SHOWN)
NODE = ReplLanguage(
    SHOWN.name,
    frozenset({"node", "nodejs", "MainThread"}),
    _PROMPT,
    opening,
    _MORE,
    start="node",
    end=".exit",
    shown_error=re.compile(r"^Uncaught\b", re.MULTILINE),
)
