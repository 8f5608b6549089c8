"""The markdown parser: CommonMark, common extensions, and castdeck's own."""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from castdeck.deck.addresses_in_text import addresses_plugin
from castdeck.deck.attributes import attributes_plugin
from castdeck.deck.cjk import cjk_plugin
from castdeck.deck.dialects import CASTDECK, Dialect
from castdeck.deck.lines import lines_plugin
from castdeck.deck.maths import maths_plugin
from castdeck.deck.separators import heading_above_separator, html_rule
from castdeck.deck.tasks import tasks_plugin

PLUGINS = (lines_plugin, attributes_plugin, cjk_plugin, maths_plugin, deflist_plugin, tasks_plugin)
DEEPEST = 100
MOST_BRACKETS = 500


@cache
def markdown(dialect: Dialect = CASTDECK) -> MarkdownIt:
    """The parser of a dialect. Its env needs `separators` and `dialect`. Footnotes stay where they are defined."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, move_to_end=False)
    for plugin in PLUGINS:
        parser.use(plugin)
    if dialect.links_addresses:
        parser.use(addresses_plugin)
    if dialect.plugin:
        parser.use(dialect.plugin)
    parser.block.ruler.at("html_block", html_rule, {"alt": ["paragraph", "reference", "blockquote"]})
    if dialect.ends_text:
        parser.block.ruler.at("lheading", heading_above_separator, {"alt": []})
    parser.core.ruler.before("inline", "crowded", _crowded)
    return parser


def _crowded(state: StateCore) -> None:
    """Treat brackets as text if a paragraph has too many: the search for links would take for ever."""
    for token in state.tokens:
        if token.type == "inline" and token.content.count("[") > MOST_BRACKETS:
            token.content = token.content.replace("[", r"\[")
            what = f"more than {MOST_BRACKETS} brackets in one paragraph: they are shown as they are"
            state.env.setdefault("crowded", []).append(((token.map or [0])[0] + 1, what))
