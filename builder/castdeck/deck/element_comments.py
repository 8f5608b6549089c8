"""`<!-- .element: ... -->` applies to the element before it in the same parent, else to the parent, as in reveal.js."""

from collections.abc import Mapping, Sequence

from markdown_it.token import Token

from castdeck.deck.attributes import give, joined

_ALONE = ("fence", "hr", "image", "code_inline", "math_inline", "code_block", "math_block")


def give_to_block(tokens: Sequence[Token], attributes: Mapping[str, str]) -> None:
    """Set attributes on the last element that is closed, or still open."""
    found = _last_element(tokens)
    if found is None:
        return
    if found.type == "heading_open":  # its own, while what it has is the slide's
        found.meta = {**found.meta, "element": joined(found.meta.get("element", {}), attributes)}
    else:
        give(found, attributes)


def give_within(children: Sequence[Token], above: Sequence[Token], attributes: Mapping[str, str]) -> None:
    """The same for an inline comment: `children` precede it in the line, `above` precede the line."""
    found = _last_element(children)
    if found is not None:
        give(found, attributes)
    else:
        give_to_block(above, attributes)


def _last_element(tokens: Sequence[Token]) -> Token | None:
    depth = 0
    for token in reversed(tokens):
        depth -= token.nesting
        if depth > 0 or token.nesting < 0 or token.hidden:
            continue
        if token.nesting == 1 or token.type in _ALONE:
            return token
    return None
