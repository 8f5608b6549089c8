"""Finds problems in decks: rules over the text, the recordings, and the page in a browser."""
