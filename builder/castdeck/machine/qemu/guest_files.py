"""castdeck's own files in a guest, depending on whether the disk is made of packages or from an image."""

import io
import shlex
import tarfile
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from castdeck.machine.qemu.definition import MachineDefinition

SETTINGS = "/usr/lib/castdeck/settings"
OF_PACKAGES = (
    "castdeck-terminal.service",
    "customize.sh",
    "docker-daemon.json",
    "docker-registry.yml",
    "login.sh",
)
OF_AN_IMAGE = (
    "adopt.sh",
    "agent.py",
    "customize.sh",
    "image-agent.service",
    "image-terminal.service",
    "login.sh",
    "terminal.py",
)
_AGENT = {
    "/usr/lib/castdeck/agent.py": "agent.py",
    "/etc/systemd/system/qemu-guest-agent.service": "image-agent.service",
}
ADOPT = "/usr/lib/castdeck/adopt"
_ADOPTED = {
    ADOPT: "adopt.sh",
    "/usr/lib/castdeck/terminal.py": "terminal.py",
    "/usr/lib/castdeck/login": "login.sh",
    "/usr/lib/castdeck/customize": "customize.sh",
    "/etc/systemd/system/castdeck-terminal.service": "image-terminal.service",
}


@lru_cache(maxsize=16)
def guest_file(name: str) -> str:
    """The text of a guest file."""
    return files("castdeck.machine.qemu").joinpath("guest", name).read_text(encoding="utf-8")


def settings_file(definition: MachineDefinition) -> str:
    """The settings that the guest files need, as shell variables."""
    settings = {"USER": definition.user, "LOCALE": definition.locale, "PROMPT": definition.prompt}
    return "".join(f"CASTDECK_{name}={shlex.quote(value)}\n" for name, value in settings.items())


def agent_files() -> dict[str, str]:
    """The files of castdeck's agent, by path."""
    return {place: guest_file(name) for place, name in _AGENT.items()}


def adopted_files(definition: MachineDefinition) -> dict[str, str]:
    """The other files for a guest made from an image, by path."""
    own = {place: guest_file(name) for place, name in _ADOPTED.items()}
    return {**own, SETTINGS: settings_file(definition)}


def packed(texts: Mapping[str, str]) -> bytes:
    """A tar of files by path, owned by root; files that begin with #! are executable."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for place, text in texts.items():
            data = text.encode()
            entry = tarfile.TarInfo(place.removeprefix("/"))
            entry.size, entry.mode = len(data), 0o755 if text.startswith("#!") else 0o644
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
