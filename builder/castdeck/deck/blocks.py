"""A fence token to a Block."""

from markdown_it.token import Token

from castdeck.deck.commands import command_lines, shown_code
from castdeck.deck.info import Info, parse_info
from castdeck.deck.model import RUNNABLE_LANGUAGES, Block
from castdeck.deck.synopsis import find_synopsis


def read_block(token: Token, slide: str, number: int) -> tuple[Block | None, tuple[str, ...]]:
    """The block that a fence is (None in a language that is never run), and messages about its attributes.

    The token's `info` is left as the bare language; `meta` takes "highlight" and, for a block, its name as "block".
    """
    info = parse_info(token.info)
    token.info = info.language
    token.meta = {**token.meta, "highlight": info.highlight}
    for name in info.classes:
        token.attrJoin("class", name)
    if info.id:
        token.attrSet("id", info.id)
    if info.language not in RUNNABLE_LANGUAGES:
        return None, tuple(problem for problem in info.problems if "class" not in problem and info.values)
    block = _block(token, info, slide, number)
    token.meta["block"] = block.name
    token.content = block.shown
    return block, info.problems


def _block(token: Token, info: Info, slide: str, number: int) -> Block:
    line = (token.map or [0])[0] + 1
    fills = {name.removeprefix("fill."): value for name, value in info.values.items() if name.startswith("fill.")}
    lines = command_lines(token.content, info.language, line + 1, fills)
    exit_status = info.values.get("exit", "0")
    cols, rows = info.number("cols"), info.number("rows")
    return Block(
        name=f"{slide}-{number}",
        slide_id=slide,
        number=number,
        line=line,
        language=info.language,
        shown=shown_code(token.content),
        lines=lines,
        skip="it is marked .norun" if "norun" in info.classes else str(find_synopsis(lines) or ""),
        hidden="hidden" in info.classes,
        session=info.values.get("session", ""),
        exit_status=int(exit_status) if exit_status.isdecimal() else None,
        timeout=info.number("timeout"),
        needs_internet=info.values.get("needs") == "internet",
        cols=int(cols) if cols else None,
        rows=int(rows) if rows else None,
        idle=info.number("idle"),
        speed=info.number("speed"),
        varies="varies" in info.classes,
        shows_secrets="shows-secrets" in info.classes,
    )
