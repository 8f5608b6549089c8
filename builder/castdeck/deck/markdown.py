"""The markdown that a deck is written in: CommonMark, what is usual beside it, and what castdeck adds."""

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from castdeck.deck.attributes import attributes_plugin
from castdeck.deck.cjk import cjk_plugin
from castdeck.deck.dialects import CASTDECK, Dialect
from castdeck.deck.lines import lines_plugin
from castdeck.deck.maths import maths_plugin
from castdeck.deck.separators import heading_above_separator, html_above_separator

PLUGINS = (lines_plugin, attributes_plugin, cjk_plugin, maths_plugin, deflist_plugin, tasklists_plugin)
DEEPEST = 100


@cache
def markdown(dialect: Dialect = CASTDECK) -> MarkdownIt:
    """The parser of a dialect. Its env wants `separators` and `dialect`; footnotes stay where they are defined."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, move_to_end=False)
    for plugin in PLUGINS:
        parser.use(plugin)
    if dialect.plugin:
        parser.use(dialect.plugin)
    if dialect.ends_text:
        parser.block.ruler.at("lheading", heading_above_separator, {"alt": []})
        parser.block.ruler.at("html_block", html_above_separator, {"alt": ["paragraph", "reference", "blockquote"]})
    return parser
