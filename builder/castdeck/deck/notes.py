"""Separates speaker notes from the slide."""

from collections.abc import Sequence

from markdown_it.token import Token

from castdeck.deck.separators import starts_notes


def split_notes(tokens: list[Token], has_note_word: bool) -> tuple[list[Token], list[Token]]:
    """Split a slide's tokens into slide and notes: pandoc's `::: notes`, and what follows `???` or `Note:`.

    Footnotes stay on the slide.
    """
    boxed: list[Token] = []
    if any(token.type == "div_open" for token in tokens):
        tokens, boxed = _split_boxes(tokens)
    shown, notes = _split_end(tokens, has_note_word)
    return shown, [*boxed, *notes]


def _split_boxes(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """The tokens outside and inside divs with the class "notes"."""
    shown: list[Token] = []
    notes: list[Token] = []
    depth = 0
    for token in tokens:
        is_box = token.type == "div_open" and "notes" in str(token.attrs.get("class", "")).split()
        if depth or is_box:
            depth += token.nesting if token.type in ("div_open", "div_close") else 0
            if depth and not is_box and token.type != "step":
                notes.append(token)
        else:
            shown.append(token)
    return shown, notes


def _split_end(tokens: list[Token], has_note_word: bool) -> tuple[list[Token], list[Token]]:
    for number, token in enumerate(tokens):
        if token.type == "notes":
            return _split(tokens, number, number + 1)
        if has_note_word and token.type == "paragraph_open" and not token.level and token.nesting == 1:
            start = tokens[number + 1]
            word = starts_notes(start.content)
            if word and start.children and start.children[0].type == "text":
                start.children[0].content = start.children[0].content.removeprefix(word).lstrip()
                start.content = start.content.removeprefix(word).lstrip()
                return _split(tokens, number, number)
    return tokens, []


def _split(tokens: list[Token], end: int, start: int) -> tuple[list[Token], list[Token]]:
    after = tokens[start:]
    footnotes = next((number for number, token in enumerate(after) if token.type == "footnotes_open"), len(after))
    notes = [_line(token) if token.type == "step" else token for token in after[:footnotes] if token.type != "notes"]
    return [*tokens[:end], *after[footnotes:]], notes


def _line(step: Token) -> Token:
    """What a step is in notes: a line between what is said before and after it."""
    return Token("hr", "hr", 0, attrs={"class": "step"}, map=step.map, block=True)
