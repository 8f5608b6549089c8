"""A deck's text, made regular once: no byte order mark, no carriage returns, no NUL."""


def normalise(text: str) -> str:
    """The text with line feeds only; NUL becomes the replacement character, as CommonMark wants it."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
