"""Task lists: a box in place of `[ ]` or `[x]` at the beginning of an item.

As mdit-py-plugins' rule, but in time that grows with a list's length, not with its square.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

BOX = '<input class="task-list-item-checkbox"'
"""How a box begins in the slide's HTML."""
_BOX = re.compile(r"\[([ xX])\][ \t\n\v\f\r]+")


def tasks_plugin(markdown: MarkdownIt) -> None:
    """Add the rule."""
    markdown.core.ruler.after("inline", "tasks", _boxes)


def _boxes(state: StateCore) -> None:
    lists: list[Token] = []
    tokens = state.tokens
    for number, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "inline" and number > 1 and tokens[number - 2].type == "list_item_open":
            box = _BOX.match(token.content) if tokens[number - 1].type == "paragraph_open" else None
            if box:
                _put(token, is_done=box[1] != " ")
                tokens[number - 2].attrSet("class", "task-list-item")
                lists[-1].attrSet("class", "contains-task-list")


def _put(inline: Token, *, is_done: bool) -> None:
    """Put a box in place of the three characters."""
    assert inline.children
    done = 'checked="checked" ' if is_done else ""
    box = Token("html_inline", "", 0)
    box.content = f'{BOX} {done}disabled="disabled" type="checkbox">'
    inline.children[0].content = inline.children[0].content[3:]
    inline.children.insert(0, box)
    inline.content = inline.content[3:]
