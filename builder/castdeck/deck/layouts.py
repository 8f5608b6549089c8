"""remark's templates: the content of a slide with `layout: true` is repeated on all following slides, `template: name`
uses a named slide.

`{{name}}` is replaced by the value of that property, the slide's own or inherited.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.deck.attributes import joined
from castdeck.deck.parts import Part
from castdeck.deck.room import Room
from castdeck.deck.shown_properties import fill_properties
from castdeck.problems import Place, Problem
from castdeck.suggest import suggest

INHERITED = "inherited"
"""Key in a token's meta: the token comes from a layout or template."""
MOST_COPIED = 100_000
"""The most tokens that a deck's layouts and templates may add to its slides."""
MOST_FILLED_IN = 2 << 20
"""The most characters that all `{{name}}` of a deck may expand to."""
_HERE = "{{content}}"
_NOT_INHERITED = ("id", "data-visibility")


def lay_out(parts: Sequence[Part], problems: list[Problem]) -> list[Part]:
    """The parts that become slides, each merged with its layout or template."""
    found = list(parts)
    if any(part.values and (part.properties.template or part.properties.is_layout is not None) for part in parts):
        found = list(_laid_out(parts, problems)) or [parts[0]]
    room = Room(MOST_FILLED_IN)
    for part in found:
        if part.shown and not fill_properties(part.tokens, part.shown, room) and room.is_news():
            message = f"values of properties fill more than {MOST_FILLED_IN} characters: from here on they are left out"
            problems.append(Problem(Code.UNSUPPORTED, Place(part.path, part.line), message, "use shorter ones"))
    return found


def _laid_out(parts: Sequence[Part], problems: list[Problem]) -> Iterator[Part]:
    layout: Part | None = None
    named: dict[str, Part] = {}
    room = Room(MOST_COPIED)
    for part in parts:
        properties = part.properties
        base = None if properties.is_layout is not None else layout
        if properties.template:
            base = named.get(properties.template)
            if base is None:
                wanted = properties.template
                hint = suggest(wanted, named, "name: NAME on a slide before this one gives it one")
                message = f"no slide before this one is named {wanted!r}"
                problems.append(Problem(Code.UNKNOWN_TEMPLATE, Place(part.path, part.line), message, hint, wanted))
        if base and not room.take(_size(base.tokens)):
            if room.is_news():
                message = f"layouts and templates repeat more than {MOST_COPIED} pieces of text: no more from here on"
                problems.append(Problem(Code.UNSUPPORTED, Place(part.path, part.line), message, "use smaller ones"))
            base = None
        whole = _on(base, part) if base else part
        if name := properties.attributes.get("id"):
            named[name] = whole
        if properties.is_layout is not None:
            layout = whole if properties.is_layout else None
        if not properties.is_layout:
            yield replace(whole, tokens=_merged(whole.tokens, ()))


def _size(tokens: Sequence[Token]) -> int:
    return sum(1 + len(token.children or ()) for token in tokens)


def _on(base: Part, part: Part) -> Part:
    attributes = joined(base.inherited, base.properties.attributes)
    inherited = {name: value for name, value in attributes.items() if name not in _NOT_INHERITED}
    tokens = _merged([_copied(token) for token in base.tokens], part.tokens)
    return replace(part, tokens=tokens, inherited=inherited, shown={**base.shown, **part.shown})


def _merged(base: Sequence[Token], own: Sequence[Token]) -> list[Token]:
    """Insert the slide's own tokens at {{content}} of the base, or append them."""
    for number, token in enumerate(base):
        if token.type == "inline" and token.content.replace(" ", "") == _HERE and number:
            return [*base[: number - 1], *own, *base[number + 2 :]]
    return [*base, *own]


def _copied(token: Token) -> Token:
    fresh = copy(token)
    fresh.attrs, fresh.meta = dict(token.attrs), {**token.meta, INHERITED: True}
    fresh.children = token.children and [_copied(child) for child in token.children]
    return fresh
