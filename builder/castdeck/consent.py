"""What the user allowed once and for all. It is kept outside of any workspace, which may be a stranger's.

What is allowed is a sentence that says all of it; where a word of it changes, it is no longer allowed.
"""

import hashlib
import os
from pathlib import Path

from platformdirs import user_config_path

from castdeck import atomic
from castdeck.problems import drawn


def is_allowed(sentence: str) -> bool:
    """Whether just this was allowed."""
    return _mark(sentence).exists()


def allow(sentence: str) -> None:
    """Keep that this is allowed."""
    atomic.write(_mark(sentence), f"{drawn(sentence)}\n")


def withdraw(sentence: str) -> None:
    """Allow it no longer."""
    _mark(sentence).unlink(missing_ok=True)


def _mark(sentence: str) -> Path:
    given = os.environ.get("CASTDECK_CONFIG")
    folder = Path(given).resolve() if given else user_config_path("castdeck")
    return folder / "allowed" / hashlib.sha256(sentence.encode()).hexdigest()[:32]
