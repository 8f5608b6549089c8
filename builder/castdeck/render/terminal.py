"""A recorded block on its slide: a terminal whose place is reserved before any script runs."""

import json
from collections.abc import Sequence
from html import escape
from math import ceil

from castdeck.cast.model import Cast
from castdeck.cast.screen import footprint
from castdeck.deck.model import Block
from castdeck.render.code import highlighted_lines
from castdeck.render.told import Told, told, typed_lines

LEAST_COLS = 48
WIDE_COLS = 90


def terminal_html(block: Block, cast: Cast) -> str:
    """The terminal of `block`: its prompt and commands until it is played, then the player in the same place.

    The cast's text is in the page itself, so that a deck opened from a disk plays without fetching anything. Each
    command is a fragment for reveal.js, a step of the slide.
    """
    used = footprint(cast)
    commands = told(block, cast)
    lines = _prompted(block, commands)
    code = _poster(block, lines)
    longest = max(len(prompt) + len(line) for prompt, line in lines)
    cols = min(max(used.cols + 1, LEAST_COLS, longest), max(cast.cols, LEAST_COLS))
    rows = max(used.rows, sum(max(1, ceil(len(prompt + line) / cols)) for prompt, line in lines))
    label = commands[0].typed.partition("\n")[0] if commands else block.shown.partition("\n")[0]
    own = f' data-play="{block.play}"' if block.play else ""
    return (
        f'<div class="terminal-box{" wide" if cols > WIDE_COLS else ""}">'
        f'<figure class="terminal" role="group" aria-label="Terminal: {escape(label)}"'
        f' data-block="{escape(block.name)}"{own} data-state="code" data-cols="{cols}" data-rows="{rows}"'
        f' style="--cols:{cols};--rows:{rows}">'
        f"{_BAR.format(copy=escape(chr(10).join(typed_lines(block))), name=escape(block.name))}"
        f'<div class="screen"><pre class="commands"><code class="language-{escape(block.language)}">'
        f'{"".join(code)}</code></pre><div class="player" aria-hidden="true"></div>'
        '<button type="button" class="play" aria-label="Play the recording"></button>'
        f'<pre class="last-screen" hidden>{_scrolled_away(commands, used.last)}'
        f"{escape(chr(10).join(used.last))}</pre></div>"
        f"{_transcript(commands)}"
        f'<script type="application/json">{embedded_cast(cast)}</script></figure></div>\n'
    )


_BAR = (
    '<div class="bar"><span class="lights" aria-hidden="true"></span><span class="tools">'
    '<button type="button" class="toggle" aria-label="Play" title="Play or pause (T)"></button>'
    '<button type="button" class="speed" aria-label="Speed: 1 times" title="Speed">1×</button>'
    '<button type="button" class="text" aria-expanded="false" title="The session as text (X)">Text</button>'
    '<button type="button" class="copy" data-copy="{copy}" title="Copy the commands">Copy</button>'
    '<button type="button" class="save" data-name="{name}.cast" title="Download the recording">Save</button>'
    '</span><span class="count"></span></div>'
)


def _prompted(block: Block, commands: Sequence[Told]) -> list[tuple[str, str]]:
    """The lines that the poster shows, each with the prompt before it ("" on a command's further lines)."""
    lines = block.shown.rstrip("\n").split("\n")
    if block.language == "console" or any(line.startswith("$ ") for line in lines):
        return [("", line) for line in lines]
    blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
    prompts = {blank + one.first: one.prompt for one in commands}
    return [(prompts.get(number, ""), line) for number, line in enumerate(lines)]


def _poster(block: Block, lines: Sequence[tuple[str, str]]) -> list[str]:
    """The commands as code, behind their prompts. What comes after the first one is quieter: it is not typed yet."""
    starts = [number for number, (prompt, _) in enumerate(lines) if prompt]
    later = starts[1] if len(starts) > 1 else len(lines)
    return [
        f'<span class="line{" later" if number >= later else ""}">{_prompt(prompt)}{line}\n</span>'
        for number, ((prompt, _), line) in enumerate(
            zip(lines, highlighted_lines(block.shown, block.language), strict=False)
        )
    ]


def _prompt(prompt: str) -> str:
    """A prompt that is seen and not copied."""
    return f'<span class="prompt" data-prompt="{escape(prompt)}"></span>' if prompt else ""


def _scrolled_away(commands: Sequence[Told], last: Sequence[str]) -> str:
    """The commands that the last screen does not show any more: paper has no other place for them."""
    shown = "".join("".join(last).split())
    gone = [one.typed for one in commands if "".join(one.typed.partition("\n")[0].split()) not in shown]
    return f'<span class="gone">{escape(chr(10).join(gone))}\n\n</span>' if gone else ""


def _transcript(commands: Sequence[Told]) -> str:
    """The session as text; reveal.js takes each entry as a fragment."""
    entries = "".join(
        f'<li class="command fragment"><div class="typed"><code>{escape(one.typed)}</code>'
        f'<button type="button" class="copy" data-copy="{escape(one.typed)}" title="Copy this command">Copy</button>'
        "</div>"
        f"<pre>{escape(chr(10).join(one.output))}</pre></li>"
        for one in commands
    )
    return f'<div class="transcript" hidden="until-found"><ol>{entries}</ol></div>'


def embedded_cast(cast: Cast) -> str:
    """The cast as a JSON array that can stand inside a <script>: nothing in it ends the element or opens a comment."""
    header = {"version": 2, "width": cast.cols, "height": cast.rows}
    events = [[round(event.time, 6), event.kind, event.data] for event in cast.events]
    text = json.dumps([header, *events], ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
