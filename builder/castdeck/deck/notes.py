"""Separates speaker notes from the slide."""

from markdown_it.token import Token

from castdeck.deck.separators import starts_notes


def split_notes(tokens: list[Token], has_note_word: bool) -> tuple[list[Token], list[Token]]:
    """Split a slide's tokens at `???` or `Note:` into slide and notes. Footnotes stay on the slide."""
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
    notes = [token for token in after[:footnotes] if token.type not in ("step", "notes")]
    return [*tokens[:end], *after[footnotes:]], notes
