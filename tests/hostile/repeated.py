"""Decks that repeat something, of each construct of castdeck's language and of the other tools' dialects."""

import ast
from collections.abc import Iterator
from pathlib import Path

LANGUAGES = ("bash", "console")
DIALECTS = (
    "castdeck",
    "remark",
    "marp",
    "slidev",
    "reveal-md",
    "gitpitch",
    "presenterm",
    "pandoc",
    "quarto",
    "deckset",
    "mdx-deck",
)


def decks(count: int, dialect: str = "castdeck") -> Iterator[tuple[str, str]]:
    """A deck for each construct, which stands there `count` times, and a name that says what."""
    found = pieces()
    head = "" if dialect == "castdeck" else f"---\ndialect: {dialect}\n---\n\n"
    for piece in found["inline"]:
        yield f"{dialect} words {piece!r}", f"{head}# A\n\n{_times(piece, count)}\n"
        yield f"{dialect} heading {piece!r}", f"{head}# {_times(piece, count).replace(chr(10), '')}\n"
    for piece in found["lines"]:
        yield f"{dialect} lines {piece!r}", f"{head}# A\n\n{_times(f'{piece}{chr(10)}', count)}"
        yield f"{dialect} apart {piece!r}", f"{head}# A\n\n{_times(f'{piece}{chr(10)}{chr(10)}', count)}"
    for language in LANGUAGES if dialect == "castdeck" else ():
        for piece in found["code"]:
            yield f"{language} code {piece!r}", f"# A\n\n```{language}\n{_times(piece, count)}\n```\n"


def _times(piece: str, count: int) -> str:
    return "".join(piece.replace("№", str(number)) for number in range(count)) if "№" in piece else piece * count


def pieces() -> dict[str, list[str]]:
    """What a deck can repeat, by kind: "inline", "lines" and "code"."""
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "repeated.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            kind.append(ast.literal_eval(line))
    return found
