"""The settings for recording a deck, from its front matter and castdeck.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from castdeck.codes import Code
from castdeck.deck.model import Deck
from castdeck.errors import WorkspaceError
from castdeck.machine.kinds import DEFAULT_MACHINE, find_definition
from castdeck.machine.protocol import Definition
from castdeck.record.languages.language import ReplLanguage
from castdeck.record.languages.shells import BASH, SESSION_SHELLS
from castdeck.record.secrets import find_secrets
from castdeck.suggest import suggest
from castdeck.workspace import Workspace, cache_folder

_GIB = 1 << 30
_POWERSHELL = ("pwsh", "powershell")


@dataclass(frozen=True)
class TerminalSettings:
    """The size of the terminal in columns and rows, and the seconds that one command may take."""

    cols: int
    rows: int
    timeout: float


@dataclass(frozen=True)
class Settings:
    """The machine's definition, its identity (which tells its shell too), the terminal, and the cache folder.

    `secrets` are values by name, `missing_secrets` the names without a value; `checkpoint_room` is in bytes,
    `shell_name` names what the blocks are typed into.
    """

    definition: Definition
    machine: str
    terminal: TerminalSettings
    cache: Path
    secrets: Mapping[str, str]
    missing_secrets: tuple[str, ...]
    checkpoint_room: int
    shell_name: str = BASH.name

    @property
    def shell(self) -> ReplLanguage:
        """What the blocks are typed into."""
        return SESSION_SHELLS[self.shell_name]

    @property
    def has_internet(self) -> bool:
        """Whether the machine has internet access."""
        return self.definition.network == "internet"


def settings_of(deck: Deck, workspace: Workspace) -> Settings:
    """The settings for a deck. Raises WorkspaceError if they are invalid."""
    config = workspace.config
    name = str(deck.settings.get("machine") or config.default_machine or DEFAULT_MACHINE)
    definition = find_definition(name, config.machine, workspace.root)
    shell = session_shell(str(deck.settings.get("shell") or config.shell or BASH.name), deck.path)
    secrets = find_secrets(deck, workspace)
    return Settings(
        definition=definition,
        machine=_with_shell(definition.identity, shell),
        terminal=TerminalSettings(config.terminal.cols, config.terminal.rows, config.timeout),
        cache=cache_folder(),
        secrets={name: value for name, value in secrets.items() if value},
        missing_secrets=tuple(name for name, value in secrets.items() if not value),
        checkpoint_room=int(config.checkpoints * _GIB),
        shell_name=shell.name,
    )


def session_shell(name: str, path: Path) -> ReplLanguage:
    """The shell of that name. Raises WorkspaceError for another one."""
    found = SESSION_SHELLS.get(name)
    if found is None:
        hint = suggest(name, SESSION_SHELLS, f"it can be {', '.join(SESSION_SHELLS)}")
        if name in _POWERSHELL:
            hint = "a bash block can run single commands: pwsh -Command '...'"
        message = f"shell: castdeck can't type into {name!r}"
        raise WorkspaceError(message, path=path, hint=hint, code=Code.INVALID_SETTING, word="shell:")
    return found


def _with_shell(identity: str, shell: ReplLanguage) -> str:
    name, dash, digits = identity.rpartition("-")
    return identity if shell is BASH else f"{name}+{shell.name}{dash}{digits}"
