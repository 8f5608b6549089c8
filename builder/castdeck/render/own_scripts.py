"""Which scripts of a page run: castdeck's own, and no other, whatever the page's policy can't tell apart.

A policy that allows the scripts beside the page allows every file beside it: browsers run notes.txt where a server
hands it out and `<script src="notes.txt">` stands. So all script elements but castdeck's become mere data.
"""

import re
import secrets

_SCRIPT = re.compile(r'<script(?! type="application/json"[\s>])(?=[\s/>])', re.IGNORECASE)
_INERT = '<script type="text/plain"'  # of two attributes of one name, the first counts


class OwnScripts:
    """`sign` stands behind `<script` in castdeck's own elements; nobody who writes a deck or a theme can know it."""

    def __init__(self) -> None:
        self.sign = f"castdeck-{secrets.token_hex(16)}"

    def only(self, html: str) -> str:
        """The page without the signs, whose other scripts do not run."""
        parts = html.split(f"<script {self.sign}")
        return "<script".join(_SCRIPT.sub(_INERT, part) for part in parts)

    def all(self, html: str) -> str:
        """The page without the signs, whose scripts all run that its policy allows."""
        return html.replace(f"<script {self.sign}", "<script")
