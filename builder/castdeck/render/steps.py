"""Steps and columns as tokens that markdown-it renders: what follows a `--` is one <div class="fragment">."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from castdeck.deck.attributes import joined


def wrapped_steps(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens with a "step_open" for each step, closed where the next one, its column or the slide's text ends."""
    return list(_wrapped(tokens)) if any(token.type == "step" for token in tokens) else tokens


def _wrapped(tokens: Sequence[Token]) -> Iterator[Token]:
    open_steps = [False]
    for token in tokens:
        if token.type in ("step", "div_close", "footnotes_open") and open_steps[-1]:
            yield Token("step_close", "div", -1, block=True)
            open_steps[-1] = False
        if token.type == "step":
            attributes = joined({"class": "fragment step"}, {name: str(value) for name, value in token.attrs.items()})
            yield Token("step_open", "div", 1, attrs=dict(attributes), block=True)
            open_steps[-1] = True
            continue
        if token.type == "div_open":
            open_steps.append(False)
        elif token.type == "div_close":
            open_steps.pop()
        yield token
    if open_steps[-1]:
        yield Token("step_close", "div", -1, block=True)
