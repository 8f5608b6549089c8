"""An address as a QR code, for a phone to read from the terminal or from a page."""

from io import StringIO

import segno


def qr_terminal(text: str) -> str:
    """The code as lines for a terminal, black on white whatever its colours are."""
    out = StringIO()
    segno.make_qr(text, error="l").terminal(out, border=2, compact=True)
    return out.getvalue()
