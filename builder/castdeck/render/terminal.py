"""A recorded block on its slide: a terminal whose place is reserved before any script runs."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from itertools import accumulate, pairwise
from math import ceil

from castdeck.cast.model import Cast
from castdeck.cast.proof import Proof
from castdeck.cast.screen import footprint
from castdeck.deck.interpreters import interpreter_named
from castdeck.deck.model import Block
from castdeck.render.code import highlighted_lines
from castdeck.render.paint import Painted, painted, short_prompt
from castdeck.render.proof import proof_html
from castdeck.render.screen import screen_html, screens_html
from castdeck.render.shell_roles import COMMENT, INDENT, Line, role_lines, roles_html, row_breaks, row_breaks_of
from castdeck.render.shown_commands import ShownCommand, shown_commands, typed_lines

LEAST_COLS = 24
COMMAND_COLS = (60, 80)  # where a longer command may go on in the next row
COLUMN_COLS = (36, 60, 80)  # the same for a terminal beside something else
CELL, LINE = 0.6, 1.3333  # a cell's width and a row's height, of its letters' size
SIZES = (40, 32, 24)  # pixels, on a slide of 1280 x 720
FULL_WIDTH, COLUMN_WIDTH, HEIGHT = 1152, 508, 450  # pixels that a terminal has on such a slide
MOST_ROWS = 60
TIME_COLS = 8  # what stands at a command's right
_TAG = re.compile(r"<[^>]*>")
_ADDRESSED = re.compile(r"\x1b\[(?:\?(?:1049|1047|47)h|[2-9]\d*(?:;\d*)?[Hf]|\d+d|\d*;?\d*r)")


def terminal_html(
    block: Block, cast: Cast, proof: Proof | None = None, *, beside: bool = False, each_screen: bool = False
) -> str:
    """The terminal of `block`: its prompt and commands until it is played, then the player in the same place.

    `beside`: it stands in a column, so that its commands take narrower rows. `each_screen`: with the screen after each
    command, for paper.

    The cast's text is in the page itself, so that a deck opened from a disk plays without fetching anything. Each
    command is a fragment for reveal.js, a step of the slide.
    """
    commands = shown_commands(block, cast)
    used = footprint(cast)
    lines = _prompted(block, commands)
    is_fixed = bool(_ADDRESSED.search("".join(event.data for event in cast.events)))
    widest = used.cols if is_fixed else max((len(line) for one in commands for line in one.output), default=0)
    longest = max(len(prompt) + len(line) + 1 for prompt, line in lines)
    cols = _columns(commands, max(widest, LEAST_COLS), longest, beside=beside)
    shown = painted(cast, commands, cols, _code(block))
    poster = _poster(block, lines, cols, _lengths(cast))
    heights = [_height(one, cols) for one in commands]
    rows = used.rows if is_fixed or not heights else max(poster.rows, min(sum(heights) + 1, MOST_ROWS))
    least = rows if is_fixed or not heights else max(poster.rows, min(rows, max(heights) + 1))
    label = commands[0].typed.partition("\n")[0] if commands else block.shown.partition("\n")[0]
    own = " data-whole" if is_fixed else f' data-ends="{" ".join(str(end + 1) for end in accumulate(heights))}"'
    own += f' data-play="{block.play}"' if block.play else ""
    own += f' data-focus="{escape(block.focus)}"' if block.focus else ""
    own += " data-captioned" if block.caption else ""
    bar = _BAR.format(
        copy=escape("\n".join(typed_lines(block))),
        name=escape(block.name),
        who=escape(_who(commands)),
        proof=proof_html(proof),
    )
    screens = _screens(shown.cast) if each_screen else ""
    return (
        f'<div class="terminal-box"><figure class="terminal" role="group" aria-label="Terminal: {escape(label)}"'
        f' data-block="{escape(block.name)}"{own} data-state="code"'
        f' data-cols="{cols}" data-rows="{rows}" data-least-rows="{least}"'
        f' style="--cols:{cols};--rows:{rows}">{bar}'
        '<div class="screen"><div class="now"></div><pre class="commands">'
        f'<code class="language-{escape(block.language)}">'
        f'{poster.html}</code></pre><div class="player" aria-hidden="true"></div>'
        f'<pre class="last-screen" hidden>{_scrolled_away(commands, used.last)}{screen_html(shown.cast)}</pre></div>'
        f"{_time_bar(commands, cast)}{_transcript(commands, block.caption)}{screens}"
        f'<script type="application/json">{embedded_cast(shown)}</script></figure></div>\n'
    )


_BAR = (
    '<div class="bar"><span class="who">{who}</span><span class="caption"></span><span class="tools">'
    '<button type="button" class="speed" aria-label="Speed: 1 times" title="Speed">1×</button>'
    '<button type="button" class="type" title="Type the next command yourself (Y)">Type</button>'
    '<button type="button" class="text" aria-expanded="false" title="The session as text (X)">Text</button>'
    '<button type="button" class="copy" data-copy="{copy}" title="Copy the commands">Copy</button>'
    '<button type="button" class="save" data-name="{name}.cast" title="Download the recording">Save</button>'
    '</span>{proof}<span class="count"></span></div>'
)


def _time_bar(commands: Sequence[ShownCommand], cast: Cast) -> str:
    """The button that plays, a dot for each command at its time, and the clock."""
    whole = cast.duration or 1.0
    dots = "".join(
        f'<button type="button" class="dot" data-number="{number}" data-seconds="{seconds:.1f}"'
        f' style="--at:{marker.time / whole:.4f}"'
        f' aria-label="Command {number}: {escape(one.typed.partition(chr(10))[0])}"></button>'
        for number, (marker, seconds, one) in enumerate(zip(cast.markers, _lengths(cast), commands, strict=False), 1)
    )
    return (
        '<div class="time"><button type="button" class="play toggle" aria-label="Play the recording"'
        ' title="Play or pause (T)"></button>'
        f'<div class="track"><span class="played"></span>{dots}</div>'
        f'<span class="clock">{_clock(cast.duration)}</span></div>'
    )


def _lengths(cast: Cast) -> list[float]:
    """How many seconds each command is played."""
    return [end - begin for begin, end in pairwise([*(marker.time for marker in cast.markers), cast.duration])]


def _who(commands: Sequence[ShownCommand]) -> str:
    """Whose terminal it is, from its first prompt: "student@docker"."""
    prompt = commands[0].prompt if commands else ""
    return "" if short_prompt(prompt) == prompt else prompt.partition(":")[0]


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _columns(commands: Sequence[ShownCommand], narrow: int, longest: int, *, beside: bool) -> int:
    """The columns at which the letters are largest: rows that a long command needs cost size, too.

    Output has `narrow` columns and keeps its lines; the longest command has `longest` with its prompt.
    """
    width = COLUMN_WIDTH if beside else FULL_WIDTH

    def suits(cols: int) -> tuple[float, int]:
        rows = max((_height(one, cols) for one in commands), default=1) + 1
        letters = min(width / (cols * CELL), HEIGHT / (rows * LINE))
        return next((size for size in SIZES if size <= letters), letters), -rows

    return max((max(narrow, min(longest, most)) for most in (COLUMN_COLS if beside else COMMAND_COLS)), key=suits)


def _height(command: ShownCommand, cols: int) -> int:
    """The rows that a command takes with its output."""
    prompt = len(short_prompt(command.prompt))
    typed = sum(map(len, row_breaks_of(role_lines(command.typed), cols, prompt))) + command.typed.count("\n") + 1
    return typed + sum(max(1, ceil(len(line) / cols)) for line in command.output)


def _code(block: Block) -> str:
    """The language of what is typed."""
    interpreter = interpreter_named(block.interpreter)
    return interpreter.code if interpreter else "bash"


def _prompted(block: Block, commands: Sequence[ShownCommand]) -> list[tuple[str, str]]:
    """The lines that the poster shows, each with the prompt before it ("" on a command's further lines)."""
    lines = block.shown.rstrip("\n").split("\n")
    if block.is_session or block.language == "console":
        return [("", line) for line in lines]
    if block.interpreter:
        rows = [line.line - block.line - 1 for line in block.lines if not line.is_directive]
        at = {rows[one.first]: short_prompt(one.prompt) for one in commands if one.first < len(rows)}
        return [(at.get(number, ""), line) for number, line in enumerate(lines)]
    blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
    prompts = {blank + one.first: short_prompt(one.prompt) for one in commands}
    return [(prompts.get(number, ""), line) for number, line in enumerate(lines)]


@dataclass(frozen=True)
class _Poster:
    """The commands as they wait to be played, and the rows that they take."""

    html: str
    rows: int


def _poster(block: Block, lines: Sequence[tuple[str, str]], cols: int, seconds: Sequence[float]) -> _Poster:
    """The commands as code, behind their prompts; at the right how long each takes, where there are several."""
    if block.is_session or block.language == "console":
        code = [[html] for html in highlighted_lines(block.shown, block.language)]
    else:
        shown = role_lines(block.shown.rstrip("\n"), _code(block))
        code = [_rows(line, cols, len(prompt)) for line, (prompt, _) in zip(shown, lines, strict=False)]
    times = iter(seconds if len(seconds) > 1 else ())
    html = [
        f'<span class="line"{_takes(next(times, 0), len(prompt) + _printed(rows[0]), cols) if prompt else ""}>'
        f"{_prompt(prompt)}{f'{chr(10)}{INDENT}'.join(rows)}\n</span>"
        for (prompt, _), rows in zip(lines, code, strict=False)
    ]
    gaps = sum(bool(prompt) for prompt, _ in lines) / 2
    return _Poster("".join(html), ceil(sum(map(len, code)) + gaps))


def _takes(seconds: float, length: int, cols: int) -> str:
    """How long a command takes, as an attribute, where its line leaves room for it."""
    return f' data-takes="{_clock(seconds)}"' if seconds and length + TIME_COLS <= cols else ""


def _printed(html: str) -> int:
    """How many characters of a row of code are seen."""
    return len(unescape(_TAG.sub("", html)))


def _rows(line: Line, cols: int, prompt: int) -> list[str]:
    """A line of code as the rows that it takes, in HTML."""
    return [roles_html(line[begin:end]) for begin, end in pairwise([0, *row_breaks(line, cols, prompt), len(line)])]


def _prompt(prompt: str) -> str:
    """A prompt that is seen and not copied."""
    return f'<span class="prompt" data-prompt="{escape(prompt)}"></span>' if prompt else ""


def _screens(cast: Cast) -> str:
    """The screen after each command but the last."""
    screens = screens_html(cast, [marker.time for marker in cast.markers[1:]])
    return "".join(f'<template class="screen-after">{screen}</template>' for screen in screens)


def _scrolled_away(commands: Sequence[ShownCommand], last: Sequence[str]) -> str:
    """The commands that the last screen does not show any more: paper has no other place for them."""
    shown = "".join("".join(last).split())
    gone = [one.typed for one in commands if "".join(one.typed.partition("\n")[0].split()) not in shown]
    return f'<span class="gone">{escape(chr(10).join(gone))}\n\n</span>' if gone else ""


def _captions(commands: Sequence[ShownCommand], caption: str) -> list[str]:
    """What each command does: as the author says, else as a comment behind it says."""
    given = [part.strip() for part in caption.split("|")] if caption else []
    if len(given) == 1:
        given *= len(commands)
    return [given[number] if number < len(given) else _comment(one.typed) for number, one in enumerate(commands)]


def _comment(typed: str) -> str:
    first = role_lines(typed)[0]
    return "".join(character for character, role in first if role == COMMENT).lstrip("# ").strip()


def _transcript(commands: Sequence[ShownCommand], caption: str) -> str:
    """The session as text; reveal.js takes each entry as a fragment."""
    entries = "".join(
        f'<li class="command fragment" data-caption="{escape(does)}">'
        f'<div class="typed"><code>{escape(one.typed)}</code>'
        f'<button type="button" class="copy" data-copy="{escape(one.typed)}" title="Copy this command">Copy</button>'
        "</div>"
        f"<pre>{escape(chr(10).join(one.output))}</pre></li>"
        for one, does in zip(commands, _captions(commands, caption), strict=True)
    )
    return f'<div class="transcript" hidden="until-found"><ol>{entries}</ol></div>'


def embedded_cast(painted: Painted) -> str:
    """A painted cast as a JSON array that can stand inside a <script>: nothing ends the element.

    Behind a painted event stands the recording's own text, behind one that was added null: what is saved from the page
    is the recording.
    """
    cast = painted.cast
    header = {"version": 2, "width": cast.cols, "height": cast.rows}
    events = [
        [round(event.time, 6), event.kind, event.data, *([] if text == event.data else [text])]
        for event, text in zip(cast.events, painted.recorded, strict=True)
    ]
    text = json.dumps([header, *events], ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
