"""Blocks that only set variables: commands if another block uses one of them, else the listing of a settings file."""

import re
from collections.abc import Sequence
from dataclasses import replace

from castdeck.deck.bash import Script
from castdeck.deck.model import Block, Slide
from castdeck.deck.skip import Reason

_SETTING = re.compile(r"([A-Z][A-Z0-9_]*)=[^\s$`;|<>]*")
_USE = re.compile(r"(?<![\w#])[A-Z][A-Z0-9_]*\b(?!=)")
_AT_LEAST = 2


def listed_settings(script: Script) -> tuple[str, ...]:
    """The names, if the code is nothing but settings such as `DB_HOST=localhost`, in capitals and without variables."""
    rows = [row.strip() for row in script.bare.split("\n") if row.strip()]
    found = [_SETTING.fullmatch(row) for row in rows]
    return tuple(one[1] for one in found if one) if len(rows) >= _AT_LEAST and all(found) else ()


def run_where_used(slides: Sequence[Slide]) -> tuple[Slide, ...]:
    """The slides, with the blocks run that set variables for other ones."""
    blocks = [block for slide in slides for block in slide.blocks]
    if not any(map(_is_listed, blocks)):
        return tuple(slides)
    used = {word for block in blocks for word in _USE.findall(block.shown)}

    def judged(block: Block) -> Block:
        return replace(block, skip=None) if _is_listed(block) and not used.isdisjoint(_names(block)) else block

    return tuple(replace(slide, blocks=tuple(map(judged, slide.blocks))) for slide in slides)


def _is_listed(block: Block) -> bool:
    return block.skip is not None and block.skip.reason is Reason.SETTINGS


def _names(block: Block) -> set[str]:
    found = (_SETTING.match(line.text.strip()) for line in block.lines)
    return {one[1] for one in found if one}
