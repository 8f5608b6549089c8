"""Reads and validates the values of a `[machine.NAME]` table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from castdeck.errors import WorkspaceError
from castdeck.suggest import suggest

if TYPE_CHECKING:
    from castdeck.machine.protocol import Definition


@dataclass(frozen=True)
class Table:
    """The table of the machine `name` in castdeck.toml.

    `folder` contains castdeck.toml, and paths are relative to it; None without a workspace. `parent` is the machine
    named by `from`.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None
    parent: "Definition | None" = None

    def wrong(self, what: str, hint: str = "") -> WorkspaceError:
        """An error about this table."""
        return WorkspaceError(f"castdeck.toml, [machine.{self.name}]: {what}", hint=hint)

    def only(self, *settings: str) -> None:
        """Raises WorkspaceError for any other setting."""
        for setting in self.settings:
            if setting not in settings:
                raise self.wrong(f"unknown setting {setting!r}", suggest(setting, settings))

    def number(self, setting: str, default: int) -> int:
        """A positive integer. Raises WorkspaceError."""
        value = self.settings.get(setting, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(f"{setting} must be a whole number above 0, not {value!r}")
        return value

    def text(self, setting: str, default: str = "") -> str:
        """Any text. Raises WorkspaceError."""
        value = self.settings.get(setting, default)
        if not isinstance(value, str):
            raise self.wrong(f"{setting} must be text, not {value!r}")
        return value

    def choice(self, setting: str, choices: tuple[str, ...], default: str) -> str:
        """One of the choices. Raises WorkspaceError."""
        value = self.text(setting, default)
        if value not in choices:
            raise self.wrong(f"{setting} must be {' or '.join(map(repr, choices))}, not {value!r}")
        return value

    def names(self, setting: str) -> tuple[str, ...]:
        """A list of names, without blanks, and not mistakable for options. Raises WorkspaceError."""
        value = self.settings.get(setting, [])
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self.wrong(f"{setting} must be a list of names, not {value!r}")
        if any(not item or item.startswith("-") or not item.isprintable() or " " in item for item in value):
            raise self.wrong(f"{setting} holds something that is no name: {value!r}")
        return tuple(value)
