"""The versions of the programs that make a recording."""

import subprocess
from functools import lru_cache
from importlib.metadata import version

from castdeck.machine.qemu import emulator


@lru_cache(maxsize=1)
def tool_versions() -> dict[str, str]:
    """Each program's version, by its name."""
    done = subprocess.run([emulator(), "--version"], capture_output=True, text=True, check=False)
    words = done.stdout.split()
    found = {name: version(name) for name in ("castdeck", "asciinema", "asciinema-automation")}
    return found | {"qemu": words[words.index("version") + 1] if "version" in words else "unknown"}
