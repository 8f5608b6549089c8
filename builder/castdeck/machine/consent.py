"""The user's permission for machines that are not isolated: asked for once, for exactly what was shown.

A deck and its castdeck.toml may be untrusted: without permission, neither can use this computer or one of the user's
own machines. What is permitted is the sentence that describes the risk.
"""

from pathlib import Path

from castdeck import consent
from castdeck.errors import MachineError
from castdeck.machine.protocol import Definition, Ready, Step
from castdeck.problems import drawn


def prepared(definition: Definition, cache: Path, step: Step, accelerator: str = "") -> Ready:
    """Make a machine ready, like `Definition.ready`. Raises MachineError if it needs permission and has none."""
    if definition.risk and not consent.is_allowed(definition.risk):
        raise MachineError(
            f"the machine {drawn(definition.name)} {drawn(definition.risk)}",
            hint=f"to allow it: castdeck machine allow {drawn(definition.name)}",
        )
    return definition.ready(cache, step, accelerator)


def allow(definition: Definition) -> None:
    """Store the permission for a machine with exactly this risk."""
    consent.allow(definition.risk)
