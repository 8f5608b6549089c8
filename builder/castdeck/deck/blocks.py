"""Turns a fence token into a Block."""

from pathlib import Path

from markdown_it.token import Token

from castdeck.deck.commands import Reading, read_code, shown_code
from castdeck.deck.info import Flaw, Info, is_pattern, parse_info
from castdeck.deck.interpreters import (
    Interpreter,
    as_shown,
    interpreter_named,
    interpreter_of_fence,
    interpreter_of_source,
)
from castdeck.deck.keys import key_directives
from castdeck.deck.model import PLAY_MODES, RUNNABLE_LANGUAGES, Block, Role, SourceLine
from castdeck.deck.not_run import why_not_run
from castdeck.deck.numbers import number_of
from castdeck.deck.skip import Reason, Skip
from castdeck.deck.transcripts import read_transcript
from castdeck.deck.written_file import writing
from castdeck.problems import Place, Problem


def read_block(
    token: Token, slide: str, number: int, path: Path, shell: str = ""
) -> tuple[Block | None, list[Problem]]:
    """Read a fence as a block (None if its language is never run), with the problems of its attributes.

    Reduces the token's `info` to the language, and sets `meta["highlight"]`, `meta["title"]` and, for a block,
    `meta["block"]` to its name. `path` is the file that contains the fence. `shell` is the session's, if not bash.
    """
    info = parse_info(token.info)
    interpreter = as_shown(_interpreter(info), token.content)
    is_shells = info.language in RUNNABLE_LANGUAGES or (bool(shell) and info.language == shell)
    runs = interpreter is not None or is_shells or bool(info.values.get("file"))
    flaws = [flaw for flaw in info.flaws if runs or (info.values and not flaw.is_class)]
    problems = [_problem(flaw, token, path) for flaw in flaws]
    token.info = info.language
    if info.highlight:
        token.meta = {**token.meta, "highlight": info.highlight}
    if info.first_line is not None:
        token.meta = {**token.meta, "first_line": info.first_line}
    if (index := number_of(info.values.get("fragment-index"))) is not None:
        token.meta = {**token.meta, "fragment_index": index}
    if info.values.get("filename"):
        token.meta = {**token.meta, "title": info.values["filename"]}
    for name in info.classes:
        token.attrJoin("class", name)
    if info.id:
        token.attrSet("id", info.id)
    if not runs:
        return None, problems
    block = _block(token, info, interpreter, slide, number, path, shell)
    token.meta = {**token.meta, "block": block.name}
    token.content = block.shown
    return block, problems


def _problem(flaw: Flaw, token: Token, path: Path) -> Problem:
    place = token.info.find(flaw.word) if flaw.word and not token.level else -1
    column = place + len(token.markup) + 1 if place >= 0 else None
    return Problem(
        flaw.code, Place(path, (token.map or [0])[0] + 1, column), flaw.message, flaw.hint or flaw.code.remedy
    )


def _written(text: str) -> tuple[SourceLine, ...]:
    return tuple(SourceLine(Role.TYPED, line) for line in text.removesuffix("\n").split("\n"))


def _interpreter(info: Info) -> Interpreter | None:
    """The interpreter that a block is typed into: by its own language, or by `{.repl}`."""
    if "repl" in info.values:
        return interpreter_named(info.values["repl"])
    if "repl" in info.classes:
        return interpreter_of_fence(info.language) or interpreter_of_source(info.language)
    return interpreter_of_fence(info.language)


def _block(
    token: Token, info: Info, interpreter: Interpreter | None, slide: str, number: int, path: Path, shell: str
) -> Block:
    line = (token.map or [0])[0] + 1
    fills = {name.removeprefix("fill."): value for name, value in info.values.items() if name.startswith("fill.")}
    forced = "run" in info.classes
    file = info.values.get("file", "")
    if file:
        typed = writing(file, token.content, line + 1)
        reading = Reading(typed, _written(token.content), line + 1, is_session=False)
    elif interpreter:
        reading = read_transcript(token.content, interpreter, line + 1, fills)
    else:
        reading = read_code(token.content, "bash" if forced else info.language, line + 1, fills)
    exit_status = number_of(info.values.get("exit", "0"))
    runs = forced or interpreter or file
    in_bash, has_input = shell in ("", "bash"), "keys" in info.values or "inside" in info.classes
    skip = None if runs else why_not_run(reading, in_bash, may_fail=exit_status != 0, has_input=has_input)
    is_check = "check" in info.classes and not file and not interpreter
    cols, rows = info.number("cols"), info.number("rows")
    return Block(
        name=f"{slide}-{number}",
        slide_id=slide,
        number=number,
        line=line,
        language=info.language,
        shown=token.content if file else shown_code(token.content),
        lines=(*reading.lines, *key_directives(info.values.get("keys", ""), line)) if reading.lines else (),
        source=reading.source,
        skip=Skip(Reason.NORUN) if "norun" in info.classes else skip or (Skip(Reason.CHECK) if is_check else None),
        hidden=bool(file) or is_check or "hidden" in info.classes,
        check=is_check,
        session=info.values.get("session", ""),
        exit_status=exit_status,
        timeout=info.number("timeout"),
        needs_internet=info.values.get("needs") == "internet",
        cols=int(cols) if cols else None,
        rows=int(rows) if rows else None,
        idle=info.number("idle"),
        speed=info.number("speed"),
        play=info.values["play"] if info.values.get("play") in PLAY_MODES else "",
        caption=info.values.get("caption", ""),
        focus=info.values["focus"] if is_pattern(info.values.get("focus", "")) and "focus" in info.values else "",
        varies="varies" in info.classes,
        pager="pager" in info.classes,
        inside="inside" in info.classes,
        path=path,
        shows_secrets="shows-secrets" in info.classes,
        interpreter=interpreter.name if interpreter and not file else "",
        file=file,
        is_session=reading.is_session,
    )
