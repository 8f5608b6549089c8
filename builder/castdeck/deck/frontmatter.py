"""Front matter: a `---` block at the beginning, if it is a YAML mapping. Otherwise that `---` is a separator."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from castdeck.codes import Code
from castdeck.deck.loose_yaml import with_loose_values
from castdeck.deck.properties import REMARKS
from castdeck.deck.strict_yaml import YamlError, load_yaml
from castdeck.deck.yaml_block import holds_text
from castdeck.errors import DeckError

_BLOCK = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
"""Hugo's TOML delimiter, used by reveal-hugo decks."""
_OF_MARP = re.compile(r"^marp[ \t]*:", re.MULTILINE)
_LIKE_A_MAPPING = re.compile(r"\s*(?:#[^\n]*\n\s*)*[\w-]+[ \t]*:(?:\s|\Z)")


def read_front_matter(text: str, path: Path) -> tuple[Mapping[str, object], str]:
    """Split off front matter: its mapping, and the text with those lines blank, so that line numbers stay the same.

    Raises DeckError, with the line, for a block that looks like a mapping but is not valid YAML.
    """
    if hugos := _TOML.match(text):
        try:
            return tomllib.loads(hugos[1]), "\n" * hugos[0].count("\n") + text[hugos.end() :]
        except tomllib.TOMLDecodeError:
            return {}, text
    found = _BLOCK.match(text)
    if not found or _is_a_slide(found[1]):
        return {}, text
    try:
        value = load_yaml(with_loose_values(found[1]) if _OF_MARP.search(found[1]) else found[1])
    except YamlError as error:
        is_like_one = bool(_LIKE_A_MAPPING.match(found[1]))
        if not (is_like_one or _OF_MARP.search(found[1])) or _begins_with_property(found[1]):
            return {}, text
        raise DeckError(
            f"the front matter is not valid YAML: {error}",
            path=path,
            line=error.line + 2,
            hint="put texts with a colon in quotes" if is_like_one else "remove the lines that are not `name: value`",
            code=Code.INVALID_FRONT_MATTER,
        ) from error
    if not isinstance(value, dict):
        return {}, text
    return {str(key): value[key] for key in value}, "\n" * found[0].count("\n") + text[found.end() :]


def _is_a_slide(block: str) -> bool:
    """Whether the block is in fact the first slide, perhaps with properties above its text."""
    return holds_text(block, is_front_matter=not _begins_with_property(block))


def _begins_with_property(block: str) -> bool:
    return block.partition(":")[0].strip() in REMARKS
