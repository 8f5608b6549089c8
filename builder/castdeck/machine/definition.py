"""What a machine is made of, as `[machine.NAME]` in castdeck.toml says it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from typing import Any

from castdeck.errors import WorkspaceError

USER = "student"
_BUILT_IN: dict[str, dict[str, Any]] = {
    "debian": {},
    "docker": {
        "packages": ["docker.io", "docker-registry", "iptables", "apparmor", "curl", "ca-certificates"],
        "memory": 1024,
        "images": ["debian", "hello-world"],
    },
}
DEFAULT_MACHINE = "docker"


@dataclass(frozen=True)
class MachineDefinition:
    """One machine: `memory` in MiB, `disk` in GiB, `images` the container images that it has ready.

    `setup` is a shell script that root runs inside the booted machine, before the golden snapshot is taken.
    """

    name: str
    packages: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    setup: str = ""
    memory: int = 512
    cores: int = 2
    disk: int = 8

    @property
    def key(self) -> str:
        """A hash of all that the definition says, as hexadecimal digits."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def find_definition(name: str, tables: Mapping[str, Any]) -> MachineDefinition:
    """The machine called `name`: built in, changed by `tables[name]` (castdeck.toml's `[machine.NAME]`).

    Raises WorkspaceError for a name, a setting or a value that can't be.
    """
    if name not in _BUILT_IN and name not in tables:
        known = sorted({*_BUILT_IN, *tables})
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        raise WorkspaceError(f"there is no machine called {name!r}", hint=hint)
    settings = {**_BUILT_IN.get(name, {}), **tables.get(name, {})}
    return MachineDefinition(name=name, **{setting: _checked(name, setting, settings[setting]) for setting in settings})


def _checked(machine: str, setting: str, value: Any) -> Any:
    where = f"castdeck.toml, [machine.{machine}]"
    types = {field.name: field.type for field in fields(MachineDefinition) if field.name != "name"}
    if setting not in types:
        near = get_close_matches(setting, types, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(types))}"
        raise WorkspaceError(f"{where}: unknown setting {setting!r}", hint=hint)
    if types[setting] is int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise WorkspaceError(f"{where}: {setting} must be a whole number above 0, not {value!r}")
        return value
    if types[setting] is str:
        if not isinstance(value, str):
            raise WorkspaceError(f"{where}: {setting} must be text, not {value!r}")
        return value
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WorkspaceError(f"{where}: {setting} must be a list of names, not {value!r}")
    if any(item.startswith("-") or not item.isprintable() or " " in item for item in value):
        raise WorkspaceError(f"{where}: {setting} holds something that is no name: {value!r}")
    return tuple(value)
