"""Shells for machines that castdeck did not build."""

from importlib.resources import files


def shells(prompt: str = "") -> list[str]:
    """The command that runs bash in its terminal, and restarts it whenever it ends; `prompt` replaces the user's.

    It leaves nothing behind on the machine: everything is passed as an argument.
    """
    script = files("castdeck.machine").joinpath("shell.sh").read_text(encoding="utf-8")
    return ["bash", "-c", script, "bash", prompt]
