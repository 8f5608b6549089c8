"""Reads and validates the values of a `[machine.NAME]` table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from castdeck.errors import DeckError, WorkspaceError
from castdeck.gate import CONFIG, MOST_SETTINGS, Gate, Refused
from castdeck.settings_file import line_of
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
    settings: Mapping[str, object] = field(default_factory=dict)
    folder: Path | None = None
    parent: "Definition | None" = None

    def wrong(self, what: str, hint: str = "", setting: str = "") -> WorkspaceError:
        """An error about this table, at the line of the setting (the first word of `what`), or of the table itself."""
        path = self.folder / CONFIG if self.folder else None
        line = self._line(path, setting or what.split()[0].rstrip(":")) if path else None
        message = f"[machine.{self.name}]: {what}" if line else f"castdeck.toml, [machine.{self.name}]: {what}"
        return WorkspaceError(message, path=path if line else None, line=line, hint=hint)

    def _line(self, path: Path, setting: str) -> int | None:
        try:
            text = Gate(path.parent).read_text(path, private=True, most=MOST_SETTINGS)
        except (Refused, DeckError):
            return None
        return line_of(("machine", self.name, setting), text)

    def only(self, *settings: str) -> None:
        """Raises WorkspaceError for any other setting."""
        for setting in self.settings:
            if setting not in settings:
                raise self.wrong(f"unknown setting {setting!r}", suggest(setting, settings), setting)

    def number(self, setting: str, default: int, limits: range, unit: str = "") -> int:
        """An integer within `limits`, which are `unit`s in messages. Raises WorkspaceError."""
        value = self.settings.get(setting, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(f"{setting} must be a whole number, not {value!r}")
        if value not in limits:
            hint = f"{setting} = {default if default in limits else limits[0]}, say"
            message = f"{setting} must be from {limits[0]} to {limits[-1]}{unit and ' '}{unit}, not {value}"
            raise self.wrong(message, hint)
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
        """A list of names without blanks, which can't be mistaken for options. Raises WorkspaceError."""
        value = self.settings.get(setting, [])
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self.wrong(f"{setting} must be a list of names, not {value!r}")
        if any(not item or item.startswith("-") or not item.isprintable() or " " in item for item in value):
            raise self.wrong(f"{setting} contains an invalid name: {value!r}")
        return tuple(value)
