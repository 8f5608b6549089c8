"""How a booted guest is told of its network card, its name server and Debian's packages."""

from importlib.resources import files


def network_script() -> str:
    """What root runs in it, once, before it is frozen. Its addresses are libslirp's, as in the boundary."""
    return files("castdeck.machine.qemu").joinpath("network.sh").read_text(encoding="utf-8")
