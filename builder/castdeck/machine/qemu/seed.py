"""The seed disk that configures an image's cloud-init (data source NoCloud).

https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html
"""

import base64
import io
import json
from pathlib import Path

import pycdlib

from castdeck.machine.qemu.guest_files import agent_files

_LABEL = "cidata"
_START = [["systemctl", "daemon-reload"], ["systemctl", "restart", "qemu-guest-agent.service"]]


def write_seed(path: Path, instance: str) -> None:
    """Write the disk to `path`. As its last step, cloud-init starts castdeck's agent.

    `instance` is a new instance id, so that cloud-init runs again.
    """
    meta = json.dumps({"instance-id": instance, "local-hostname": "debian"})
    disk = pycdlib.PyCdlib()
    disk.new(vol_ident=_LABEL, rock_ridge="1.09", joliet=3)
    for name, text in (("user-data", _user_data()), ("meta-data", meta)):
        data = text.encode()
        short = name.replace("-", "_").upper()[:8]
        disk.add_fp(io.BytesIO(data), len(data), f"/{short}.;1", rr_name=name, joliet_path=f"/{name}")
    with path.open("wb") as file:
        disk.write_fp(file)
    disk.close()


def _user_data() -> str:
    """The user data: the agent's files, and no user, locale or package source by cloud-init. JSON is valid YAML."""
    config = {
        "users": [],
        "locale": False,
        "ssh_genkeytypes": ["ed25519"],
        "apt": {"preserve_sources_list": True},
        "write_files": [
            {"path": place, "encoding": "b64", "content": base64.b64encode(text.encode()).decode()}
            for place, text in agent_files().items()
        ],
        "runcmd": _START,
    }
    return f"#cloud-config\n{json.dumps(config)}\n"
