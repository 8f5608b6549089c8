"""Reads a TOML file into a frozen msgspec struct. Unknown keys and wrong types are errors with a line."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TypeVar, get_args, get_origin

import msgspec

from castdeck.codes import Code, Severity
from castdeck.errors import DeckError, WorkspaceError
from castdeck.gate import MOST_SETTINGS, Gate, Refused
from castdeck.problems import Place, Problem
from castdeck.suggest import suggest

_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_HEADER = re.compile(r"\s*(\[\[?[^\[\]]+\]\]?)\s*(?:#.*)?")
_STOPPED_AT = re.compile(r"\(at line (\d+),")

_DEEPEST = 20
_TOO_DEEP = re.compile(rf"""(?m)(?:^|[\[{{,])[ \t]*(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{_DEEPEST}}}""")
_ANOTHER = ("",)  # an empty table
_MOST_TOLD = 25
_LARGEST = 1 << 53

T = TypeVar("T", bound=msgspec.Struct)
Keys = tuple[str, ...]


class SettingsError(WorkspaceError):
    """A settings file is invalid. `problems` has all its errors, by line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._problems = sorted(problems, key=lambda problem: problem.line or 0)
        first = self._problems[0]
        super().__init__(first.message, path=first.path, line=first.line, hint=first.hint, word=first.word)

    @property
    def problems(self) -> Sequence[Problem]:
        """All errors."""
        return self._problems


def read_settings(path: Path, kind: type[T], gate: Gate | None = None) -> T:
    """Read a settings file as a struct of that kind. Raises SettingsError.

    The file must be inside the folder of `gate`; by default, its own folder.
    """
    text = _text(path, gate or Gate(path.parent))
    table = _table(path, text)
    problems = [
        Problem(Code.INVALID_SETTING, Place(path, line_of(keys, text)), message, hint, keys[-1], Severity.ERROR)
        for keys, message, hint in islice(_problems(kind, table, kind, ()), _MOST_TOLD)
    ]
    if problems:
        raise SettingsError(problems)
    return msgspec.convert(table, kind)


def _table(path: Path, text: str) -> dict[str, object]:
    """Parse the file, with a limit on nesting. Raises SettingsError."""
    if too_deep := _TOO_DEEP.search(text):  # tomllib takes minutes for a key of thousands of parts
        line = text.count("\n", 0, too_deep.end()) + 1
        raise _wrong(path, f"more than {_DEEPEST} levels deep", line)
    try:
        table = tomllib.loads(text)
    except RecursionError as error:
        raise _wrong(path, f"more than {_DEEPEST} levels deep", _deepest_line(text)) from error
    except ValueError as error:
        stopped = _STOPPED_AT.search(str(error))
        line = int(stopped[1]) if stopped else text.count("\n") + 1
        raise _wrong(path, f"not valid TOML: {error}", line) from error
    waiting: list[tuple[Keys, object]] = [((), table)]
    while waiting:
        keys, value = waiting.pop()
        if isinstance(value, dict | list):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += (((*keys, str(key)), below) for key, below in items)
        is_out = isinstance(value, int) and abs(value) > _LARGEST
        if is_out or len(keys) > _DEEPEST:
            message = f"a number above {_LARGEST}" if is_out else f"more than {_DEEPEST} levels deep"
            raise _wrong(path, f"{keys[0]}: {message}", line_of(keys, text) or _deepest_line(text))
    return table


def _deepest_line(text: str) -> int:
    levels = [sum(map(line.count, "[{.")) for line in text.split("\n")]
    return levels.index(max(levels)) + 1


def line_of(keys: Keys, text: str) -> int | None:
    """The line (from 1) that sets the value at `keys`, or else begins the table it belongs to."""
    here: Keys = ()
    best, found = 0, None
    for number, line in enumerate(text.split("\n"), 1):
        if not any(key in line for key in keys):
            here = _ANOTHER if _HEADER.fullmatch(line) else here
            continue
        if header := _HEADER.fullmatch(line):
            here = full = _keys(header[1])
        elif key := _KEY.match(line):
            full = (*here, *_keys(f"{key[1]} = 0"))
        else:
            continue
        if len(full) > best and keys[: len(full)] == full:
            best, found = len(full), number
    return found


def _text(path: Path, gate: Gate) -> str:
    try:
        return gate.read_text(path, private=True, most=MOST_SETTINGS)
    except Refused as error:
        raise _wrong(path, f"{path.name} {error}", None) from error
    except DeckError as error:
        raise _wrong(path, error.problem.message, error.problem.line, error.problem.hint) from error


def _wrong(path: Path, message: str, line: int | None, hint: str = "") -> SettingsError:
    return SettingsError([Problem(Code.INVALID_SETTING, Place(path, line), message, hint, weight=Severity.ERROR)])


def _problems(
    kind: type[msgspec.Struct], table: Mapping[str, object], top: type[msgspec.Struct], above: Keys
) -> Iterator[tuple[Keys, str, str]]:
    """Yield keys, what is wrong with their value, and a hint."""
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    for name, value in table.items():
        keys = (*above, name)
        if name not in fields:
            yield keys, f"unknown setting {'.'.join(keys)!r}", _elsewhere(name, above, top) or suggest(name, fields)
        elif _is_struct(fields[name]) and isinstance(value, dict):
            yield from _problems(fields[name], value, top, keys)
        elif isinstance(value, list) and (words := _words(fields[name], value)):
            for word in value:
                if word not in words:
                    yield keys, f"{'.'.join(keys)}: unknown {word!r}", suggest(word, words)
        else:
            try:
                msgspec.convert(value, fields[name])
            except msgspec.ValidationError as error:
                yield keys, f"{'.'.join(keys)} = {_short(value)}: {_lowered(str(error))}", ""


def _elsewhere(name: str, above: Keys, top: type[msgspec.Struct]) -> str:
    """Where a setting in the wrong table belongs; "" if it is unknown everywhere."""
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(top)}
    if above and name in fields:
        return f"{name} stands at the top of the file, above the first [table]"
    for table, kind in fields.items():
        if _is_struct(kind) and name in {field.encode_name for field in msgspec.structs.fields(kind)}:
            return f"{name} stands under [{table}]"
    return ""


def _words(kind: object, value: object) -> list[str]:
    """The allowed words of a list; empty unless it is a list of enum values."""
    members = get_args(kind)[0] if get_origin(kind) is frozenset else None
    is_list = isinstance(value, list) and all(isinstance(word, str) for word in value)
    return list(members) if is_list and isinstance(members, type) and issubclass(members, StrEnum) else []


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _keys(toml: str) -> Keys:
    """The keys in a header or an assignment."""
    try:
        value: object = tomllib.loads(toml)
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while isinstance(value, dict | list) and value:
        if isinstance(value, list):
            value = value[0]
            continue
        ((name, value),) = value.items()
        keys.append(name)
    return tuple(keys)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
