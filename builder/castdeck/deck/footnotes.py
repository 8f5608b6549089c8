"""Puts footnotes on the slides that refer to them, numbered from 1 on each."""

from collections.abc import Iterator, Mapping, Sequence

from markdown_it.token import Token
from markdown_it.utils import EnvType

from castdeck.deck.room import Room
from castdeck.deck.separators import NEW_SLIDE

MOST_COPIED = 100_000
"""Pieces of text in the footnotes of all slides."""
_OPEN, _CLOSE = "footnote_reference_open", "footnote_reference_close"


def place_footnotes(tokens: list[Token], env: EnvType) -> list[Token]:
    """Move footnotes to the end of their slides, between "footnotes_open" and "footnotes_close"."""
    if "footnotes" not in env:
        return tokens
    definitions = _definitions(tokens)
    contents = {
        number: _paragraph(note["content"], note["tokens"]) if "tokens" in note else definitions.get(note["label"], [])
        for number, note in env["footnotes"]["list"].items()
    }
    return list(_placed(tokens, contents, env))


def unused_footnotes(tokens: Sequence[Token], env: EnvType) -> Iterator[tuple[str, int]]:
    """Label and line (from 1) of each footnote without a reference, which would not be shown."""
    used = {note.get("label") for note in env.get("footnotes", {}).get("list", {}).values()}
    for token in tokens:
        if token.type == _OPEN and token.meta["label"] not in used:
            yield token.meta["label"], (token.map or [0])[0] + 1


def _definitions(tokens: list[Token]) -> dict[str, list[Token]]:
    """Remove the definitions from the tokens, and return them by label."""
    found: dict[str, list[Token]] = {}
    kept: list[Token] = []
    into: list[list[Token]] = [kept]
    for token in tokens:
        if token.type == _OPEN:
            into.append(found.setdefault(token.meta["label"], []))
        elif token.type == _CLOSE:
            into.pop()
        else:
            into[-1].append(token)
    tokens[:] = kept
    return found


def _placed(tokens: Sequence[Token], contents: Mapping[int, list[Token]], env: EnvType) -> Iterator[Token]:
    shown: dict[int, int] = {}
    room = Room(MOST_COPIED)
    for token in tokens:
        if token.type == "separator" and token.meta["kind"] in NEW_SLIDE:
            yield from _notes(shown, contents, room)
            if room.left < 0 and room.is_news():
                message = f"footnotes repeat more than {MOST_COPIED} pieces of text: those from here on are empty"
                env.setdefault("crowded", []).append(((token.map or [0])[0] + 1, message))
            shown = {}
        for child in token.children or ():
            if child.type == "footnote_ref":
                child.meta = {"number": shown.setdefault(child.meta["id"], len(shown) + 1)}
        yield token
    yield from _notes(shown, contents, room)


def _notes(shown: dict[int, int], contents: Mapping[int, list[Token]], room: Room) -> Iterator[Token]:
    if not shown:
        return
    yield Token("footnotes_open", "ol", 1, attrs={"class": "footnotes"}, block=True)
    done = 0
    order = list(shown)
    while done < len(order):
        note = contents.get(order[done], ())
        has_room = room.take(sum(1 + len(token.children or ()) for token in note))
        content = [token.copy() for token in note if has_room]
        for token in content:
            token.children = token.children and [child.copy() for child in token.children]
            for child in token.children or ():
                if child.type == "footnote_ref" and "id" in child.meta:
                    if child.meta["id"] not in shown:
                        order.append(child.meta["id"])
                    child.meta = {"number": shown.setdefault(child.meta["id"], len(shown) + 1)}
        yield Token("footnote_open", "li", 1, block=True)
        yield from content
        yield Token("footnote_close", "li", -1, block=True)
        done += 1
    yield Token("footnotes_close", "ol", -1, block=True)


def _paragraph(content: str, children: list[Token]) -> list[Token]:
    return [
        Token("paragraph_open", "p", 1, block=True),
        Token("inline", "", 0, content=content, children=children),
        Token("paragraph_close", "p", -1, block=True),
    ]
