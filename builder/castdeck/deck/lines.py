"""All of castdeck's line syntax as one markdown-it block rule, which dispatches on the first character.

On a large deck one rule is faster than seven, since each rule is tried on every line.
"""

from collections.abc import Callable, Mapping

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from castdeck.deck.attributes import attributes_rule
from castdeck.deck.divs import div_rule
from castdeck.deck.include import include_rule
from castdeck.deck.maths import maths_rule
from castdeck.deck.property_lines import properties_rule
from castdeck.deck.separators import Separators, note_rule, separator_rule
from castdeck.deck.shortcodes import shortcode_rule

Rule = Callable[[StateBlock, int, int, bool], bool]

ENDING: Mapping[str, Rule] = {
    ":": div_rule,
    "i": include_rule,
    "N": note_rule,
    "n": note_rule,
    "$": maths_rule,
    "{": shortcode_rule,
}
"""Rules for lines that end a paragraph, list or quote above them."""
BEGINNING: Mapping[str, Rule] = {"{": attributes_rule}
"""Rules for lines that can't interrupt a paragraph."""
_ABOVE_PROPERTIES = ("separator", "properties")


def lines_plugin(markdown: MarkdownIt) -> None:
    """Add the rule. It needs `separators` in the env."""
    above = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before("hr", "castdeck", _rule, above)  # type: ignore[arg-type]


def _rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    first = state.src[start : start + 1]
    separators: Separators = state.env["separators"]
    may_be_property = not silent and (not state.tokens or state.tokens[-1].type in _ABOVE_PROPERTIES)
    if may_be_property and properties_rule(state, line, end, silent):
        return True
    if (separators.starts is None or first in separators.starts) and separator_rule(state, line, end, silent):
        return True
    if (rule := ENDING.get(first)) and rule(state, line, end, silent):
        return True
    beginning = None if silent else BEGINNING.get(first)
    return beginning is not None and beginning(state, line, end, silent)
