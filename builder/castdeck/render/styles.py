"""How the page looks, whatever its theme: the style sheets of css/ as one, later ones over earlier ones."""

from functools import cache
from pathlib import Path

CSS = Path(__file__).parent / "css"
SHEETS = ("slide", "layouts", "code", "terminal", "stage", "upright", "speaker")


@cache
def base_css() -> str:
    """The text of castdeck.css."""
    return "".join((CSS / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
