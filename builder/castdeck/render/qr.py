"""A `qr` block: its first line as a QR code, black on white, to be read from the last row."""

from html import escape

import segno

MOST = 600  # bytes: what is longer is no address, and is shown as text
READ_FROM_AFAR = 106  # bytes: a code of 41 modules, the finest that a phone reads across a room
QUIET_ZONE = 3


def qr_html(text: str) -> str:
    """The code as a picture; a line below the address is its caption."""
    address, _, caption = text.strip().partition("\n")
    if not address or _size(address) > MOST:
        return f'<pre class="code"><code>{escape(text)}</code></pre>\n'
    svg = segno.make_qr(address, error="m").svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True)
    label = escape(caption.strip() or address.partition("://")[2] or address)
    return (
        f'<figure class="qr"><div role="img" aria-label="QR: {escape(address)}">{svg}</div>'
        f"<figcaption>{label}</figcaption></figure>\n"
    )


def qr_fault(text: str) -> str:
    """Why a phone can't read the code from the last row; "" where it can."""
    size = _size(text.strip().partition("\n")[0])
    if size > MOST:
        return f"{size} bytes are too many for a QR code, so they are shown as text"
    if size > READ_FROM_AFAR:
        return f"a QR code of {size} bytes is too fine to be read from the last row: {READ_FROM_AFAR} are the most"
    return ""


def _size(text: str) -> int:
    return len(text.encode())
