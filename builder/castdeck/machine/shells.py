"""The shells on the terminal of a machine that castdeck did not make."""

from importlib.resources import files


def shells(prompt: str = "") -> list[str]:
    """The command that runs bash in its terminal again and again; `prompt` replaces the user's own.

    It leaves nothing behind: all that it needs comes as an argument.
    """
    script = files("castdeck.machine").joinpath("shell.sh").read_text(encoding="utf-8")
    return ["bash", "-c", script, "bash", prompt]
