"""What a marking bash shows, for tests in which no shell runs."""

from castdeck.marks import ACCEPTED, READY, Marks

MARKS = Marks("5ec7e7")
MORE = f"{READY}> {MARKS.more}"


def ended(status: int = 0, number: int = 1, pid: int = 7, secret: str = MARKS.secret) -> str:
    """The mark that tells an exit status."""
    return f"\x1b]133;D;{status};n={number};pid={pid};aid={secret};\x07"


def prompt(status: int = 0, number: int = 1, text: str = "$ ", pid: int = 7) -> str:
    """A new prompt, after a command with that status."""
    return f"{READY}{ended(status, number, pid)}\x1b]133;A;aid={MARKS.secret};\x07{text}{MARKS.prompt_end}"


def entered(line: str = "") -> str:
    """The echo of a line that was entered."""
    return f"{line}\r\n{ACCEPTED}"
