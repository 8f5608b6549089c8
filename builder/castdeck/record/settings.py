"""The settings for recording a deck, from its front matter and castdeck.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from castdeck.deck.model import Deck
from castdeck.machine.kinds import DEFAULT_MACHINE, find_definition
from castdeck.machine.protocol import Definition
from castdeck.record.secrets import find_secrets
from castdeck.workspace import Workspace, cache_folder

_GIB = 1 << 30


@dataclass(frozen=True)
class TerminalSettings:
    """The size of the terminal in columns and rows, and the seconds that one command may take."""

    cols: int
    rows: int
    timeout: float


@dataclass(frozen=True)
class Settings:
    """The machine's definition and identity, the terminal, and the cache folder.

    `secrets` are values by name, `missing_secrets` the names without a value; `checkpoint_room` is in bytes.
    """

    definition: Definition
    machine: str
    terminal: TerminalSettings
    cache: Path
    secrets: Mapping[str, str]
    missing_secrets: tuple[str, ...]
    checkpoint_room: int

    @property
    def has_internet(self) -> bool:
        """Whether the machine has internet access."""
        return self.definition.network == "internet"


def settings_of(deck: Deck, workspace: Workspace) -> Settings:
    """The settings for a deck. Raises WorkspaceError if they are invalid."""
    config = workspace.config
    name = str(deck.settings.get("machine") or config.default_machine or DEFAULT_MACHINE)
    definition = find_definition(name, config.machine, workspace.root)
    secrets = find_secrets(deck, workspace)
    return Settings(
        definition=definition,
        machine=definition.identity,
        terminal=TerminalSettings(config.terminal.cols, config.terminal.rows, config.timeout),
        cache=cache_folder(),
        secrets={name: value for name, value in secrets.items() if value},
        missing_secrets=tuple(name for name, value in secrets.items() if not value),
        checkpoint_room=int(config.checkpoints * _GIB),
    )
