"""GitHub's workflow commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""

import os
import re

_COMMAND = re.compile(r"^(\s*)(?=::|##\[)", re.MULTILINE)


def annotation(severity: str, message: str, **properties: object) -> str:
    """One annotation, an "error" or a "warning"; a property that is None or empty is left out."""
    given = ",".join(f"{name}={_in_property(str(value))}" for name, value in properties.items() if value)
    return f"::{severity} {given}::{_escaped(message)}"


def without_commands(text: str) -> str:
    """In GitHub Actions, the text with no line that is a workflow command, which may stand behind blanks.

    Else what a machine printed could hide castdeck's own annotations (`::stop-commands::`), or add others.
    """
    return _COMMAND.sub(r"\1| ", text) if os.environ.get("GITHUB_ACTIONS") else text


def _in_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
