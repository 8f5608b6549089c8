"""The shell code that makes bash mark its prompts and commands: what a machine's shell reads last when it starts."""

import shlex
from importlib.resources import files

ROOT_SHELL = "__castdeck_root"
_INHERITED = "export -f __castdeck_prompt\nexport PROMPT_COMMAND PS0 PS2 HISTFILE\n"


def _text(name: str) -> str:
    return files("castdeck.machine").joinpath(name).read_text(encoding="utf-8")


MARKS = _text("marks.sh")


def marking_shell(prompt: str = "") -> list[str]:
    """The command that runs marking shells in its terminal, one after another, on a machine not prepared for it.

    It leaves nothing behind: all that the shells read comes as an argument. `prompt` replaces the user's own. In these
    shells ROOT_SHELL gives root's.
    """
    startup = _text("startup.sh") + (f"PS1={shlex.quote(prompt)}\n" if prompt else "")
    for_root = f"[ -r ~/.bashrc ] && . ~/.bashrc\n{MARKS}"
    body = f"{startup}__castdeck_for_root={shlex.quote(for_root)}\n{MARKS}{_INHERITED}"
    return ["bash", "-c", _text("shell.sh"), "bash", body]
