"""Configures a booted guest's network card, name server and package sources."""

from importlib.resources import files


def network_script() -> str:
    """The script to run as root, once, before the snapshot. Addresses are libslirp's, as in boundary.py."""
    return files("castdeck.machine.qemu").joinpath("network.sh").read_text(encoding="utf-8")
