"""Whether a deck's pages may run the scripts that it brings: where the user trusts its folder.

In the preview such a page still is a frame of no origin, which reaches neither castdeck's page nor other decks.
"""

from pathlib import Path

from castdeck import consent
from castdeck.workspace import Workspace


def trusted_folder(deck: Path, workspace: Workspace) -> Path:
    """The folder that is trusted with a deck: its workspace's, or its own outside of any."""
    return (workspace.root or deck.parent).resolve()


def is_trusted(folder: Path) -> bool:
    """Whether the decks in that folder may run scripts."""
    return consent.is_allowed(what_is_trusted(folder))


def what_is_trusted(folder: Path) -> str:
    """What the user is asked to agree to."""
    return f"the decks in {folder} run the scripts that they bring in the pages that castdeck shows and builds of them"
