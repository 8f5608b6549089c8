"""Slidev's `<v-click>` and `v-click` as reveal.js's fragments."""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

_OPEN = re.compile(r"<(v-clicks?|v-after)\b([^>]*)>")
_CLOSE = re.compile(r"</(?:v-clicks?|v-after)>")
_AT = re.compile(r"""\bat=["']?(\d+)""")
_DEPTH = re.compile(r"""<v-clicks\b[^>]*\sdepth=["']?(\d)""")
_ATTRIBUTE = re.compile(r"""\s(v-click(?:-hide)?|v-click\.hide|v-after)(?:=(?:"([^"]*)"|'([^']*)'))?(?=[\s>/])""")
_TAG = re.compile(r"<[a-zA-Z][^<>]*\sv-(?:click|after)[^<>]*>")
_CLASS = re.compile(r"""\sclass=(["'])""")
_PLACE = re.compile(r"\d+")


def show_clicks(tokens: Sequence[Token]) -> list[Token]:
    """Replace clicks by fragments; in `<v-clicks>` each list item is one."""
    return list(_shown(tokens))


def _shown(tokens: Sequence[Token]) -> Iterator[Token]:
    in_clicks, depth, inside = False, 1, 0
    for token in tokens:
        inside += token.nesting if token.type.startswith("list_item_") else 0
        if token.type == "html_block":
            if "v-" in token.content:
                in_clicks = _is_open(token.content, in_clicks)
                depth = int(found[1]) if (found := _DEPTH.search(token.content)) else 1
                token.content = _html(token.content)
        elif token.type == "inline" and "v-" in token.content:
            for child in token.children or ():
                if child.type == "html_inline":
                    child.content = _html(child.content, "span")
        elif in_clicks and token.type == "list_item_open" and inside <= depth:
            token.attrJoin("class", "fragment")
        yield token


def _is_open(html: str, before: bool) -> bool:
    opened, closed = html.rfind("<v-clicks"), html.rfind("</v-clicks")
    return before if opened == closed else opened > closed


def _html(html: str, tag: str = "div") -> str:
    html = _OPEN.sub(lambda found: _opening(found[1], found[2], tag), html)
    html = _CLOSE.sub(f"</{tag}>", html)
    return _TAG.sub(lambda found: _with_class(found[0]), html)


def _opening(name: str, attributes: str, tag: str) -> str:
    if name == "v-clicks":
        return f"<{tag}>"
    at = _AT.search(attributes)
    hides = " fade-out" if re.search(r"\bhide\b", attributes) else ""
    return f'<{tag} class="fragment{hides}"' + (f' data-fragment-index="{at[1]}"' if at else "") + ">"


def _with_class(tag: str) -> str:
    found = _ATTRIBUTE.search(tag)
    if not found:
        return tag
    value = found[2] or found[3] or ""
    name = "fragment fade-out" if "hide" in found[1] else "fragment"
    place = f' data-fragment-index="{value}"' if _PLACE.fullmatch(value) else ""
    rest = tag[: found.start()] + place + tag[found.end() :]
    if _CLASS.search(rest):
        return _CLASS.sub(rf" class=\1{name} ", rest, count=1)
    end = -2 if rest.endswith("/>") else -1
    return f'{rest[:end].rstrip()} class="{name}"{rest[end:]}'
