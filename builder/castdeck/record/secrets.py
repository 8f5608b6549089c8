"""Secrets: values that blocks use by name, and that never appear in a cast.

A deck names them (`secrets: [API_TOKEN]`, or the same in castdeck.toml); their values come from the environment, or
from a `.env` file beside castdeck.toml that git doesn't keep.
"""

import os
import re
import shlex
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Event
from castdeck.deck.model import Deck
from castdeck.errors import WorkspaceError
from castdeck.gate import MOST_SETTINGS, Gate, Refused
from castdeck.record.redact import redacted, redacted_parts, secret_forms, tells
from castdeck.workspace import Workspace

_NAME = re.compile(r"[A-Za-z_]\w*")
_MOST_INDEX = 64 << 20
_LONGEST_PATH = 4096
_SHORTEST = 6
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\r\n\x08]| (?=\r)")
_SHAPES = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})"),
    "a GitLab token": re.compile(r"\bglpat-[\w-]{20,}"),
    "a Slack token": re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    "a Google API key": re.compile(r"\bAIza[\w-]{35}"),
    "a Docker Hub token": re.compile(r"\bdckr_pat_[\w-]{20,}"),
    "an npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "a PyPI token": re.compile(r"\bpypi-[\w-]{50,}"),
    "an API key": re.compile(r"\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{32,}"),
    "a JSON web token": re.compile(r"\beyJ[\w-]{10,300}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
}


def find_secrets(deck: Deck, workspace: Workspace) -> dict[str, str]:
    """The secrets named by a deck or its workspace, with their values; "" if a value is missing.

    Raises WorkspaceError for an invalid list of names, a value that can't be masked, and a `.env` tracked by git.
    """
    names = [*_names(deck.settings.get("secrets", [])), *_names(workspace.config.secrets)]
    if not names:
        return {}
    known = {**_read_env(workspace.root / ".env" if workspace.root else None), **os.environ}
    secrets = {name: known.get(name, "") for name in names}
    for name, value in secrets.items():
        if value and (len(value) < _SHORTEST or "\n" in value):
            raise WorkspaceError(
                f"the secret {name} can't be hidden in casts: it needs {_SHORTEST} characters, in one line"
            )
    return secrets


def _names(value: object) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    names = [name for name in values if isinstance(name, str) and _NAME.fullmatch(name)]
    if len(names) < len(values):
        raise WorkspaceError(f"secrets is a list of names of variables, not {value!r}")
    return names


def _read_env(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    if _is_kept_by_git(path):
        hint = "git rm --cached .env, put .env into .gitignore, and change the secrets: they are no longer secret"
        raise WorkspaceError("this file is in git, so its values are not secret", path=path, hint=hint)
    found: dict[str, str] = {}
    for number, line in enumerate(_env_text(path).splitlines(), 1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        try:
            words = shlex.split(value, comments=True)
        except ValueError:
            words = [""] * 2
        if not equals or not _NAME.fullmatch(name.strip()) or len(words) > 1:
            raise WorkspaceError("not NAME=value", path=path, line=number, hint="quote a value that contains spaces")
        found[name.strip()] = words[0] if words else ""
    return found


def _env_text(path: Path) -> str:
    try:
        return Gate(path.parent).read_text(path, private=True, most=MOST_SETTINGS)
    except Refused as error:
        raise WorkspaceError(f"{path.name} {error}", path=path) from error


def _is_kept_by_git(path: Path) -> bool:
    """Whether the file is tracked by git. git itself is not run, since an untrusted configuration can make it run
    programs.

    Raises WorkspaceError if the index can't be read.
    """
    from dulwich.index import read_index  # imported here, since only decks with secrets need it

    path = path.absolute()
    for folder in path.parents:
        git = folder / ".git"
        if git.is_file():
            git = folder / _env_text(git).removeprefix("gitdir:").strip()
        if not git.is_dir():
            continue
        if not (git / "index").is_file():
            return False
        if (git / "index").stat().st_size > _MOST_INDEX:
            raise WorkspaceError("git's index is too large to be read", path=git / "index")
        wanted = path.relative_to(folder).as_posix().encode()
        try:
            with (git / "index").open("rb") as index:
                return any(_has_name(entry.name, wanted) for entry in read_index(index))
        except Exception as error:  # whatever is wrong with a foreign file
            hint = "git status tells more; without a repository nothing is asked"
            raise WorkspaceError(f"git's index can't be read: {error}", path=git / "index", hint=hint) from error
    return False


def _has_name(name: bytes, wanted: bytes) -> bool:
    """Raises ValueError for a name that no file can have: in version 4 each continues another, without limit."""
    if len(name) > _LONGEST_PATH:
        raise ValueError("a name is too long")
    return name == wanted


def exports(secrets: Mapping[str, str], export: Callable[[str, str], str]) -> str:
    """A script that exports the secrets; `export` makes its lines."""
    return "".join(f"{export(name, value)}\n" for name, value in secrets.items())


def masked(session: RecordedSession, secrets: Mapping[str, str]) -> RecordedSession:
    """Replace every form of every secret in the session by MASK, including in prompts."""
    forms = secret_forms(secrets.values())
    if not forms:
        return session
    commands = tuple(
        replace(
            command,
            prompt=redacted(command.prompt, forms),
            typed=tuple(redacted_parts(command.typed, forms)),
            output=_masked_events(command.output, forms),
        )
        for command in session.commands
    )
    return RecordedSession(commands, redacted(session.prompt, forms))


def _masked_events(events: tuple[Event, ...], forms: Collection[str]) -> tuple[Event, ...]:
    texts = redacted_parts([event.data for event in events], forms)
    return tuple(event._replace(data=text) for event, text in zip(events, texts, strict=True))


def without_secrets(text: str, secrets: Mapping[str, str]) -> str:
    """Replace every secret's value in a text by MASK."""
    return redacted(text, secret_forms(secrets.values()))


def what_leaks(command: RecordedCommand, secrets: Mapping[str, str], with_shapes: bool = True) -> str:
    """Describe what a command reveals: a secret's value, or text that looks like a key; "" if nothing.

    Escape codes and line ends are ignored.
    """
    texts = [command.prompt, "".join(command.typed), "".join(event.data for event in command.output)]
    for name, value in secrets.items():
        if any(tells(text, [value]) for text in texts):
            return f"the value of {name}"
    texts += [_ESCAPE.sub("", text) for text in texts]
    shapes = _SHAPES if with_shapes else {}
    return next((what for what, shape in shapes.items() if any(map(shape.search, texts))), "")
