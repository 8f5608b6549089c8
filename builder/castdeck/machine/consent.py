"""The user's permission for machines that are not isolated: asked for once, for exactly what was shown.

A deck and its castdeck.toml may be untrusted: without permission, neither can use this computer or one of the user's
own machines. Permissions are stored in the user's configuration folder, as hashes of the sentence that describes the
risk.
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
    """Make a machine ready, like `Definition.ready`. Raises MachineError if it needs permission and has none."""
    if definition.risk and not _mark(definition.risk).exists():
        raise MachineError(
            f"the machine {drawn(definition.name)} {drawn(definition.risk)}",
            hint=f"it is only used once you allow it: castdeck machine allow {drawn(definition.name)}",
        )
    return definition.ready(cache, step, accelerator)


def allow(definition: Definition) -> None:
    """Store the permission for a machine with exactly this risk."""
    atomic.write(_mark(definition.risk), f"{drawn(definition.name)} {drawn(definition.risk)}\n")


def _mark(risk: str) -> Path:
    given = os.environ.get("CASTDECK_CONFIG")
    folder = Path(given).resolve() if given else user_config_path("castdeck")
    return folder / "allowed" / hashlib.sha256(risk.encode()).hexdigest()[:32]
