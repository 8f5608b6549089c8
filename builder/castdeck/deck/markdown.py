"""The markdown that a deck is written in: CommonMark, tables, and castdeck's separators."""

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from castdeck.deck.separators import separators_plugin


@cache
def markdown() -> MarkdownIt:
    """The one configured parser."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return parser.use(separators_plugin).use(footnote_plugin).use(deflist_plugin).use(tasklists_plugin)
