"""Whole numbers in a deck's text."""

_MOST_DIGITS = 9


def number_of(text: str | None) -> int | None:
    """The number that the digits say; None if there is anything else, or more digits than a sensible number has."""
    return int(text) if text and text.isdecimal() and len(text) <= _MOST_DIGITS else None
