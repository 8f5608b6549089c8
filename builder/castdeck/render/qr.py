"""A `qr` block: its first line as a QR code, black on white, to be read from the last row."""

from html import escape

import segno

MOST = 600  # characters: what is longer has modules too small for a phone across the room
QUIET_ZONE = 3


def qr_html(text: str) -> str:
    """The code as a picture; a line below the address is its caption."""
    address, _, caption = text.strip().partition("\n")
    if not address or len(address) > MOST:
        return f'<pre class="code"><code>{escape(text)}</code></pre>\n'
    svg = segno.make_qr(address, error="m").svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True)
    label = escape(caption.strip() or address.partition("://")[2] or address)
    return (
        f'<figure class="qr"><div role="img" aria-label="QR: {escape(address)}">{svg}</div>'
        f"<figcaption>{label}</figcaption></figure>\n"
    )
