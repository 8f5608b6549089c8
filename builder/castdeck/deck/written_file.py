"""A block whose text is written into a file on the machine: what is typed for that."""

import shlex
from itertools import count

from castdeck.deck.model import CommandLine


def writing(path: str, text: str, line: int) -> tuple[CommandLine, ...]:
    """The here-document that writes `text` to `path` where the shell is. `line` is the text's first line."""
    texts = text.removesuffix("\n").split("\n")
    end = next(word for number in count() if (word := f"END{number or ''}") not in texts)
    folder = path.rpartition("/")[0]
    made = f"mkdir -p {_quoted(folder)} && " if folder not in ("", "~") else ""
    command = CommandLine(f"{made}cat > {_quoted(path)} << '{end}'", max(1, line - 1))
    lines = (CommandLine(text.rstrip("\r"), row) for row, text in enumerate(texts, line))
    return (command, *lines, CommandLine(end, line + len(texts)))


def _quoted(path: str) -> str:
    """The path for a shell, which still puts the home folder in the place of `~/`."""
    return f"~/{shlex.quote(path[2:])}" if path.startswith("~/") and path[2:] else shlex.quote(path)
