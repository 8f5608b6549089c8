"""Normalises a deck's text once: no byte order mark, no carriage returns, no NUL."""


def normalise(text: str) -> str:
    """The text with line feeds only. NUL becomes the replacement character, as in CommonMark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
