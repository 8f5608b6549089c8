"""A recorded block on its slide: a terminal whose place is reserved before any script runs."""

import json
from html import escape

from castdeck.cast.model import Cast
from castdeck.cast.screen import footprint
from castdeck.deck.model import Block
from castdeck.render.code import highlighted_lines

LEAST_COLS = 48
WIDE_COLS = 90


def terminal_html(block: Block, cast: Cast) -> str:
    """The terminal of `block`: its code until it is played, then the player in the same place.

    The cast's text is in the page itself, so that a deck opened from a disk plays without fetching anything.
    """
    code = highlighted_lines(block.shown, block.language)
    used = footprint(cast)
    cols = min(max(used.cols + 1, LEAST_COLS, longest_line(block.shown)), max(cast.cols, LEAST_COLS))
    rows = max(used.rows, len(code))
    commands = "\n".join(line.text for line in block.lines)
    label = commands.partition("\n")[0]
    speed = f' data-speed="{block.speed:g}"' if block.speed else ""
    body = "".join(f'<span class="line">{line}\n</span>' for line in code)
    return (
        f'<div class="terminal-box{" wide" if cols > WIDE_COLS else ""}">'
        f'<figure class="terminal" role="group" aria-label="Terminal: {escape(label)}"'
        f' data-block="{escape(block.name)}" data-state="code" data-cols="{cols}" data-rows="{rows}"{speed}'
        f' style="--cols:{cols};--rows:{rows}">'
        '<div class="bar"><span class="lights" aria-hidden="true"></span><span class="count"></span>'
        f'<button type="button" class="copy" data-copy="{escape(commands)}" title="Copy the commands">Copy</button>'
        "</div>"
        f'<div class="screen"><pre class="commands"><code class="language-{escape(block.language)}">{body}</code></pre>'
        '<div class="player"></div>'
        '<button type="button" class="play" aria-label="Play the recording"></button>'
        f'<pre class="last-screen" hidden>{escape(chr(10).join(used.last))}</pre></div>'
        f'<script type="application/json">{embedded_cast(cast)}</script></figure></div>\n'
    )


def embedded_cast(cast: Cast) -> str:
    """The cast as a JSON array that can stand inside a <script>: nothing in it ends the element or opens a comment."""
    header = {"version": 2, "width": cast.cols, "height": cast.rows}
    events = [[round(event.time, 6), event.kind, event.data] for event in cast.events]
    text = json.dumps([header, *events], ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def longest_line(text: str) -> int:
    """The length of the longest line, in characters."""
    return max((len(line) for line in text.splitlines()), default=0)
