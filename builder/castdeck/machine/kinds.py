"""Finds a machine's definition by name: built-in machines, changed by `[machine.NAME]` in castdeck.toml."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from castdeck.errors import WorkspaceError
from castdeck.machine.protocol import Define, Definition
from castdeck.machine.settings import Table
from castdeck.suggest import suggest

KINDS = "castdeck.machines"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
DEFAULT_KIND = "qemu"
DEFAULT_MACHINE = "docker"
_DEEPEST = 20  # levels of `from`
BUILT_IN: dict[str, dict[str, object]] = {
    "debian": {},
    "local": {"kind": "local"},
    "docker": {
        "packages": ["docker.io", "docker-registry", "iptables", "apparmor", "curl", "ca-certificates"],
        "memory": 1024,
        "images": ["debian", "hello-world"],
    },
}


def find_definition(name: str, tables: Mapping[str, object], folder: Path | None = None) -> Definition:
    """The machine called `name`: built in or not, with the settings in `tables[name]` (`[machine.NAME]`).

    `folder` contains castdeck.toml. Raises WorkspaceError for an invalid name, kind, setting or value.
    """
    return _find(name, tables, folder, ())


def _find(name: str, tables: Mapping[str, object], folder: Path | None, children: tuple[str, ...]) -> Definition:
    if name not in BUILT_IN and name not in tables:
        raise WorkspaceError(f"there is no machine called {name!r}", hint=suggest(name, {*BUILT_IN, *tables}))
    own = tables.get(name, {})
    if not isinstance(own, Mapping):
        raise WorkspaceError(f"castdeck.toml: [machine.{name}] must be a table, not {own!r}")
    table = Table(name, own, folder)
    if not _NAME.fullmatch(name):
        raise table.wrong("the name of a machine may contain only letters, digits, - and _")
    built_in = BUILT_IN.get(name, {})
    kind = table.text("kind", str(built_in.get("kind", DEFAULT_KIND)))
    parent = table.text("from")
    inherited = built_in if kind == built_in.get("kind", DEFAULT_KIND) and not parent else {}
    settings = {key: value for key, value in {**inherited, **own}.items() if key not in ("kind", "from")}
    if parent in (*children, name):
        raise table.wrong(f"`from` leads back to it: {' -> '.join((*children, name, parent))}")
    if len(children) > _DEEPEST:
        raise table.wrong(f"more than {_DEEPEST} machines in a chain of `from`")
    made_from = _find(parent, tables, folder, (*children, name)) if parent else None
    return _kind(kind, table)(Table(name, settings, folder, made_from))


def _kind(kind: str, table: Table) -> Define:
    registered = kinds()
    if kind not in registered:
        raise table.wrong(f"there is no kind of machine {kind!r}", suggest(kind, registered))
    try:
        define: Define = registered[kind].load()
    except (ImportError, AttributeError) as error:
        raise table.wrong(f"the kind of machine {kind!r} can't be loaded: {error}") from error
    return define


@lru_cache(maxsize=1)
def kinds() -> dict[str, EntryPoint]:
    """The installed kinds of machines, by their name in castdeck.toml."""
    return {point.name: point for point in entry_points(group=KINDS)}
