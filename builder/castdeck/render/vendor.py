"""The browser libraries that were put into the package when it was built, and what the page allows them."""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

from castdeck.errors import WorkspaceError

VENDOR = Path(__file__).parents[1] / "vendor"
LIBRARY = "lib/"
"""The folder of castdeck's own files in a built deck: scripts, style sheets and fonts."""
VENDOR_FILES = ("reveal.css", "reveal.js", "asciinema-player.css", "asciinema-player.js")
TERMINAL_FILES = ("xterm.js", "xterm.css", "xterm-fit.js", "xterm-links.js", "xterm-unicode.js", "fonts.css")
LICENSES = ("LICENSE-reveal.js.txt", "LICENSE-asciinema-player.txt")
STYLES = {"katex": "katex.css"}
SCRIPTS = {"katex": "katex.js", "mermaid": "mermaid.js"}
FONTS = {"katex": "fonts/KaTeX_*.woff2"}


def library_files(libraries: Iterable[str]) -> dict[str, Path]:
    """The files, by their path in lib/, of the libraries that only some decks need: "katex", "mermaid".

    Raises WorkspaceError where the package was put in place without being built.
    """
    names: list[str] = []
    for library in sorted(libraries):
        names += filter(None, (STYLES.get(library), SCRIPTS[library], f"LICENSE-{library}.txt"))
        if fonts := FONTS.get(library):
            names += sorted(path.relative_to(VENDOR).as_posix() for path in VENDOR.glob(fonts))
    return {name: vendor_file(name) for name in names}


def vendor_file(name: str) -> Path:
    """Where the library's file is. Raises WorkspaceError where the package was put in place without being built."""
    path = VENDOR / name
    if not path.is_file():
        raise WorkspaceError(
            f"castdeck's browser library {name} is missing",
            hint="install castdeck again: `pip install --force-reinstall castdeck` (in a checkout: `pip install -e .`)",
        )
    return path


def content_security_policy(*, others: bool = True, scripts: bool = False) -> str:
    """What a deck may do: run castdeck's scripts and the player's WebAssembly, nothing written into the page.

    `others`: it may show pictures, videos and pages of other hosts. `scripts`: it may run scripts of its own and of
    other hosts, and load data from them.
    """
    https = " https:" if others else ""
    more = " https:" if scripts else ""
    run = " 'unsafe-inline' https:" if scripts else ""
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' 'wasm-unsafe-eval'{run}",
        "style-src": f"'self' 'unsafe-inline'{more}",
        "img-src": f"'self' data: blob:{https}",
        "media-src": f"'self' data: blob:{https}",
        "font-src": f"'self' data:{more}",
        "connect-src": f"'self'{more}",
        "worker-src": "'self' blob:",
        "frame-src": f"'self'{https}",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def script_hash(script: str) -> str:
    """The source expression that allows a script with this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
