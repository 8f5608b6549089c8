"""The versions of the programs used for recording."""

from functools import lru_cache
from importlib.metadata import version

from castdeck.machine.protocol import Definition


def tool_versions(definition: Definition) -> dict[str, str]:
    """Versions by program, including those that the machine depends on."""
    return {**_own(), **definition.versions()}


@lru_cache(maxsize=1)
def _own() -> dict[str, str]:
    return {name: version(name) for name in ("castdeck", "asciinema", "asciinema-automation")}
