"""GitHub's workflow commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""


def annotation(severity: str, message: str, **properties: object) -> str:
    """One annotation, an "error" or a "warning"; a property that is None or empty is left out."""
    given = ",".join(f"{name}={_in_property(str(value))}" for name, value in properties.items() if value)
    return f"::{severity} {given}::{_escaped(message)}"


def _in_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
