"""The markdown that a deck is written in: CommonMark, what is usual beside it, and what castdeck adds."""

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from castdeck.deck.attributes import attributes_plugin
from castdeck.deck.lines import lines_plugin
from castdeck.deck.maths import maths_plugin

PLUGINS = (lines_plugin, attributes_plugin, maths_plugin, deflist_plugin, tasklists_plugin)
DEEPEST = 100


@cache
def markdown() -> MarkdownIt:
    """The one configured parser. Its env wants `separators`; footnotes stay where they are defined."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, move_to_end=False)
    for plugin in PLUGINS:
        parser.use(plugin)
    return parser
