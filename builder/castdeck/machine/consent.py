"""The author's leave for machines that are more than a throw-away one: asked for once, for exactly what was shown.

A deck, and the castdeck.toml that came with it, may be a stranger's: neither can choose this computer or one of the
author's own machines without it. What was allowed is kept in the user's configuration folder, as the hash of the
sentence that says what the machine can do.
"""

import hashlib
import os
from pathlib import Path

from platformdirs import user_config_path

from castdeck import atomic
from castdeck.errors import MachineError
from castdeck.machine.protocol import Definition, Ready, Step
from castdeck.problems import drawn


def prepared(definition: Definition, cache: Path, step: Step, accelerator: str = "") -> Ready:
    """Have a machine made, as `Definition.ready` does. Raises MachineError for one that was not allowed."""
    if definition.risk and not _mark(definition.risk).exists():
        raise MachineError(
            f"the machine {drawn(definition.name)} {drawn(definition.risk)}",
            hint=f"it is only used once you allow it: castdeck machine allow {drawn(definition.name)}",
        )
    return definition.ready(cache, step, accelerator)


def allow(definition: Definition) -> None:
    """Keep the author's leave for a machine with just this risk."""
    atomic.write(_mark(definition.risk), f"{drawn(definition.name)} {drawn(definition.risk)}\n")


def _mark(risk: str) -> Path:
    given = os.environ.get("CASTDECK_CONFIG")
    folder = Path(given).resolve() if given else user_config_path("castdeck")
    return folder / "allowed" / hashlib.sha256(risk.encode()).hexdigest()[:32]
