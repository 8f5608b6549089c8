"""Finds an installed Chromium."""

import os
import shutil

# A headless shell is the same browser without windows, which starts in a third of the time.
HEADLESS = ("chromium-headless-shell", "chrome-headless-shell")
NAMES = (*HEADLESS, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")


def find_chromium() -> str | None:
    """The browser to use: CASTDECK_CHROMIUM, or else the first one on PATH."""
    given = os.environ.get("CASTDECK_CHROMIUM")
    return next((found for name in ([given] if given else NAMES) if (found := shutil.which(name))), None)
