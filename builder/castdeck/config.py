"""castdeck.toml as one typed value. To add a setting: add a field here, and a line to docs/settings.md."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from castdeck.codes import Code
from castdeck.settings_file import read_settings

DEFAULT_TIMEOUT = 120.0
DEFAULT_COLS, DEFAULT_ROWS = 100, 24
DEFAULT_CHECKPOINTS = 10.0

_Size = Annotated[int, msgspec.Meta(ge=1, le=1000)]
_LARGEST = 1e6  # no infinity
_Seconds = Annotated[float, msgspec.Meta(gt=0, le=_LARGEST)]
_NotNegative = Annotated[float, msgspec.Meta(ge=0, le=_LARGEST)]


class TerminalSize(msgspec.Struct, frozen=True, kw_only=True):
    """`[terminal]`: the size of terminals, in columns and rows."""

    cols: _Size = DEFAULT_COLS
    rows: _Size = DEFAULT_ROWS


class PaceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`[pace]`: how recordings are shown, see cast/perform.py. None means not set."""

    key: _NotNegative | None = None
    key_spread: _NotNegative | None = None
    before: _NotNegative | None = None
    enter: _NotNegative | None = None
    typing: _NotNegative | None = None
    read: _NotNegative | None = None
    longest_read: _NotNegative | None = None
    idle: _NotNegative | None = None
    longest: _NotNegative | None = None
    speed: Annotated[float, msgspec.Meta(ge=0.01, le=_LARGEST)] | None = None

    def given(self) -> dict[str, float]:
        """The values that are set."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}


class VerifyRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of `[[verify.rules]]`: a regular expression and its replacement."""

    match: str
    with_: str = msgspec.field(name="with")


class Verify(msgspec.Struct, frozen=True, kw_only=True):
    """`[verify]`: differences from a recording to ignore."""

    rules: tuple[VerifyRule, ...] = ()


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """castdeck.toml. The tables in `machine` are parsed by the kinds of machine, see machine/kinds.py."""

    default_machine: str = ""
    machine: Mapping[str, dict[str, object]] = {}
    terminal: TerminalSize = TerminalSize()
    timeout: _Seconds = DEFAULT_TIMEOUT
    theme: str = ""
    shell: str = ""
    checkpoints: _NotNegative = DEFAULT_CHECKPOINTS
    secrets: tuple[str, ...] | str = ()
    pace: PaceSettings = PaceSettings()
    verify: Verify = Verify()
    ignore: frozenset[Code] = frozenset()


def read_config(path: Path) -> Config:
    """Read castdeck.toml. Raises SettingsError."""
    return read_settings(path, Config)
