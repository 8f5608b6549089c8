"""Reading a deck and making its slides' HTML, beside what markdown-it-py itself takes for the same text.

    python benchmarks/parse.py [--slides 2000 10000] [--runs 5]

Both sides run by turns in one process; the figures are CPU seconds, the best run of each. markdown-it-py is set up
with the same plugins as far as they are plugins (tables, strikethrough, footnotes, definition lists, task lists, dollar
maths) and renders with its own renderer. castdeck's side is `parse_deck` and `render_slide` for every slide: it also
cuts, names and checks the slides. Code is coloured by Pygments on castdeck's side always; on markdown-it-py's side not
at all, or, in the second comparison, through its `highlight` option in the way its documentation shows.
"""

import argparse
import gc
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

from decks import slide, words
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from castdeck.deck import parse_deck
from castdeck.render import render_slide
from castdeck.render.code import highlighted_lines

PATH = Path("deck.md")


def castdeck(text: str) -> None:
    """Every slide's HTML. Code is coloured anew: each run would find the last one's in the cache."""
    highlighted_lines.cache_clear()
    deck = parse_deck(text, PATH)
    for one in deck.slides:
        render_slide(one, path=PATH, root=PATH.parent, casts={}, notices={})


def markdown_it(coloured: bool) -> Callable[[str], object]:
    """markdown-it-py's own parsing and rendering."""
    options = {"html": True, **({"highlight": colour} if coloured else {})}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    for plugin in (footnote_plugin, deflist_plugin, tasklists_plugin, dollarmath_plugin):
        parser.use(plugin)
    return parser.render


def colour(code: str, language: str, attributes: str) -> str:
    """The `highlight` option of markdown-it-py, with Pygments."""
    if not language:
        return escape(code)
    return highlight(code, get_lexer_by_name(language), HtmlFormatter(nowrap=True))


def best(sides: dict[str, Callable[[str], object]], text: str, runs: int) -> dict[str, float]:
    """The CPU seconds of each side's best run; the sides take turns."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, run in sides.items():
            gc.collect()
            start = time.process_time()
            run(text)
            taken[name].append(time.process_time() - start)
    return {name: min(seconds) for name, seconds in taken.items()}


def main() -> None:
    """Print a table, a line a deck."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--slides", type=int, nargs="+", default=[2000, 10000])
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    sides = {"castdeck": castdeck, "plain": markdown_it(False), "coloured": markdown_it(True)}
    print("| deck | slides | kB | castdeck s | markdown-it-py s | ratio | with Pygments too s | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    for name, make in (("words", words), ("words and code", slide)):
        for slides in given.slides:
            text = "\n---\n\n".join(make(number) for number in range(1, slides + 1))
            took = best(sides, text, given.runs)
            ours, plain, coloured = took["castdeck"], took["plain"], took["coloured"]
            print(
                f"| {name} | {slides} | {len(text) // 1000} | {ours:.2f} | {plain:.2f} | {ours / plain:.2f} "
                f"| {coloured:.2f} | {ours / coloured:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
